/** A proxy that does TLS in front of an engine, as a public URL has one; what it lets through may be changed meanwhile. */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url))

/** For NODE_EXTRA_CA_CERTS. */
export const CERTIFICATE = fixture('self-signed.crt')
export const TLS = {
  key: readFileSync(fixture('self-signed.key'), 'utf8'),
  cert: readFileSync(CERTIFICATE, 'utf8'),
}

/** Answers in the engine's stead; false: the request goes on to it. */
export type Interference = (request: IncomingMessage, response: ServerResponse) => boolean

export interface HttpsProxy {
  /** `https://localhost:8443` */
  readonly url: string
  /** Where requests go: the engine's URL. Without one the answer is 502. */
  target: string | null
  interfere: Interference
  /** In place of the engine's own. */
  headers: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export async function startHttpsProxy(): Promise<HttpsProxy> {
  const server = createServer(TLS, (incoming, response) => {
    if (proxy.interfere(incoming, response)) return
    if (proxy.target === null) {
      response.writeHead(502).end('nobody is there')
      return
    }
    const { method, headers } = incoming
    const onward = request(new URL(incoming.url ?? '/', proxy.target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...proxy.headers })
      answer.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const proxy: HttpsProxy = {
    url: `https://localhost:${port}`,
    target: null,
    interfere: () => false,
    headers: {},
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return proxy
}
