/**
 * A hole is a place in an Issue that each person fills. What fills it is data, never source: it is escaped for
 * the part it stands in and never parsed again.
 */

/** `{{subscriber.NAME "fallback"}}`: `name` is "name", "address" or an attribute; fallback is '' when not given. */
export interface PersonHole {
  readonly kind: 'person'
  readonly name: string
  readonly fallback: string
}

/** A line of text with holes (a subject, a preheader). */
export type HoledLine = readonly (string | PersonHole)[]

const HOLE = /\{\{subscriber\.([a-z][a-z0-9_]*)(?: "([^"{}\n]*)")?\}\}/y

/** What a hole may look like, for messages. */
export const HOLE_FORM = '{{subscriber.NAME}} or {{subscriber.NAME "fallback"}}, with straight quotes'

/** The hole that begins exactly at `position`, and where it ends; null when none does. */
export function readHole(text: string, position: number): { hole: PersonHole; end: number } | null {
  HOLE.lastIndex = position
  const match = HOLE.exec(text)
  if (!match?.[1]) return null
  return { hole: { kind: 'person', name: match[1], fallback: match[2] ?? '' }, end: HOLE.lastIndex }
}

/** Text cut at its holes, without empty runs; null when it holds a `{{` that is no hole. */
export function parseHoledLine(text: string): HoledLine | null {
  const line: (string | PersonHole)[] = []
  let position = 0
  while (position < text.length) {
    const brace = text.indexOf('{{', position)
    const runEnd = brace === -1 ? text.length : brace
    if (runEnd > position) line.push(text.slice(position, runEnd))
    if (brace === -1) break
    const found = readHole(text, brace)
    if (found === null) return null
    line.push(found.hole)
    position = found.end
  }
  return line
}
