/** `/api/issues`: every issue of the folder, and a new one. */

import { Hono } from 'hono'
import { listIssues } from '../../issue/read.js'
import type { StudioContext } from './context.js'
import type { StudioEnv } from './env.js'

export function issueRoutes({ root }: Pick<StudioContext, 'root'>): Hono<StudioEnv> {
  return new Hono<StudioEnv>().get('/api/issues', async (c) => {
    const listed = await listIssues(root)
    return c.json(listed.map(({ slug }) => ({ slug })).reverse())
  })
}
