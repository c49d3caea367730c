/** A receiver for two lanes: accepts, or for a while answers one domain with 421; and counts both by the second. */

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface Second {
  accepted: number
  refused: number
}

export interface TwoReceivers {
  readonly port: number
  /** By domain, from the start on; the last second may be incomplete. */
  readonly seconds: ReadonlyMap<string, readonly Second[]>
  close(): Promise<void>
}

export interface TwoReceiversOptions {
  readonly domains: readonly string[]
  /** Answers 421 now? */
  readonly refuses: (domain: string, sinceMs: number) => boolean
  readonly startedAt: () => number
}

export async function startTwoReceivers({
  domains,
  refuses,
  startedAt,
}: TwoReceiversOptions): Promise<TwoReceivers> {
  const seconds = new Map<string, Second[]>(domains.map((domain) => [domain, []]))
  const sockets = new Set<Socket>()

  function count(domain: string, what: keyof Second): void {
    const list = seconds.get(domain)
    const at = Math.floor((performance.now() - startedAt()) / 1_000)
    if (list === undefined) return
    while (list.length <= at) list.push({ accepted: 0, refused: 0 })
    const second = list[at]
    if (second) second[what] += 1
  }

  const server = createServer((socket) => {
    let input = ''
    let isBody = false
    let domain = ''
    sockets.add(socket)
    socket.setEncoding('latin1')
    socket.on('close', () => sockets.delete(socket))
    // An engine that is ended is part of it.
    socket.on('error', () => {})
    socket.write('220 two.test ESMTP\r\n')
    socket.on('data', (chunk: string) => {
      input += chunk
      for (;;) {
        const end = input.indexOf(isBody ? '\r\n.\r\n' : '\r\n')
        if (end === -1) {
          if (isBody) input = input.slice(-4)
          return
        }
        const line = isBody ? '' : input.slice(0, end)
        input = input.slice(end + (isBody ? 5 : 2))
        socket.write(`${isBody ? finish() : answer(line)}\r\n`)
      }
    })

    function finish(): string {
      isBody = false
      count(domain, 'accepted')
      return '250 2.0.0 kept'
    }

    function answer(line: string): string {
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'DATA') {
        isBody = true
        return '354 go ahead'
      }
      if (verb === 'RCPT') {
        domain = /@([^>]+)>/.exec(line)?.[1] ?? ''
        if (refuses(domain, performance.now() - startedAt())) {
          count(domain, 'refused')
          return '421 4.7.0 Try again later'
        }
      }
      if (verb === 'QUIT') setImmediate(() => socket.end())
      return verb === 'EHLO' ? '250 8BITMIME' : '250 2.0.0 ok'
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    seconds,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
