/**
 * `/api/inbox`: the messages of the local inboxes, to be read; and `/frame/inbox/FOLDER/NUMBER/html`, a frame like those of
 * issues. A mail is anyone's: nothing in it runs, nothing it names is fetched, and no link of it is followed.
 */

import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import { dropHoneypot } from '../../../compile/honeypot.js'
import { IMAGE_TYPES } from '../../../compile/image-types.js'
import type { StudioEnv } from '../env.js'
import { FRAME_POLICY } from '../frame-routes.js'
import { readMode } from '../modes/mode.js'
import { showMail } from '../modes/show.js'
import type { Inboxes } from './inboxes.js'
import { cleanHtml } from './mail-frame.js'
import { placesOf } from './mail-pictures.js'
import { attachmentNamed, safeType } from './parts.js'

/** By the ending that an address names, which is anyone's. */
const PICTURE_TYPES: ReadonlyMap<string, string> = new Map(Object.entries(IMAGE_TYPES))
const MAX_QUERY = 200
const WHOLE_NUMBER = /^[1-9]\d{0,11}$/

export function inboxRoutes({ inboxes }: { readonly inboxes: Inboxes }): Hono<StudioEnv> {
  return new Hono<StudioEnv>()
    .get('/api/inbox', async (c) =>
      c.json(
        await inboxes.page({
          folder: c.req.query('folder') ?? null,
          before: numberOf(c.req.query('before')),
          query: (c.req.query('q') ?? '').slice(0, MAX_QUERY),
        }),
      ),
    )
    .get('/api/inbox/:folder/:number', async (c) => {
      const view = await inboxes.view(...placeOf(c))
      return view === null ? c.notFound() : c.json(view)
    })
    .get('/api/inbox/:folder/:number/source', async (c) => {
      const found = await inboxes.find(...placeOf(c))
      if (found === null) return c.notFound()
      const bytes = numberOf(c.req.query('bytes'))
      const stream = createReadStream(found.file, bytes === null ? {} : { end: bytes - 1 })
      c.header('Content-Type', 'text/plain; charset=utf-8')
      if (c.req.query('keep') !== undefined)
        c.header(
          'Content-Disposition',
          attachmentNamed(`${c.req.param('folder')}-${c.req.param('number')}.eml`),
        )
      // Node's and the DOM's streams are the same thing under two names of a type.
      return c.body(Readable.toWeb(stream) as ReadableStream)
    })
    .get('/api/inbox/:folder/:number/parts/:index', async (c) => {
      const found = await inboxes.find(...placeOf(c))
      const part = found?.message.parts[Number(c.req.param('index'))]
      if (part === undefined) return c.notFound()
      c.header('Content-Disposition', attachmentNamed(part.view.name))
      return c.body(part.bytes, 200, { 'Content-Type': safeType(part.view.type) })
    })
    .get('/api/inbox/:folder/:number/images/:file', async (c) => {
      const [folder] = placeOf(c)
      const [, ext = ''] = c.req.param('file').split('.')
      const bytes = await inboxes.picture(folder, c.req.param('file'))
      const type = PICTURE_TYPES.get(ext)
      if (bytes === null || type === undefined) return c.notFound()
      return c.body(bytes, 200, { 'Content-Type': type })
    })
    .get('/frame/inbox/:folder/:number/html', async (c) => {
      const [folder, number] = placeOf(c)
      const found = await inboxes.find(folder, number)
      const html = found?.message.html ?? null
      if (found === null || html === null) return c.notFound()
      const places = await placesOf({
        html,
        parts: found.message.parts,
        at: `/api/inbox/${folder}/${number}`,
        find: (file) => inboxes.picture(folder, file),
      })
      c.header('Content-Security-Policy', FRAME_POLICY)
      // Names of hosts that links lead to are not looked up either.
      c.header('X-DNS-Prefetch-Control', 'off')
      const mode = readMode((name) => c.req.query(name))
      return c.html(showMail(dropHoneypot(cleanHtml(html)), mode, places))
    })
}

function placeOf(c: Context<StudioEnv, '/:folder/:number'>): [string, number] {
  return [c.req.param('folder'), numberOf(c.req.param('number')) ?? 0]
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : null
}
