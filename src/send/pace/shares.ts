/**
 * Shares: which part of every limit is this worker's. Alone on its database, or with a Redis that all reach, the whole is
 * everybody's; without Redis each keeps to an equal part, by the signs of life in the database. Who goes over from one to
 * the other says so, and waits until the others have seen it.
 */

import { clock, type Query } from '../../db/db.js'
import { IDLE } from './sight.js'

/** How often each shows a sign of life and reads the others'. */
export const BEAT_MS = 2_000
/** A worker that has not been seen for that long is gone. */
const LIVE_MS = 10_000
/** One that could not say so for that long does not begin anything: the others may have counted it out. */
const SILENT_MS = 7_000
/** A row that its worker has left behind. */
const LEFT_MS = 86_400_000
/** Until everybody has seen a change. */
const SETTLE_MS = 2 * BEAT_MS

export interface Share {
  /** 0 to 1. */
  readonly part: number
  /** On the timeline that all share, or on one of its own. */
  readonly isCommon: boolean
}

export interface Shares {
  now(): Share
  /** Redis can't be had: from now on each keeps to its part. */
  loseRedis(): void
  /** How many workers show signs of life, this one included. */
  workers(): number
  /**
   * Into how many parts falls what there is for all of them in a day; Infinity: none of it is this worker's, since the
   * others may not count with it yet, or not any more.
   */
  parts(): number
  /** Shows a sign of life, with what is seen here, and reads the others'. */
  beat(seen: string): Promise<void>
  /** The last sign: it ends. */
  end(): Promise<void>
}

export interface SharesOptions {
  readonly query: Query
  readonly owner: string
  readonly now: () => number
  readonly monotonic: () => number
  /** No other process can deliver from this database. */
  readonly isOnlyOne: boolean
  /** Can Redis be had again? */
  readonly isRedisBack: () => Promise<boolean>
}

const WHOLE: Share = { part: 1, isCommon: false }
const COMMON: Share = { part: 1, isCommon: true }
const NONE: Share = { part: 0, isCommon: false }

export function openShares({ query, owner, now, monotonic, isOnlyOne, isRedisBack }: SharesOptions): Shares {
  let workers = 1
  let areOthersAlone = false
  /** Without Redis since; null: with it. */
  let aloneSince: number | null = null
  let backSince = Number.NEGATIVE_INFINITY
  let heardAt = Number.NEGATIVE_INFINITY
  /** Since when the others could read of it without a gap. */
  let seenSince = Number.POSITIVE_INFINITY
  /** When the others could have read that we are alone. */
  let saidAloneAt: number | null = null
  let said: string | null = null

  function share(): Share {
    const time = monotonic()
    if (isOnlyOne) return WHOLE
    if (time - heardAt > SILENT_MS) return NONE
    const part = 1 / workers
    if (aloneSince !== null)
      return saidAloneAt !== null && time - saidAloneAt >= SETTLE_MS ? { part, isCommon: false } : NONE
    // The timeline of all is used up to our part, as long as others do without it or may not know that we are back.
    return areOthersAlone || time - backSince < SETTLE_MS ? { part, isCommon: true } : COMMON
  }

  return {
    now: share,
    loseRedis() {
      aloneSince ??= monotonic()
    },
    workers: () => workers,
    parts() {
      if (isOnlyOne) return 1
      const time = monotonic()
      const isKnown = time - seenSince >= SILENT_MS || workers === 1
      return time - heardAt <= SILENT_MS && isKnown ? workers : Number.POSITIVE_INFINITY
    },
    async beat(seen) {
      if (aloneSince !== null && (await isRedisBack())) {
        aloneSince = null
        saidAloneAt = null
        backSince = monotonic()
      }
      const asked = monotonic()
      const isAlone = aloneSince !== null
      // Nobody else waits for a sign of the only one, so an idle engine leaves the disk in peace.
      const isNews = seen !== said || (seen !== IDLE && asked - heardAt >= LIVE_MS)
      if (!isOnlyOne || isNews) await writeSign({ query, owner, now }, { isAlone, seen })
      if (asked - heardAt > SILENT_MS) seenSince = monotonic()
      if (said === null) await forgetGone({ query, owner, now }, isOnlyOne ? 0 : LEFT_MS)
      said = seen
      if (isAlone) saidAloneAt ??= monotonic()
      if (!isOnlyOne) {
        const others = await readOthers({ query, owner, now })
        workers = others.length + 1
        areOthersAlone = others.some(({ is_alone }) => is_alone === 1)
      }
      if (!isOnlyOne || isNews) heardAt = asked
    },
    async end() {
      await query.deleteFrom('worker').where('owner', '=', owner).execute()
    },
  }
}

type Sign = Pick<SharesOptions, 'query' | 'owner' | 'now'>

async function writeSign(
  { query, owner, now }: Sign,
  { isAlone, seen }: { readonly isAlone: boolean; readonly seen: string },
): Promise<void> {
  const row = { seen_at: clock(query, now), is_alone: isAlone ? 1 : 0, seen }
  await query
    .insertInto('worker')
    .values({ owner, ...row })
    .onConflict((conflict) => conflict.column('owner').doUpdateSet(row))
    .execute()
}

async function forgetGone({ query, owner, now }: Sign, ageMs: number): Promise<void> {
  await query
    .deleteFrom('worker')
    .where('owner', '!=', owner)
    .where(({ eb }) => eb('seen_at', '<', eb(clock(query, now), '-', ageMs)))
    .execute()
}

async function readOthers({ query, owner, now }: Sign) {
  return query
    .selectFrom('worker')
    .select(['owner', 'is_alone'])
    .where('owner', '!=', owner)
    .where(({ eb }) => eb('seen_at', '>', eb(clock(query, now), '-', LIVE_MS)))
    .execute()
}
