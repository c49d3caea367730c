/** `/api/drafts/SLUG/readers`: who an issue may be looked at as, and what their copies lack. */

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { InputError } from '../../errors.js'
import type { AttributeType } from '../../issue/publication.js'
import { readPublication } from '../../issue/read.js'
import type { ReadersView, SampleReader } from './api.js'
import type { StudioContext } from './context.js'
import type { Drafts } from './drafts.js'
import type { StudioEnv } from './env.js'
import { askedOf, readersOf } from './readers.js'
import { readReaders } from './readers-file.js'
import { readValues } from './values.js'

const MAX_OWN = 100
const MAX_BODY_BYTES = 200_000

export function readerRoutes({
  root,
  drafts,
}: Pick<StudioContext, 'root'> & { readonly drafts: Drafts }): Hono<StudioEnv> {
  async function look(slug: string, own: readonly SampleReader[]): Promise<ReadersView | null> {
    const { picture } = await drafts.get(slug)
    if (picture === null) return null
    const attributes = await readAttributes(root)
    const { readers: shared, problems } = await readReaders(root, attributes)
    return {
      readers: readersOf(picture, { attributes, shared, own }),
      asked: askedOf(picture, attributes),
      problems,
    }
  }

  return (
    new Hono<StudioEnv>()
      .get('/api/drafts/:slug/readers', async (c) => {
        const view = await look(c.req.param('slug'), [])
        return view === null ? c.notFound() : c.json(view)
      })
      // With those whom the page keeps; they stay there, and nothing is written.
      .post('/api/drafts/:slug/readers', bodyLimit({ maxSize: MAX_BODY_BYTES }), async (c) => {
        const view = await look(c.req.param('slug'), readOwn(await c.req.json().catch(() => null)))
        return view === null ? c.notFound() : c.json(view)
      })
  )
}

/** `[{ label, values }]`; what is none of them is left out. */
function readOwn(body: unknown): readonly SampleReader[] {
  const given: readonly unknown[] = Array.isArray(body) ? body : []
  return given.slice(0, MAX_OWN).flatMap((one) => {
    if (typeof one !== 'object' || one === null || !('label' in one) || !('values' in one)) return []
    return typeof one.label === 'string'
      ? [{ label: one.label, values: readValues(JSON.stringify(one.values)) }]
      : []
  })
}

/** None while newsletter.yaml is broken: the picture is still there, and its draft says what is wrong. */
async function readAttributes(root: string): Promise<readonly AttributeType[]> {
  try {
    return (await readPublication(root)).attributes
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return []
  }
}
