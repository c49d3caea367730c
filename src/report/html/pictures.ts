/** Pictures of a CompiledIssue as data URIs, so that a page with them asks nobody for anything. */

import type { CompiledImage } from '../../compile/compiled.js'
import { IMAGE_TYPES } from '../../compile/image-types.js'
import type { Query } from '../../db/db.js'
import type { Pictures } from './mail-tree.js'

/** Of all pictures together; a page that is larger opens slowly, and mail systems refuse to carry it. */
const MOST_BYTES = 6_000_000

/** The smallest first, as many as fit; the others are shown by their words. */
export async function readPictures(query: Query, images: readonly CompiledImage[]): Promise<Pictures> {
  const wanted = fitting(images)
  if (wanted.length === 0) return new Map()
  const rows = await query
    .selectFrom('image')
    .select(['sha256', 'ext', 'bytes'])
    .where(
      'sha256',
      'in',
      wanted.map(({ sha256 }) => sha256),
    )
    .execute()
  const typeOf = new Map(wanted.map(({ sha256, ext }) => [sha256, IMAGE_TYPES[ext]]))
  return new Map(
    rows.map(({ sha256, bytes }) => [
      sha256,
      `data:${typeOf.get(sha256)};base64,${Buffer.from(bytes).toString('base64')}`,
    ]),
  )
}

function fitting(images: readonly CompiledImage[]): readonly CompiledImage[] {
  let left = MOST_BYTES
  return [...images]
    .sort((one, other) => one.sizeBytes - other.sizeBytes)
    .filter(({ sizeBytes }) => {
      left -= sizeBytes
      return left >= 0
    })
}
