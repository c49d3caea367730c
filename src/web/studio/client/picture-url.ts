/** Where a picture lies: all that it depends on stands in the address, so the same address is the same picture. */

import type { DraftView } from '../api.js'
import type { Reader, State } from './state.js'

const HASH_LENGTH = 12

export function pictureUrl(
  { slug, version, facts }: DraftView,
  { view, mode, holes }: State,
  reader: Reader,
): string {
  const query = new URLSearchParams({
    ...mode,
    // Versions begin anew with each start of the studio.
    v: `${version}-${facts?.hash.slice(0, HASH_LENGTH) ?? ''}`,
  })
  if (view === 'web') return `/frame/${encodeURIComponent(slug)}/web?${query}`
  if (holes) query.set('holes', '1')
  query.set('values', JSON.stringify(reader.values))
  return `/frame/${encodeURIComponent(slug)}/mail?${query}`
}
