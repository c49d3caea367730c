/** The part of an issue's file name behind its date. */

import { slugify } from '../anchor.js'

/** From a title or another program's name for it: small letters a-z, digits and hyphens only. */
export function slugOf(title: string): string {
  const initials = title.replace(/\b(\p{L})\.(?=\p{L}\b|\s|$)/gu, '$1')
  const ascii = initials
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7E’]/g, ' ')
  return slugify(ascii) || 'issue'
}
