/** `/o/TOKEN.gif`: the pixel. The answer is the same whatever is asked, so that it tells nobody which Tokens are good. */

import { Hono } from 'hono'
import { type Keys, verifyToken } from '../../link/token.js'
import type { WebEnv } from '../env.js'
import { type HitContext, recordHit } from './hit.js'

/** One transparent pixel, GIF89a. */
const PIXEL = new Uint8Array(
  Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
)
const SUFFIX = '.gif'

export function openRoutes({ keys, ...context }: HitContext & { readonly keys: Keys }): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/o/:file', async (c) => {
    const deliveryId = readPixel(keys, c.req.param('file'))
    if (deliveryId !== null) await recordHit(c, { kind: 'open', deliveryId, link: null }, context)
    return c.body(PIXEL, 200, {
      'Content-Type': 'image/gif',
      'Cache-Control': 'no-store, private',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    })
  })
}

function readPixel(keys: Keys, file: string): number | null {
  return file.endsWith(SUFFIX) ? verifyToken(keys, 'read', file.slice(0, -SUFFIX.length)) : null
}
