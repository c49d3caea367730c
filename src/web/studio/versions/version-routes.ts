/** `/api/drafts/SLUG/versions` and `/api/drafts/SLUG/compare?with=KEY`: what a draft can be compared with, and how it differs. */

import { Hono } from 'hono'
import type { Drafts } from '../drafts.js'
import type { StudioEnv } from '../env.js'
import { readValues } from '../values.js'
import { compare } from './comparison.js'
import type { Versions } from './versions.js'

export function versionRoutes({
  drafts,
  versions,
}: {
  readonly drafts: Drafts
  readonly versions: Versions
}): Hono<StudioEnv> {
  return new Hono<StudioEnv>()
    .get('/api/drafts/:slug/versions', async (c) => c.json(await versions.list(c.req.param('slug'))))
    .get('/api/drafts/:slug/compare', async (c) => {
      const slug = c.req.param('slug')
      const key = c.req.query('with') ?? ''
      const [{ picture }, version] = [await drafts.get(slug), await versions.find(slug, key)]
      if (picture === null) return c.notFound()
      return c.json(compare(picture, version, { key, values: readValues(c.req.query('values')) }))
    })
}
