/** Whom `send` is for, as its call and newsletter.yaml say it. */

import type { List } from '../audience/list.js'
import { findSegment, type Segment } from '../audience/segment/segment.js'
import { InputError } from '../errors.js'
import { nearest } from '../issue/nearest.js'
import type { Publication } from '../issue/publication.js'
import { readPublication } from '../issue/read.js'

export interface Wanted {
  /** Null: the whole List. */
  readonly segment: Segment | null
  /** IANA name of the time zone whose days and months count. */
  readonly calendar: string
}

/** `said`: what --segment said. Throws InputError that says what would be right. */
export async function readWanted(root: string, said: string | null): Promise<Wanted> {
  const publication = await readPublication(root)
  return {
    segment: said === null ? null : findSegment(said, publication),
    calendar: calendarOf(publication),
  }
}

/** The publication's time zone, or the machine's. */
export function calendarOf({ timeZone }: Pick<Publication, 'timeZone'>): string {
  return timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Readers choose among the topics of the List: an Issue about another would reach nobody who chose any. */
export function checkTopics(list: List, topics: readonly string[]): void {
  const known = list.topics.map(({ name }) => name)
  const unknown = topics.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const what = `the issue is about "${unknown}", which is no topic of the List "${list.name}"`
  if (known.length === 0)
    throw new InputError(
      `${what}; take it out of "topics", or pressrun lists edit ${list.name} --topics "${unknown}: …" gives the List topics`,
    )
  const meant = nearest(unknown, known)
  const advice = meant === null ? 'its' : `did you mean "${meant}"? Its`
  throw new InputError(`${what}; ${advice} topics are ${known.join(', ')}`)
}
