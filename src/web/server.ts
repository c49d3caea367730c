/** The web over HTTP. Closing lets requests under way finish. */

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { InputError, messageOf } from '../errors.js'
import type { Door } from './track/door.js'

const CLOSE_PATIENCE_MS = 5_000

export interface RunningServer {
  /** `http://127.0.0.1:4321`, with the port that was really taken. */
  readonly url: string
  /** Resolves when the last request is answered, or cut off when that takes too long. */
  close(): Promise<void>
}

/** What answers: the app, and before it whatever is quicker. */
export interface Served {
  readonly app: { readonly fetch: Parameters<typeof getRequestListener>[0] }
  readonly door: Door
}

export interface ServeOptions {
  readonly web: Served
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** What the port is called where it is configured. */
  readonly portVariable?: string
  /** How long requests under way are waited for at the end. */
  readonly patienceMs?: number
}

/** Throws InputError when the port cannot be had. */
export async function serve({
  web,
  host,
  port,
  portVariable = 'PORT',
  patienceMs = CLOSE_PATIENCE_MS,
}: ServeOptions): Promise<RunningServer> {
  const listen = getRequestListener(web.app.fetch)
  const server = createServer((request, response) =>
    web.door(request, response, () => void listen(request, response)),
  )
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    throw new InputError(refusal(error, { host, port, portVariable }), { cause: error })
  }
  // A TCP server that listens has such an address.
  const { port: taken } = server.address() as AddressInfo
  const name = host.includes(':') ? `[${host}]` : host
  return { url: `http://${name}:${taken}`, close: () => closeServer(server, patienceMs) }
}

async function closeServer(server: Server, patienceMs: number): Promise<void> {
  const closed = once(server, 'close')
  // A connection that is done with its request after this does not wait for another.
  server.keepAliveTimeout = 1
  server.close()
  const patience = setTimeout(() => server.closeAllConnections(), patienceMs)
  await closed
  clearTimeout(patience)
}

function refusal(
  error: unknown,
  {
    host,
    port,
    portVariable,
  }: { readonly host: string; readonly port: number; readonly portVariable: string },
): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'EADDRINUSE')
    return `${portVariable}: ${port} on ${host} is taken; end what listens there or name another`
  if (code === 'EACCES') return `${portVariable}: ${port} is not for this user; name one above 1023`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST: ${host} is no address of this machine`
  return `${portVariable}: cannot listen on ${host}:${port}: ${messageOf(error)}`
}
