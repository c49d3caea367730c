/**
 * What stands in the studio's frames: `/frame/SLUG/mail` and `/frame/SLUG/web`. An issue is anyone's text, so a frame runs
 * nothing, reaches nothing outside of this server and cannot leave its place.
 */

import { Hono } from 'hono'
import { SAMPLE_TOKEN } from '../../compile/checks/cast.js'
import type { Picture } from '../../compile/picture.js'
import { linedHtml } from './copy.js'
import type { Drafts } from './drafts.js'
import type { StudioEnv } from './env.js'
import { lineElements } from './lined-html.js'
import { readValues } from './values.js'

export function frameRoutes({ drafts }: { readonly drafts: Drafts }): Hono<StudioEnv> {
  return new Hono<StudioEnv>()
    .get('/frame/:slug/mail', async (c) => {
      const { picture } = await drafts.get(c.req.param('slug'))
      if (picture === null) return c.notFound()
      const html = lineElements(
        linedHtml(picture, readValues(c.req.query('values')), holesOf(c.req.query('holes'))),
      )
      c.header('Content-Security-Policy', FRAME_POLICY)
      return c.html(localImages(html, picture))
    })
    .get('/frame/:slug/web', async (c) => {
      const { picture } = await drafts.get(c.req.param('slug'))
      if (picture === null) return c.notFound()
      c.header('Content-Security-Policy', FRAME_POLICY)
      return c.html(localImages(picture.compilation.compiled.web, picture))
    })
    .get('/image/:slug/:file', async (c) => {
      const { picture } = await drafts.get(c.req.param('slug'))
      const [sha256 = '', ext = ''] = c.req.param('file').split('.')
      const bytes = picture?.compilation.imageBytes.get(sha256)
      const image = picture?.compilation.compiled.images.find((one) => one.sha256 === sha256)
      if (bytes === undefined || image?.ext !== ext) return c.notFound()
      return c.body(new Uint8Array(bytes), 200, { 'Content-Type': IMAGE_TYPES[image.ext] })
    })
}

/** `holes=1`: what a reader's values fill is marked. */
function holesOf(asked: string | undefined): 'plain' | 'marked' {
  return asked === '1' ? 'marked' : 'plain'
}

const IMAGE_TYPES = { png: 'image/png', jpg: 'image/jpeg', gif: 'image/gif' } as const

/** `allow-same-origin` alone: the studio's page may look into it, nothing in it runs. */
export const FRAME_POLICY =
  "sandbox allow-same-origin; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

/** Pictures lie where they will be served from once it is sent; here they are in the Picture. Nobody is asked for the pixel. */
function localImages(html: string, { compilation: { compiled } }: Picture): string {
  const { publicUrl } = compiled.publication
  return html
    .replaceAll(`${publicUrl}/i/`, `/image/${encodeURIComponent(compiled.slug)}/`)
    .replaceAll(`${publicUrl}/o/${SAMPLE_TOKEN}.gif`, PIXEL)
}

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='
