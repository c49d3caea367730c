/**
 * What stands in the studio's frames: `/frame/SLUG/mail` and `/frame/SLUG/web`, in the mode that the query asks for
 * (`modes/show.ts`). An issue is anyone's text, so a frame runs nothing, reaches nothing outside of this server and cannot
 * leave its place.
 */

import { createHash, randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { dropHoneypot } from '../../compile/honeypot.js'
import { IMAGE_TYPES } from '../../compile/image-types.js'
import type { Picture } from '../../compile/picture.js'
import { linedHtml } from './copy.js'
import type { Drafts } from './drafts.js'
import type { StudioEnv } from './env.js'
import { lineElements } from './lined-html.js'
import { readMode } from './modes/mode.js'
import { showMail, showPage } from './modes/show.js'
import { readValues } from './values.js'
import type { Versions } from './versions/versions.js'

export function frameRoutes({
  drafts,
  versions,
}: {
  readonly drafts: Drafts
  readonly versions: Versions
}): Hono<StudioEnv> {
  /** Of the draft, or of the `version` that the query names. */
  async function pictureAt(slug: string, version: string | undefined): Promise<Picture | null> {
    if (version !== undefined) return (await versions.find(slug, version)).picture
    return (await drafts.get(slug)).picture
  }

  return new Hono<StudioEnv>()
    .get('/frame/:slug/mail', async (c) => {
      const picture = await pictureAt(c.req.param('slug'), c.req.query('version'))
      if (picture === null) return c.notFound()
      return answerFrame(c, picture, () => {
        const copy = linedHtml(picture, readValues(c.req.query('values')), holesOf(c.req.query('holes')))
        return showMail(dropHoneypot(lineElements(copy)), modeOf(c), findIn(picture, placeOf(c)))
      })
    })
    .get('/frame/:slug/web', async (c) => {
      const picture = await pictureAt(c.req.param('slug'), c.req.query('version'))
      if (picture === null) return c.notFound()
      return answerFrame(c, picture, () =>
        showPage(picture.compilation.compiled.web, modeOf(c), findIn(picture, placeOf(c))),
      )
    })
    .get('/image/:slug/:file', async (c) => {
      const picture = await pictureAt(c.req.param('slug'), c.req.query('version'))
      const [sha256 = '', ext = ''] = c.req.param('file').split('.')
      const bytes = picture?.compilation.imageBytes.get(sha256)
      const image = picture?.compilation.compiled.images.find((one) => one.sha256 === sha256)
      if (bytes === undefined || image?.ext !== ext) return c.notFound()
      // Named by its content.
      c.header('Cache-Control', 'private, max-age=31536000, immutable')
      return c.body(new Uint8Array(bytes), 200, { 'Content-Type': IMAGE_TYPES[image.ext] })
    })
}

/** `allow-same-origin` alone: the studio's page may look into it, nothing in it runs. */
export const FRAME_POLICY =
  "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

/** What this process makes of a picture; another may be of another version. */
const PROCESS = randomUUID()
const prints = new WeakMap<Picture, string>()

/** What has not changed is not made again, nor sent (RFC 9110, section 13.1.2). */
function answerFrame(
  c: Context<StudioEnv>,
  picture: Picture,
  show: () => string,
): Response | Promise<Response> {
  const { pathname, searchParams } = new URL(c.req.url)
  searchParams.delete('v')
  const asked = `${PROCESS} ${printOf(picture)} ${pathname}?${searchParams}`
  const tag = `"${createHash('sha256').update(asked).digest('base64url').slice(0, 27)}"`
  c.header('Content-Security-Policy', FRAME_POLICY)
  // Names of hosts that links lead to are not looked up either.
  c.header('X-DNS-Prefetch-Control', 'off')
  c.header('Cache-Control', 'private, no-cache')
  c.header('ETag', tag)
  if (c.req.header('if-none-match') === tag) return c.body(null, 304)
  return c.html(show())
}

/** Of all that a frame is made of; lines may have moved while the HTML is the same. */
function printOf(picture: Picture): string {
  const before = prints.get(picture)
  if (before !== undefined) return before
  const hash = createHash('sha256').update(picture.source).update(picture.compilation.hash)
  const print = hash.update(JSON.stringify(picture.lined)).digest('base64url')
  prints.set(picture, print)
  return print
}

function modeOf(c: Context<StudioEnv>) {
  return readMode((name) => c.req.query(name))
}

/** `holes=1`: what a reader's values fill is marked. */
function holesOf(asked: string | undefined): 'plain' | 'marked' {
  return asked === '1' ? 'marked' : 'plain'
}

/** The issue that a picture is asked of, and which of its versions. */
function placeOf(c: Context<StudioEnv>) {
  return { slug: c.req.param('slug') ?? '', version: c.req.query('version') }
}

/** Pictures lie where they will be served from once it is sent; here they are in the Picture. */
function findIn(
  { compilation: { compiled } }: Picture,
  { slug, version }: ReturnType<typeof placeOf>,
): (url: string) => string | null {
  const of = version === undefined ? '' : `?${new URLSearchParams({ version })}`
  const from = `${compiled.publication.publicUrl}/i/`
  const ours = new Set(compiled.images.map(({ sha256, ext }) => `${sha256}.${ext}`))
  return (url) => {
    const name = url.startsWith(from) ? url.slice(from.length) : ''
    return ours.has(name) ? `/image/${encodeURIComponent(slug)}/${name}${of}` : null
  }
}
