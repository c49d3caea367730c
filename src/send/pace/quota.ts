/**
 * Quota: how many messages a relay may still be given today, counted from the Attempts in the database. Each worker takes
 * its part of what is left and counts again before long, so all together never give more; the last few of a day, fewer
 * than there are workers, may be left over.
 */

import type { Query } from '../../db/db.js'
import { beginOfDay, type DayTerms, dayLimit } from './sending-day.js'

/** Attempts are on record within that; older ones need no second look. */
const SETTLED_MS = 15_000
/** All are counted again that often once the day is used up: whoever took a turn and made no Attempt is found so. */
const RECOUNT_MS = 10_000

export interface Quota {
  isOpen(): boolean
  /** One message more; false: not today. */
  take(): boolean
  /** A message that was taken is through: its Attempt is on record, or there is none. */
  settle(): void
  /** Looks into the database. Until it has, nothing may be taken. */
  count(): Promise<void>
  sight(): { readonly today: number; readonly limit: number | null }
}

export interface QuotaOptions {
  /** As Attempts name it. */
  readonly relay: string
  readonly terms: DayTerms
  readonly query: Query
  readonly now: () => number
  readonly workers: () => number
}

export function openQuota({ relay, terms, query, now, workers }: QuotaOptions): Quota {
  /** Counted for good: those of `day` until `upTo`. */
  let base = { day: Number.NaN, upTo: 0, count: 0 }
  let seen: { readonly day: number; readonly count: number } | null = null
  let recountedAt = Number.NEGATIVE_INFINITY
  let underWay = 0
  /** Taken by us, and perhaps not among those that were counted. */
  let taken = 0

  function left(): number {
    const time = now()
    const limit = dayLimit(terms, time)
    if (limit === null) return Number.POSITIVE_INFINITY
    if (seen === null) return 0
    // The first count of a new day comes in a moment; what was taken since is known.
    const counted = seen.day === beginOfDay(time) ? seen.count : 0
    return Math.floor((limit - counted) / workers()) - taken
  }

  async function between(from: number, to: number | null): Promise<number> {
    let attempts = query
      .selectFrom('attempt')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('send_id', 'in', (send) =>
        send
          .selectFrom('send')
          .select('send.id')
          .where((any) =>
            any.or([any('send.finished_at', 'is', null), any('send.finished_at', '>=', beginOfDay(from))]),
          ),
      )
      .where('relay', '=', relay)
      .where('intended_at', '>=', from)
    if (to !== null) attempts = attempts.where('intended_at', '<', to)
    return (await attempts.executeTakeFirstOrThrow()).count
  }

  return {
    isOpen: () => left() > 0,
    take() {
      if (left() <= 0) return false
      underWay += 1
      taken += 1
      return true
    },
    settle() {
      underWay -= 1
    },
    async count() {
      const time = now()
      const day = beginOfDay(time)
      const before = underWay
      const takenBefore = taken
      const isStale = left() <= 0 && time - recountedAt >= RECOUNT_MS
      if (base.day !== day || isStale) {
        base = { day, upTo: day, count: 0 }
        recountedAt = time
      }
      const upTo = Math.max(base.upTo, time - SETTLED_MS)
      const count = base.count + (await between(base.upTo, upTo))
      const tail = await between(upTo, null)
      base = { day, upTo, count }
      seen = { day, count: count + tail }
      // Those that were under way may be among the counted or not.
      taken = before + (taken - takenBefore)
    },
    sight: () => ({ today: (seen?.count ?? 0) + taken, limit: dayLimit(terms, now()) }),
  }
}
