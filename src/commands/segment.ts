/** `pressrun segment`: who on a List a filter is true of, counted before anything is sent. */

import { findList } from '../audience/list.js'
import {
  attributesOfNobody,
  countMatching,
  countOnList,
  firstOfSegment,
  type SegmentPerson,
  type Statuses,
} from '../audience/segment/people.js'
import { describeSegment, findSegment, type Segment } from '../audience/segment/segment.js'
import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'
import { PUBLICATION_FILE, type Publication } from '../issue/publication.js'
import { readPublication } from '../issue/read.js'
import type { Keys } from '../link/token.js'
import { alignColumns, type Cell, formatNumber } from '../report/columns.js'
import { countOutlook, type Outlook } from '../send/outlook.js'
import { calendarOf } from './send-crowd.js'

export interface SegmentCount extends Pick<Segment, 'name' | 'filter'> {
  readonly list: string
  /** Everyone on the List. */
  readonly onList: Statuses
  /** Whom of them the filter is true of. */
  readonly matching: Statuses
  /** `audience`: all of those, whatever their status; `mailable`: who would get an Issue now. */
  readonly outlook: Outlook
}

export interface SegmentAnswer extends SegmentCount {
  readonly shown: readonly SegmentPerson[]
  /** Attributes it asks for that nobody on the List has. */
  readonly attributesOfNobody: readonly string[]
}

interface SegmentContext {
  readonly root: string
  readonly query: Query
  readonly keys: Keys
  readonly now: () => number
}

const MAX_SHOWN = 1_000

/** Throws InputError for what is no filter, and no name of one. */
export async function segmentCommand(
  { listName, said, show }: { readonly listName: string; readonly said: string; readonly show: number },
  context: SegmentContext,
): Promise<SegmentAnswer> {
  const { root, query, now } = context
  const publication = await readPublication(root)
  const segment = findSegment(said, publication)
  const { id: listId } = await findList(query, listName)
  const moment = { listId, asOf: now(), zone: calendarOf(publication) }
  const counted = await count(segment, { listName, publication }, context)
  return {
    ...counted,
    shown: show === 0 ? [] : await firstOfSegment(query, segment, { ...moment, count: show }),
    attributesOfNobody: await attributesOfNobody(query, segment, listId),
  }
}

/** Every one that newsletter.yaml names. Throws InputError for what is no filter, with its line. */
export async function segmentsCommand(
  listName: string,
  context: SegmentContext,
): Promise<readonly SegmentCount[]> {
  const publication = await readPublication(context.root)
  await findList(context.query, listName)
  const segments = publication.segments.map(({ name }) => findSegment(name, publication))
  const counts: SegmentCount[] = []
  for (const segment of segments) counts.push(await count(segment, { listName, publication }, context))
  return counts
}

async function count(
  segment: Segment,
  { listName, publication }: { readonly listName: string; readonly publication: Publication },
  { query, keys, now }: SegmentContext,
): Promise<SegmentCount> {
  const { id: listId, name: list } = await findList(query, listName)
  const { name, filter } = segment
  const calendar = calendarOf(publication)
  // No Issue has such a slug.
  const outlook = await countOutlook(query, {
    slug: '',
    topics: [],
    listId,
    segment,
    calendar,
    keys,
    now: now(),
  })
  const matching = await countMatching(query, segment, { listId, asOf: now(), zone: calendar })
  return { list, name, filter, onList: await countOnList(query, listId), matching, outlook }
}

export function readShow(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : MAX_SHOWN + 1
  if (count > MAX_SHOWN) throw new InputError(`--show: "${text}" is no number up to ${MAX_SHOWN}`)
  return count
}

/** What is left out adds up with who would get it to all who match. */
export function printSegment({ list, onList, matching, outlook, shown, ...segment }: SegmentAnswer): string {
  const { active, pending, unsubscribed } = matching
  const lines = [
    `${formatNumber(active)} of ${formatNumber(onList.active)} active on "${list}" where ${describeSegment(segment)}`,
    ...(unsubscribed === 0 ? [] : [`${formatNumber(unsubscribed)} more would match, but have left`]),
    ...(pending === 0 ? [] : [`${formatNumber(pending)} more would match, but have not confirmed yet`]),
    `${formatNumber(outlook.mailable)} of ${active === outlook.audience ? 'them' : `all ${formatNumber(outlook.audience)}`} would get an issue now`,
    ...Object.entries(outlook.excluded).map(
      ([reason, count]) => `  left out, ${reason}: ${formatNumber(count)}`,
    ),
  ]
  if (shown.length > 0)
    lines.push('', ...alignColumns(shown.map(({ address, name, status }): Cell[] => [address, name, status])))
  return `${lines.join('\n')}\n`
}

export function printSegments(counts: readonly SegmentCount[]): string {
  if (counts.length === 0)
    return `${PUBLICATION_FILE} names no segments; write segments: and below it new-readers: joined < 90d\n`
  const rows = counts.map(({ name, filter, matching, outlook }): Cell[] => [
    name ?? '',
    matching.active,
    outlook.mailable,
    filter,
  ])
  return `${alignColumns([['segment', 'active', 'would get it', 'filter'], ...rows]).join('\n')}\n`
}
