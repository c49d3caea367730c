/**
 * `/api/live?slug=SLUG&slug=SLUG`: what changes, told to every browser that has a page open, as server-sent events (HTML,
 * section 9.2). The issues that it names are drawn as they change while it listens.
 */

import { Hono } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { LiveEvents } from './api.js'
import { type Drafts, isSlug } from './drafts.js'
import type { StudioEnv } from './env.js'

const NAMES = ['draft', 'findings', 'issues', 'inbox'] as const satisfies readonly (keyof LiveEvents)[]
/** A page that has gone without a word is noticed by the first of these that it does not take. */
const HEARTBEAT_MS = 15_000
/** How long a browser waits before it comes back. */
const RETRY_MS = 1_000

export interface EventRoutes {
  readonly routes: Hono<StudioEnv>
  /** Ends every stream. */
  close(): void
}

export function eventRoutes({ drafts }: { readonly drafts: Drafts }): EventRoutes {
  const streams = new Set<SSEStreamingApi>()
  const routes = new Hono<StudioEnv>().get('/api/live', (c) =>
    streamSSE(c, async (stream) => {
      streams.add(stream)
      const stop = tellAll(stream, drafts, c.req.queries('slug') ?? [])
      await new Promise<void>((resolve) => stream.onAbort(resolve))
      stop()
      streams.delete(stream)
    }),
  )
  return {
    routes,
    close() {
      for (const stream of streams) stream.abort()
    },
  }
}

/** Until what it returns is called. */
function tellAll(stream: SSEStreamingApi, drafts: Drafts, slugs: readonly string[]): () => void {
  const { live } = drafts
  const tellers = NAMES.map((event) => {
    const tell = (told: unknown) => void stream.writeSSE({ event, data: JSON.stringify(told) })
    live.on(event, tell)
    return { event, tell }
  })
  void stream.write(`retry: ${RETRY_MS}\n\n`)
  const heart = setInterval(() => void stream.write(':\n\n'), HEARTBEAT_MS)
  const leaves = slugs.filter(isSlug).map((slug) => drafts.show(slug))
  return () => {
    for (const leave of leaves) leave()
    clearInterval(heart)
    for (const { event, tell } of tellers) live.off(event, tell)
  }
}
