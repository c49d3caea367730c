/** Where holes stand in HTML, told by what a browser would make of the place: only some places hold what is personal. */

import type { Hole, Holed } from '../compiled.js'

/** Stands for a hole; nothing else in a CompiledIssue holds it. */
const HOLE = '\ue000'
const PIECES =
  /<!--[\s\S]*?-->|<(style|script)\b[\s\S]*?<\/\1\s*>|<\/?[a-z\ue000](?:"[^"]*"|'[^']*'|[^>"'])*>|[^<]+|</gi
/** Between these tags a browser keeps no text, but moves it before the table. */
const TABLE_TAG = /^<(?:table|tbody|thead|tr|\/tr|\/td|\/th|\/thead|\/tbody)\b/i
const QUOTED = /"[^"]*"|'[^']*'/g

/** Each bad place once, as a clause: `within <style>`. */
export function findBadPlaces(html: Holed): readonly string[] {
  const text = html.map(withHoles).join('')
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

/** A passage of whole elements, such as rows of a table, stands wherever those do: it is both of its branches. */
function withHoles(piece: string | Hole): string {
  if (typeof piece === 'string') return piece
  if (piece.kind !== 'choice') return HOLE
  const branches = [piece.present, piece.absent].map((branch) => branch.map(withHoles).join(''))
  const isWhole = branches.every((branch) => branch.trim() === '' || /^\s*<[\s\S]*>\s*$/.test(branch))
  return (isWhole ? '' : HOLE) + branches.join('')
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
