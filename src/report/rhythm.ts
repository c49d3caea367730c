/** Rhythm: how often a List has brought something lately, in a word for those who think of subscribing. */

import type { Query } from '../db/db.js'

export type Rhythm = 'daily' | 'weekly' | 'fortnightly' | 'monthly' | 'rarely'

const DAY_MS = 86_400_000
/** Sends that are looked at; fewer than the least say nothing. */
const NEWEST = 9
const LEAST = 3
/** Up to so many days between two, on the whole. */
const RHYTHMS: readonly (readonly [days: number, rhythm: Rhythm])[] = [
  [2.5, 'daily'],
  [10, 'weekly'],
  [20, 'fortnightly'],
  [45, 'monthly'],
]

/** Null: too few to say. */
export async function rhythmOf(query: Query, listId: number): Promise<Rhythm | null> {
  const rows = await query
    .selectFrom('send')
    .select(({ fn }) => fn.min<number>('started_at').as('at'))
    .where('list_id', '=', listId)
    .where('started_at', 'is not', null)
    .groupBy('issue_id')
    .orderBy('at', 'desc')
    .limit(NEWEST)
    .execute()
  return readRhythm(rows.map(({ at }) => at))
}

/** `times`, ms, the newest first. The median, so that a summer's break changes nothing. */
export function readRhythm(times: readonly number[]): Rhythm | null {
  if (times.length < LEAST) return null
  const gaps = times
    .slice(1)
    .map((time, index) => (times[index] ?? time) - time)
    .sort((a, b) => a - b)
  const median = (gaps[Math.floor(gaps.length / 2)] ?? 0) / DAY_MS
  return RHYTHMS.find(([days]) => median <= days)?.[1] ?? 'rarely'
}
