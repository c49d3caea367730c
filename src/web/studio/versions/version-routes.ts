/**
 * `/api/drafts/SLUG/versions` and `/api/drafts/SLUG/compare?with=KEY`: what a draft can be compared with, and how it differs;
 * `/api/passages`: how what a page reads in two pictures does.
 */

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { InputError } from '../../../errors.js'
import type { Drafts } from '../drafts.js'
import type { StudioEnv } from '../env.js'
import { readValues } from '../values.js'
import { compare } from './comparison.js'
import { diffPassages } from './passage-diff.js'
import type { Versions } from './versions.js'

/** A picture has some hundreds. */
const MAX_PASSAGES = 5_000
/** Of both; a mail that Gmail shows whole has 100 KB, most of it no words. */
const MAX_BODY_BYTES = 1_000_000

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
    .post('/api/passages', bodyLimit({ maxSize: MAX_BODY_BYTES }), async (c) => {
      const body: unknown = await c.req.json().catch(() => null)
      return c.json(diffPassages(readPassages(body, 'before'), readPassages(body, 'after')))
    })
}

/** Throws InputError. */
function readPassages(body: unknown, side: 'before' | 'after'): readonly string[] {
  const given: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, side) : null
  const isRead = Array.isArray(given) && given.length <= MAX_PASSAGES
  if (!isRead || !given.every((one) => typeof one === 'string'))
    throw new InputError(`"${side}" wants a list of passages, ${MAX_PASSAGES} at most`)
  return given
}
