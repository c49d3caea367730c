/** The publication's face on its public pages. */

import { PLAIN_BRAND } from '../issue/brand-file.js'
import type { Publication } from '../issue/publication.js'
import type { Face } from './page.js'

/** Null while nobody has told the engine of a publication. */
export type FaceOf = () => Promise<Face | null>

export function faceOf(publication: () => Promise<Publication | null>): FaceOf {
  return async () => {
    const known = await publication()
    return known && { name: known.name, accent: known.brand.accent, accentDark: known.brand.accentDark }
  }
}

/** Where only the name is known. */
export function plainFace(name: string): Face {
  return { name, accent: PLAIN_BRAND.accent, accentDark: PLAIN_BRAND.accentDark }
}
