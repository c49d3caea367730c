/** `/health`: whether this process can do its work, for whatever watches it. */

import { Hono } from 'hono'
import type { WebEnv } from './env.js'

/** What is ill and how, in a few words; empty when all is well. */
export type Ills = Readonly<Partial<Record<'database' | 'redis' | 'disk', string>>>

export function healthRoutes({ ills }: { readonly ills: () => Promise<Ills> }): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/health', async (c) => {
    c.header('Cache-Control', 'no-store')
    const ill = await ills()
    return Object.keys(ill).length === 0 ? c.json({ ok: true }) : c.json({ ok: false, ill }, 503)
  })
}
