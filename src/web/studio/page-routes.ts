/** The studio's page, under every address that its script knows, and the files it is made of. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Hono } from 'hono'
import { entryFile } from '../../thread.js'
import type { StudioEnv } from './env.js'
import { PAGE, SHEET } from './page.js'

export function pageRoutes(): Hono<StudioEnv> {
  const scripts = readScripts()
  return new Hono<StudioEnv>()
    .get('/', (c) => c.html(PAGE))
    .get('/issues/:slug', (c) => c.html(PAGE))
    .get('/inbox', (c) => c.html(PAGE))
    .get('/inbox/:folder/:message', (c) => c.html(PAGE))
    .get('/studio.css', (c) => c.body(SHEET, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
    .get('/client/:file', (c) => {
      const script = scripts.get(c.req.param('file'))
      if (script === undefined) return c.notFound()
      return c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' })
    })
}

/** By name; as they were built. */
function readScripts(): ReadonlyMap<string, string> {
  const folder = path.dirname(entryFile(import.meta.url, 'client/main'))
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'))
  return new Map(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]))
}
