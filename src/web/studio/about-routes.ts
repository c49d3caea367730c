/** `/api/studio`: where it looks, and how a file is opened at a line. */

import path from 'node:path'
import { Hono } from 'hono'
import { VERSION } from '../../version.js'
import type { AboutView } from './api.js'
import type { StudioContext } from './context.js'
import type { StudioEnv } from './env.js'

export function aboutRoutes({ root, editorUrl }: Pick<StudioContext, 'root' | 'editorUrl'>): Hono<StudioEnv> {
  const about: AboutView = { name: path.basename(root), root, editorUrl, version: VERSION }
  return new Hono<StudioEnv>().get('/api/studio', (c) => c.json(about))
}
