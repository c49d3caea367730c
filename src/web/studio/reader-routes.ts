/** `/api/drafts/SLUG/readers`: who an issue may be looked at as, and what their copies lack. */

import { Hono } from 'hono'
import { InputError } from '../../errors.js'
import type { AttributeType } from '../../issue/publication.js'
import { readPublication } from '../../issue/read.js'
import type { ReadersView } from './api.js'
import type { StudioContext } from './context.js'
import type { Drafts } from './drafts.js'
import type { StudioEnv } from './env.js'
import { askedOf, readersOf } from './readers.js'
import { readReaders } from './readers-file.js'

export function readerRoutes({
  root,
  drafts,
}: Pick<StudioContext, 'root'> & { readonly drafts: Drafts }): Hono<StudioEnv> {
  return new Hono<StudioEnv>().get('/api/drafts/:slug/readers', async (c) => {
    const { picture } = await drafts.get(c.req.param('slug'))
    if (picture === null) return c.notFound()
    const attributes = await readAttributes(root)
    const { readers: shared, problems } = await readReaders(root, attributes)
    const view: ReadersView = {
      readers: readersOf(picture, { attributes, shared }),
      asked: askedOf(picture, attributes),
      problems,
    }
    return c.json(view)
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
