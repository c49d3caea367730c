/** `/api/drafts/SLUG`: what is known of one issue, one reader's copy of it, and its message as it goes to the wire. */

import { Hono } from 'hono'
import type { StudioContext } from './context.js'
import { copyOf } from './copy.js'
import { type Drafts, viewOf } from './drafts.js'
import type { StudioEnv } from './env.js'
import { sizesOf } from './sizes.js'
import { readValues } from './values.js'

export function draftRoutes({
  drafts,
  writeWire,
}: Pick<StudioContext, 'writeWire'> & { readonly drafts: Drafts }): Hono<StudioEnv> {
  return new Hono<StudioEnv>()
    .get('/api/drafts/:slug', async (c) => c.json(viewOf(await drafts.get(c.req.param('slug')))))
    .get('/api/drafts/:slug/copy', async (c) => {
      const { picture } = await drafts.get(c.req.param('slug'))
      if (picture === null) return c.notFound()
      return c.json(copyOf(picture, readValues(c.req.query('values'))))
    })
    .get('/api/drafts/:slug/sizes', async (c) => {
      const { picture } = await drafts.get(c.req.param('slug'))
      if (picture === null) return c.notFound()
      return c.json(sizesOf(picture, { writeWire }))
    })
    .get('/api/drafts/:slug/raw', async (c) => {
      const { picture } = await drafts.get(c.req.param('slug'))
      if (picture === null) return c.notFound()
      const bytes = writeWire(picture.compilation, readValues(c.req.query('values')))
      return c.body(new Uint8Array(bytes), 200, { 'Content-Type': 'text/plain; charset=utf-8' })
    })
}
