/**
 * Quota: how many messages a relay may still be given today, counted from the Attempts in the database. Each worker takes
 * its part of what is left and counts again before long, less what the others may still take by their last counts, so all
 * together never give more; the last few of a day, fewer than there are workers, may be left over.
 */

import type { Query } from '../../db/db.js'
import { beginOfDay, type DayTerms, dayLimit } from './sending-day.js'

/** Attempts are on record within that; older ones need no second look. */
const SETTLED_MS = 15_000
/** All are counted again that often once the day is used up: whoever took a turn and made no Attempt is found so. */
const RECOUNT_MS = 10_000
/** What is counted holds so long; each worker counts far more often. */
const COUNT_HOLDS_MS = 7_000

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
  /** How many share it; Infinity: nothing of it is to be taken here for now. */
  readonly workers: () => number
}

/** Attempts of a day, as they were at a moment. */
interface Count {
  readonly day: number
  readonly at: number
  readonly count: number
}

export function openQuota({ relay, terms, query, now, workers }: QuotaOptions): Quota {
  /** Counted for good: those of `day` until `upTo`. */
  let base = { day: Number.NaN, upTo: 0, count: 0 }
  /** The last counts of a day, the newest first; the oldest is the first that holds no more. */
  let seen: readonly Count[] = []
  let recountedAt = Number.NEGATIVE_INFINITY
  let underWay = 0
  /** Taken by us, and perhaps not among those that were counted. */
  let taken = 0

  function left(): number {
    const time = now()
    const limit = dayLimit(terms, time)
    if (limit === null) return Number.POSITIVE_INFINITY
    const [last] = seen
    if (last === undefined || time - last.at > COUNT_HOLDS_MS) return 0
    // The first count of a new day comes in a moment; what was taken since is known.
    const isOfToday = last.day === beginOfDay(time)
    const unused = limit - (isOfToday ? last.count : 0)
    const before = limit - (isOfToday ? (seen.at(-1)?.count ?? 0) : 0)
    const all = workers()
    if (all === Number.POSITIVE_INFINITY) return 0
    // Each of the others may still have its part of what was left when it counted.
    const others = (all - 1) * Math.max(Math.floor(before / all), 0)
    return Math.min(Math.floor(unused / all), unused - others) - taken
  }

  function note(count: Count): void {
    const ofDay = [count, ...seen.filter(({ day }) => day === count.day)]
    const firstPast = ofDay.findIndex(({ at }) => count.at - at >= COUNT_HOLDS_MS)
    seen = firstPast === -1 ? ofDay : ofDay.slice(0, firstPast + 1)
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
      note({ day, at: time, count: count + tail })
      // Those that were under way may be among the counted or not.
      taken = before + (taken - takenBefore)
    },
    sight: () => ({ today: (seen[0]?.count ?? 0) + taken, limit: dayLimit(terms, now()) }),
  }
}
