/** `/api/live`: what changes, told to every page that is open, as server-sent events (HTML, section 9.2). */

import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { LiveEvents } from './api.js'
import type { Drafts } from './drafts.js'
import type { StudioEnv } from './env.js'

const NAMES = ['draft', 'findings', 'issues', 'inbox'] as const satisfies readonly (keyof LiveEvents)[]

export function eventRoutes({ drafts: { live } }: { readonly drafts: Drafts }): Hono<StudioEnv> {
  return new Hono<StudioEnv>().get('/api/live', (c) =>
    streamSSE(c, async (stream) => {
      const tellers = NAMES.map((event) => {
        const tell = (told: unknown) => void stream.writeSSE({ event, data: JSON.stringify(told) })
        live.on(event, tell)
        return { event, tell }
      })
      await new Promise<void>((resolve) => stream.onAbort(resolve))
      for (const { event, tell } of tellers) live.off(event, tell)
    }),
  )
}
