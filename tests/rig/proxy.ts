/**
 * A TCP proxy on 127.0.0.1 that does to connections what networks do: cut, delay, half-close, refuse, hold back. What
 * it is told holds for connections that are open and for those that come.
 */

import { once } from 'node:events'
import { createConnection, createServer, type Server, type Socket } from 'node:net'

export interface Delays {
  readonly toServerMs: number
  readonly toClientMs: number
}

export interface TcpProxy {
  readonly port: number
  /** `url` with this proxy in the place of its host and port. */
  readonly through: (url: string) => string
  /** How many connections are open. */
  readonly open: () => number
  /** Ends connections by RST, all or those that `chooses` says yes to; returns how many. */
  readonly cut: (chooses?: () => boolean) => number
  readonly delay: (delays: Partial<Delays>) => void
  /** Tells the servers that their clients have nothing more to say; answers still pass. Returns how many. */
  readonly halfClose: () => number
  /** New connections are refused until `accept`. */
  readonly refuse: () => Promise<void>
  readonly accept: () => Promise<void>
  /** Holds every byte back until `resume`; connections stay open, and new ones open. */
  readonly stop: () => void
  readonly resume: () => void
  /** No fault is left; connections that are open go on. */
  readonly heal: () => Promise<void>
  readonly close: () => Promise<void>
}

export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  const road = { toServerMs: 0, toClientMs: 0, isStopped: false }
  const listen = async (at: number) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
      join(client, { targetPort, road, pairs }),
    ).listen(at, '127.0.0.1')
    await once(server, 'listening')
    return server
  }
  let listener = await listen(0)
  const port = portOf(listener)
  const cut = (chooses = () => true) => {
    const chosen = [...pairs].filter(chooses)
    for (const pair of chosen) pair.reset()
    return chosen.length
  }
  const accept = async () => {
    if (!listener.listening) listener = await listen(port)
  }
  const resume = () => {
    road.isStopped = false
    for (const pair of pairs) pair.pump()
  }

  return {
    port,
    through(url) {
      const changed = new URL(url)
      changed.hostname = '127.0.0.1'
      changed.port = String(port)
      return changed.href
    },
    open: () => pairs.size,
    cut,
    delay: (wanted) => {
      Object.assign(road, wanted)
    },
    halfClose() {
      for (const pair of pairs) pair.server.end()
      return pairs.size
    },
    async refuse() {
      if (listener.listening) listener.close()
    },
    accept,
    stop() {
      road.isStopped = true
    },
    resume,
    async heal() {
      Object.assign(road, { toServerMs: 0, toClientMs: 0 })
      resume()
      await accept()
    },
    async close() {
      if (listener.listening) listener.close()
      cut()
    },
  }
}

interface Pair {
  readonly server: Socket
  readonly pump: () => void
  readonly reset: () => void
}

interface Road extends Delays {
  readonly isStopped: boolean
}

/** Joins a client with a connection of its own to the server, both ways over the road. */
function join(
  client: Socket,
  { targetPort, road, pairs }: { targetPort: number; road: Road; pairs: Set<Pair> },
): void {
  const server = createConnection({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  const ways = [
    way(client, server, { delayMs: () => road.toServerMs, isStopped: () => road.isStopped }),
    way(server, client, { delayMs: () => road.toClientMs, isStopped: () => road.isStopped }),
  ]
  const reset = () => {
    client.resetAndDestroy()
    server.resetAndDestroy()
    pairs.delete(pair)
  }
  const pair: Pair = {
    server,
    reset,
    pump: () => {
      for (const pump of ways) pump()
    },
  }
  pairs.add(pair)
  for (const socket of [client, server]) {
    // What breaks one side breaks the other.
    socket.on('error', reset)
    socket.on('close', () => {
      if (client.destroyed && server.destroyed) pairs.delete(pair)
      else if (socket === client) server.destroy()
    })
  }
}

/** Carries what comes from one socket to the other, in order and late by the delay; returns what makes it go on. */
function way(
  from: Socket,
  to: Socket,
  { delayMs, isStopped }: { readonly delayMs: () => number; readonly isStopped: () => boolean },
): () => void {
  /** A chunk, or null for the end, and when it is due. */
  const waiting: { readonly chunk: Buffer | null; readonly due: number }[] = []
  let timer: NodeJS.Timeout | undefined

  function pump(): void {
    clearTimeout(timer)
    while (!isStopped() && !to.destroyed) {
      const [first] = waiting
      if (first === undefined) return
      const waitMs = first.due - performance.now()
      if (waitMs > 0) {
        timer = setTimeout(pump, waitMs)
        return
      }
      waiting.shift()
      if (first.chunk === null) to.end()
      else if (to.writable) to.write(first.chunk)
    }
  }

  const add = (chunk: Buffer | null) => {
    const last = waiting.at(-1)?.due ?? 0
    waiting.push({ chunk, due: Math.max(last, performance.now() + delayMs()) })
    pump()
  }
  from.on('data', add)
  from.on('end', () => add(null))
  return pump
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return address.port
}
