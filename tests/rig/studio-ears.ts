/** Listens to a studio as a page does: the server-sent events of `/api/live`. */

import type { LiveEvents } from '../../src/web/studio/api.js'

export interface Ears {
  /** The next event of that name, of those not yet taken, that is as wanted. */
  readonly hear: <K extends keyof LiveEvents>(
    name: K,
    isWanted?: (told: LiveEvents[K]) => boolean,
  ) => Promise<LiveEvents[K]>
  /** Of all that has come, taken or not. */
  readonly count: <K extends keyof LiveEvents>(name: K, isWanted?: (told: LiveEvents[K]) => boolean) => number
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>
  readonly close: () => void
}

interface Told {
  readonly name: string
  readonly data: unknown
}

/** Resolves when the server answers: from then on nothing is missed. */
export async function openEars(url: string, slug: string | null): Promise<Ears> {
  const stop = new AbortController()
  const query = slug === null ? '' : `?slug=${encodeURIComponent(slug)}`
  const { body } = await fetch(`${url}/api/live${query}`, { signal: stop.signal })
  if (body === null) throw new Error('the studio gave no stream')
  const all: Told[] = []
  const open: Told[] = []
  const waiting = new Set<() => void>()
  const ended = readEvents(body, (told) => {
    all.push(told)
    open.push(told)
    for (const wake of waiting) wake()
    waiting.clear()
  })
  return {
    async hear(name, isWanted = () => true) {
      for (;;) {
        // The studio writes what LiveEvents says.
        const at = open.findIndex((told) => told.name === name && isWanted(told.data as never))
        const found = open[at]
        if (found !== undefined) {
          // Those of that name before it are passed over.
          const passed = open.slice(0, at + 1).filter((told) => told.name === name)
          for (const told of passed) open.splice(open.indexOf(told), 1)
          return found.data as never
        }
        await new Promise<void>((resolve) => waiting.add(resolve))
      }
    },
    count: (name, isWanted = () => true) =>
      all.filter((told) => told.name === name && isWanted(told.data as never)).length,
    ended,
    close: () => stop.abort(),
  }
}

async function readEvents(body: ReadableStream<Uint8Array>, tell: (told: Told) => void): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true })
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const name = /^event: (.*)$/m.exec(part)?.[1]
        const data = /^data: (.*)$/m.exec(part)?.[1]
        if (name !== undefined && data !== undefined) tell({ name, data: JSON.parse(data) })
      }
    }
  } catch {
    // Ended from here, or by a server that has gone: both are an end.
  }
}
