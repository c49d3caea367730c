/** Where holes stand in HTML, told by what a browser would make of the place: only some places hold what is personal. */

import type { ChoiceHole, Hole, Holed } from '../compiled.js'

/** Stands for a hole; nothing else in a CompiledIssue holds it. */
const HOLE = '\ue000'
const PIECES =
  /<!--[\s\S]*?-->|<(style|script)\b[\s\S]*?<\/\1\s*>|<\/?[a-z\ue000](?:"[^"]*"|'[^']*'|[^>"'])*>|[^<]+|</gi
/** Between these tags a browser keeps no text, but moves it before the table. */
const TABLE_TAG = /^<(?:table|tbody|thead|tr|\/tr|\/td|\/th|\/thead|\/tbody)\b/i
const QUOTED = /"[^"]*"|'[^']*'/g

/** Each bad place once, as a clause: `within <style>`. */
export function findBadPlaces(html: Holed): readonly string[] {
  const text = html.map(standInFor).join('')
  const places: string[] = []
  let last = ''
  for (const [piece, raw] of text.matchAll(PIECES)) {
    if (piece.includes(HOLE)) {
      const place = describePlace(piece, { raw, last })
      if (place !== null) places.push(place)
    }
    // White space and comments leave one between the tags of a table.
    if (piece.startsWith('<') && !piece.startsWith('<!--')) last = piece
  }
  return [...new Set(places)]
}

/** A conditional passage that is whole rows is as good as the rows. */
function standInFor(piece: string | Hole): string {
  if (typeof piece === 'string') return piece
  return piece.kind === 'choice' && isRows(piece)
    ? [...piece.present, ...piece.absent].map(standInFor).join('')
    : HOLE
}

function isRows({ present, absent }: ChoiceHole): boolean {
  const [first] = [...present, ...absent]
  return typeof first === 'string' && /^\s*<tr\b/i.test(first)
}

/** Null where it may stand. */
function describePlace(
  piece: string,
  { raw, last }: { readonly raw: string | undefined; readonly last: string },
): string | null {
  if (raw !== undefined) return `within <${raw.toLowerCase()}>`
  if (piece.startsWith('<!--')) return null
  if (piece.startsWith('<'))
    return piece.replace(QUOTED, '').includes(HOLE)
      ? `unquoted within the tag ${piece.replaceAll(HOLE, '…').slice(0, 60)}`
      : null
  return TABLE_TAG.test(last) ? 'between the tags of a table' : null
}
