/** The publication's face on its public pages. */

import type { Query } from '../db/db.js'
import { PLAIN_BRAND } from '../issue/brand-file.js'
import type { Publication } from '../issue/publication.js'
import type { Face } from './page.js'

/** Null while nobody has told the engine of a publication. */
export type FaceOf = () => Promise<Face | null>

export interface FaceContext {
  readonly query: Query
  readonly publication: () => Promise<Publication | null>
  readonly publicUrl: () => Promise<string>
}

export function faceOf({ query, publication, publicUrl }: FaceContext): FaceOf {
  return async () => {
    const [known, home, open] = await Promise.all([publication(), publicUrl(), findOpenList(query)])
    if (known === null) return null
    const { name, tagline, lang, postalAddress } = known
    const { accent, accentDark, fontHeading, fontText } = known.brand
    const subscribe = open === null ? null : `${home}/subscribe/${encodeURIComponent(open)}`
    const brand = { accent, accentDark, fontHeading, fontText }
    return { name, tagline, lang, postalAddress, ...brand, home, subscribe }
  }
}

/** Where only the name is known. */
export function plainFace(name: string): Face {
  const { accent, accentDark, fontHeading, fontText } = PLAIN_BRAND
  const brand = { accent, accentDark, fontHeading, fontText }
  return { name, tagline: null, lang: 'en', postalAddress: [], ...brand, home: null, subscribe: null }
}

/** The oldest of those that anyone may join. */
async function findOpenList(query: Query): Promise<string | null> {
  const row = await query
    .selectFrom('list')
    .select('name')
    .where('visibility', '=', 'public')
    .where('is_open', '=', 1)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.name ?? null
}
