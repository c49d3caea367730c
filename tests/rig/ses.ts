/**
 * Amazon SES's API on 127.0.0.1, as far as sending goes. What it does to whom is told by the local part of the recipient:
 * refuses-*, later-*, dies-*, silent-*, slow-*, broken-*, down-*, forbidden-*, sender-*.
 */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface TestSes {
  /** Of SMTP_URL, without further options. */
  readonly url: string
  /** How many requests came. */
  asked(): number
  kept(): readonly { readonly from: string; readonly to: string; readonly bytes: Buffer }[]
  stop(): Promise<void>
}

const ERRORS: Readonly<Record<string, readonly [status: number, name: string, message: string]>> = {
  refuses: [400, 'MessageRejected', 'Email address is not verified.'],
  later: [429, 'TooManyRequestsException', 'Maximum sending rate exceeded.'],
  broken: [500, 'InternalServiceErrorException', 'An unknown error.'],
  down: [503, 'ServiceUnavailableException', 'Temporarily down.'],
  forbidden: [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'],
  sender: [400, 'MailFromDomainNotVerifiedException', 'The MAIL FROM domain is not verified.'],
}

export async function startSes(): Promise<TestSes> {
  let asked = 0
  const kept: { from: string; to: string; bytes: Buffer }[] = []
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    asked += 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (request.method === 'GET' && request.url === '/v2/email/account') return say(response, 200, {})
    if (request.method !== 'POST' || request.url !== '/v2/email/outbound-emails')
      return say(response, 404, {}, 'NotFoundException')
    const { FromEmailAddress, Destination, Content } = JSON.parse(Buffer.concat(chunks).toString())
    const to: string = Destination.ToAddresses[0]
    const [manner = ''] = /^[a-z]+/.exec(to) ?? []
    const error = ERRORS[manner]
    if (error !== undefined) return say(response, error[0], { message: error[2] }, error[1])
    kept.push({ from: FromEmailAddress, to, bytes: Buffer.from(Content.Raw.Data, 'base64') })
    if (manner === 'dies') return void response.destroy()
    if (manner === 'silent') return
    if (manner === 'slow') await wait(300)
    say(response, 200, { MessageId: `0100-${kept.length}` })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `ses://key:geheim@eu-central-1?endpoint=http://127.0.0.1:${port}`,
    asked: () => asked,
    kept: () => kept,
    async stop() {
      if (!server.listening) return
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function say(response: ServerResponse, status: number, body: object, error?: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(error === undefined ? {} : { 'x-amzn-errortype': error }),
  })
  response.end(JSON.stringify(body))
}
