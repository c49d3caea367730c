/**
 * How many Hits of one Delivery are kept one by one in a day (UTC); what comes beyond is counted. So one Token that is
 * asked a million times takes no more room than a few keen readers. When a machine has used it up, each network has a few
 * more of its own: the reader must not vanish behind it. Remembered in memory; the database is asked only about Deliveries
 * that are hit again and again, so a new process, or one beside others, may keep some more.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf, readRows } from '../db/rows.js'
import { countUnfiled } from './file-hits.js'
import type { Hit } from './hit.js'

/** Far more than a person reads, and than a forwarded issue is worth telling apart. */
export const KEPT_A_DAY = 200
/** Beyond that, of each network; and of so many networks. */
export const KEPT_OF_NETWORK = 20
export const MOST_NETWORKS = 50
/** Hits of one Delivery after which what is stored of it is read again. */
const LOOK_AFTER = 20
/** Deliveries a generation, at about 100 bytes; there are two. */
const MAX_REMEMBERED = 25_000
const DAY_MS = 86_400_000

type Counted = Pick<Hit, 'deliveryId' | 'network'>

export interface Allowance {
  /**
   * Of these Hits, in their order: which may be kept. Known at once, unless the database has to be asked; rejects when that
   * does not say.
   */
  take(hits: readonly Counted[]): readonly boolean[] | Promise<readonly boolean[]>
}

interface Remembered {
  /** How many may still be kept. */
  left: number
  /** How many may still be kept until the database is asked. */
  untilLook: number
  /** By network, how many were kept beyond the allowance; null until it is used up. */
  beyond: Map<string, number> | null
}

export function openAllowance({
  query,
  now,
}: {
  readonly query: Query
  readonly now: () => number
}): Allowance {
  // In two generations, of which the older is dropped whole: to find a Map's oldest key takes long after many were deleted.
  let young = new Map<number, Remembered>()
  let old = new Map<number, Remembered>()
  let day = 0

  function take(hits: readonly Counted[]): readonly boolean[] | Promise<readonly boolean[]> {
    turnDay()
    const entries = hits.map(({ deliveryId }) => entryOf(deliveryId))
    const due = new Set<number>()
    entries.forEach((entry, index) => {
      if (entry.left <= 0) return
      entry.untilLook -= 1
      if (entry.untilLook < 0) due.add(hits[index]?.deliveryId ?? 0)
    })
    const decide = () => entries.map((entry, index) => takeOne(entry, hits[index]?.network ?? ''))
    return due.size === 0 ? decide() : look([...due]).then(decide)
  }

  function turnDay(): void {
    const today = Math.floor(now() / DAY_MS)
    if (today === day) return
    young = new Map()
    old = new Map()
    day = today
  }

  function entryOf(deliveryId: number): Remembered {
    const known = young.get(deliveryId)
    if (known !== undefined) return known
    const entry = old.get(deliveryId) ?? { left: KEPT_A_DAY, untilLook: LOOK_AFTER, beyond: null }
    if (young.size >= MAX_REMEMBERED) {
      old = young
      young = new Map()
    }
    young.set(deliveryId, entry)
    return entry
  }

  async function look(deliveryIds: readonly number[]): Promise<void> {
    for (const [id, stored] of await countStored(query, { deliveryIds, since: day * DAY_MS })) {
      const entry = entryOf(id)
      // Never more than it was: in a flood what was kept lies further back than is looked for.
      entry.left = Math.min(entry.left, KEPT_A_DAY - stored)
      entry.untilLook = LOOK_AFTER
    }
  }

  return { take }
}

function takeOne(entry: Remembered, network: string): boolean {
  if (entry.left <= 0) return takeBeyond(entry, network)
  entry.left -= 1
  return true
}

function takeBeyond(entry: Remembered, network: string): boolean {
  entry.beyond ??= new Map()
  const kept = entry.beyond.get(network) ?? 0
  if (kept >= KEPT_OF_NETWORK || (kept === 0 && entry.beyond.size >= MOST_NETWORKS)) return false
  entry.beyond.set(network, kept + 1)
  return true
}

/** Reads no more of each than the allowance, newest first, so an old and busy Delivery costs no more than another. */
async function countStored(
  query: Query,
  { deliveryIds, since }: { readonly deliveryIds: readonly number[]; readonly since: number },
): Promise<ReadonlyMap<number, number>> {
  const rows = await readRows(
    query,
    sql<{ id: number; stored: number }>`
    select given.id, (
      select count(*) from (
        select hit.at from hit where hit.delivery_id = given.id and hit.is_filed = 1 order by hit.id desc limit ${sql.lit(KEPT_A_DAY)}
      ) as newest where newest.at >= ${since}
    ) as stored from ${idsOf(query, deliveryIds)}`,
  )
  const unfiled = await countUnfiled(query, { deliveryIds, since })
  return new Map(rows.map(({ id, stored }) => [Number(id), Number(stored) + (unfiled.get(Number(id)) ?? 0)]))
}
