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
