/** `/i/SHA256.EXT`: images of sent Issues, for ever: their name is their content. */

import { Hono } from 'hono'
import type { CompiledImage } from '../../compile/compiled.js'
import { IMAGE_TYPES } from '../../compile/image-types.js'
import type { Query } from '../../db/db.js'
import type { WebEnv } from '../env.js'
import { missingPage } from '../failure.js'

const FOR_EVER = { 'Cache-Control': 'public, max-age=31536000, immutable' }

export function imageRoutes({ query }: { readonly query: Query }): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/i/:file', async (c) => {
    const name = readName(c.req.param('file'))
    const bytes = name && (await findImage(query, name))
    if (!name || !bytes) return missingPage(c, 'missing')
    const tag = `"${name.sha256}"`
    if (c.req.header('if-none-match')?.includes(tag)) return c.body(null, 304, { ETag: tag, ...FOR_EVER })
    return c.body(new Uint8Array(bytes), 200, {
      'Content-Type': IMAGE_TYPES[name.ext],
      ETag: tag,
      ...FOR_EVER,
      'Cross-Origin-Resource-Policy': 'cross-origin',
    })
  })
}

interface ImageName {
  readonly sha256: string
  readonly ext: CompiledImage['ext']
}

function readName(file: string): ImageName | null {
  const [, sha256, ext] = /^([0-9a-f]{64})\.(png|jpg|gif)$/.exec(file) ?? []
  if (sha256 === undefined) return null
  // The pattern allows no other.
  return { sha256, ext: ext as CompiledImage['ext'] }
}

async function findImage(query: Query, { sha256, ext }: ImageName): Promise<Uint8Array | null> {
  const row = await query
    .selectFrom('image')
    .select('bytes')
    .where('sha256', '=', sha256)
    .where('ext', '=', ext)
    .executeTakeFirst()
  return row?.bytes ?? null
}
