/** Readers who click and load pictures, each over a connection of their own, and remember which requests were answered. */

import { Agent, get, type IncomingMessage } from 'node:http'

export interface Asked {
  /** As it stands in `user_agent` of its Hit. */
  readonly name: string
  readonly path: string
  readonly status: number
  readonly location: string | null
}

export interface Askers {
  /** Whose answer was read to its end, in that order. */
  readonly answered: readonly Asked[]
  /** Requests that went out, answered or not. */
  readonly asked: () => number
  /** Resolves when so many are answered; rejects when all askers have ended before. */
  readonly untilAnswered: (count: number) => Promise<void>
  /** Resolves when the last one has ended: told to, or because the server is gone. */
  readonly stop: () => Promise<void>
}

export interface AskersOptions {
  readonly url: string
  /** What the nth request asks for. */
  readonly pathOf: (number: number) => string
  readonly connections: number
  /** Tells these askers from others. */
  readonly prefix: string
}

export function startAskers({ url, pathOf, connections, prefix }: AskersOptions): Askers {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const answered: Asked[] = []
  const watchers = new Set<() => void>()
  let number = 0
  let isStopped = false

  async function askOn(): Promise<void> {
    while (!isStopped) {
      const name = `${prefix}/${++number}`
      const path = pathOf(number)
      const answer = await ask(`${url}${path}`, { agent, name })
      if (answer === null) return
      answered.push({ name, path, ...answer })
      for (const watch of watchers) watch()
    }
  }

  const ended = Promise.all(Array.from({ length: connections }, askOn)).then(() => agent.destroy())

  return {
    answered,
    asked: () => number,
    async untilAnswered(count) {
      const reached = new Promise<void>((resolve) => {
        const watch = () => {
          if (answered.length >= count) resolve()
        }
        watchers.add(watch)
        watch()
      })
      await Promise.race([reached, ended])
      if (answered.length < count) throw new Error(`${answered.length} were answered, not ${count}`)
    },
    async stop() {
      isStopped = true
      await ended
    },
  }
}

/** Null: there was no whole answer. */
function ask(
  url: string,
  { agent, name }: { readonly agent: Agent; readonly name: string },
): Promise<Pick<Asked, 'status' | 'location'> | null> {
  return new Promise((resolve) => {
    const request = get(url, { agent, headers: { 'user-agent': name } }, (response: IncomingMessage) => {
      const { statusCode: status = 0, headers } = response
      response.resume()
      response.on('end', () => resolve({ status, location: headers.location ?? null }))
      response.on('error', () => resolve(null))
      response.on('close', () => resolve(null))
    })
    request.on('error', () => resolve(null))
  })
}
