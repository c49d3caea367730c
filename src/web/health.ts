/**
 * `/health`: whether this process can do its work, for whatever watches it. With `?nonce=` it also proves which secrets
 * it holds, so that `pressrun doctor` knows whether the public URL leads to an engine of its own.
 */

import { Hono } from 'hono'
import { type Keys, proveKeys } from '../link/token.js'
import type { WebEnv } from './env.js'

/** What is ill and how, in a few words; empty when all is well. */
export type Ills = Readonly<Partial<Record<'database' | 'redis' | 'disk', string>>>

const NONCE = /^[\w-]{16,64}$/

export function healthRoutes({
  ills,
  keys,
}: {
  readonly ills: () => Promise<Ills>
  readonly keys: Keys
}): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/health', async (c) => {
    c.header('Cache-Control', 'no-store')
    const ill = await ills()
    const nonce = c.req.query('nonce') ?? ''
    const proof = NONCE.test(nonce) ? { proofs: proveKeys(keys, nonce) } : {}
    return Object.keys(ill).length === 0
      ? c.json({ ok: true, ...proof })
      : c.json({ ok: false, ill, ...proof }, 503)
  })
}
