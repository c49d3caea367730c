/** Segment: a filter on a List. A Send keeps it whole, as it was written and as it was read, so that its freeze needs no file. */

import { sql } from 'kysely'
import type { Query } from '../../db/db.js'
import { InputError } from '../../errors.js'
import { nearest } from '../../issue/nearest.js'
import { PUBLICATION_FILE, type Publication } from '../../issue/publication.js'
import type { Condition } from './condition.js'
import type { Moment } from './moment.js'
import { parseFilter } from './parse.js'
import { selectCondition } from './select.js'

export interface Segment {
  /** In newsletter.yaml; null: it was written for one Send. */
  readonly name: string | null
  /** As written. */
  readonly filter: string
  readonly where: Condition
}

type Declared = Pick<Publication, 'attributes' | 'segments'>

/** `text`: a name of newsletter.yaml, or a filter. Throws InputError. */
export function findSegment(text: string, { attributes, segments }: Declared): Segment {
  const given = text.trim()
  const named = segments.find(({ name }) => name === given.toLowerCase())
  if (named !== undefined) {
    const place = { where: PUBLICATION_FILE, line: named.line }
    const where = parseFilter(named.filter, { types: attributes, ...place })
    return { name: named.name, filter: named.filter, where }
  }
  if (/^[\w-]+$/.test(given)) throw new InputError(describeMissing(given, segments))
  return {
    name: null,
    filter: given,
    where: parseFilter(given, { types: attributes, where: 'the filter', line: null }),
  }
}

function describeMissing(given: string, segments: Declared['segments']): string {
  const names = segments.map(({ name }) => name)
  const near = nearest(given, names)
  const there =
    near !== null
      ? `did you mean "${near}"?`
      : names.length > 0
        ? `there is ${names.join(', ')}.`
        : `${PUBLICATION_FILE} names none.`
  return `there is no segment "${given.slice(0, 80)}"; ${there} A filter is written like country = "DE" and joined < 90d`
}

export function writeSegment({ name, filter, where }: Segment): string {
  return JSON.stringify({ name, filter, where })
}

export function readSegment(json: string): Segment {
  // Written by `writeSegment` alone.
  return JSON.parse(json) as Segment
}

/** `new-readers (joined < 90d)`, or the filter. */
export function describeSegment({ name, filter }: Pick<Segment, 'name' | 'filter'>): string {
  return name === null ? filter : `${name} (${filter})`
}

/** `select subscriber_id …`: everyone on a List who is of the Segment, whatever their status. */
export async function selectSegment(
  query: Query,
  { where }: Pick<Segment, 'where'>,
  moment: Moment & { readonly listId: number },
) {
  const truth = await selectCondition(query, where, moment)
  return sql<{ subscriber_id: number }>`select subscription.subscriber_id from subscription
    join subscriber on subscriber.id = subscription.subscriber_id
    where subscription.list_id = ${moment.listId} and ${truth}`
}
