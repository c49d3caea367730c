/** `/api/issues`: every issue of the folder, and a new one. */

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { InputError } from '../../errors.js'
import type { NewIssueView } from './api.js'
import type { StudioContext } from './context.js'
import type { StudioEnv } from './env.js'
import type { IssueIndex } from './issue-index.js'

/** A title and a day. */
const MAX_BODY_BYTES = 10_000

export function issueRoutes({
  index,
  newIssue,
}: Pick<StudioContext, 'newIssue'> & { readonly index: IssueIndex }): Hono<StudioEnv> {
  return new Hono<StudioEnv>()
    .get('/api/issues', async (c) => c.json(await index.read()))
    .post('/api/issues', bodyLimit({ maxSize: MAX_BODY_BYTES }), async (c) => {
      const file = await newIssue(readWanted(await c.req.json().catch(() => null)))
      const view: NewIssueView = { file, slug: file.replace(/^.*\//, '').replace(/\.md$/, '') }
      return c.json(view, 201)
    })
}

/** A day that is left out is today. Throws InputError. */
function readWanted(body: unknown): { readonly title: string; readonly date: string | null } {
  const given = typeof body === 'object' && body !== null ? body : {}
  const title = 'title' in given && typeof given.title === 'string' ? given.title.trim() : ''
  const date = 'date' in given && typeof given.date === 'string' ? given.date.trim() : ''
  if (title === '') throw new InputError('a new issue wants a title; it can be another one later')
  return { title, date: date === '' ? null : date }
}
