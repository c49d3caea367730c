/**
 * Lanes by mail exchanger: many domains are received by a large provider under names of their own. Looked up at freeze,
 * for domains that stand in no table, and remembered in the database. A look-up that takes too long is given up, and its
 * domain is in lane `other` this time: a freeze is never held up for more than seconds.
 */

import type { MxRecord } from 'node:dns'
import { sql } from 'kysely'
import { clock, type Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import { laneOf, laneOfExchanger, OTHER } from './lane.js'

/** Providers are changed seldom. */
const REMEMBERED_MS = 7 * 86_400_000
const LOOK_UPS_AT_ONCE = 32
/** For all look-ups of one call. */
const DEADLINE_MS = 5_000
/** Of waiting altogether, while DNS answers slowly; a tenth of the time that passes comes back. */
const PATIENCE_MS = 20_000
/** No such domain, or none with mail exchangers: an answer too. */
const ANSWERS = new Set(['ENOTFOUND', 'ENODATA'])

export interface MxLanesOptions {
  readonly query: Query
  readonly now: () => number
  readonly monotonic: () => number
  /** As node:dns has it. */
  readonly resolveMx: (domain: string) => Promise<readonly MxRecord[]>
}

/** Lanes of domains, lower-case and in A-labels. Rejects only when the database does. */
export type FindLanes = (domains: readonly string[]) => Promise<ReadonlyMap<string, string>>

export function openMxLanes({ query, now, monotonic, resolveMx }: MxLanesOptions): FindLanes {
  let spareMs = PATIENCE_MS
  let sparedAt = monotonic()

  /** How long look-ups may take now. */
  function patience(): number {
    const time = monotonic()
    spareMs = Math.min(spareMs + (time - sparedAt) / 10, PATIENCE_MS)
    sparedAt = time
    return Math.min(spareMs, DEADLINE_MS)
  }

  async function lookUp(domains: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    const began = monotonic()
    const deadline = began + patience()
    const rest = domains[Symbol.iterator]()
    const lookUpSome = async () => {
      for (const domain of rest) {
        const leftMs = deadline - monotonic()
        if (leftMs <= 0) return
        const lane = await within(leftMs, laneByMx(domain, resolveMx))
        if (lane !== null) found.set(domain, lane)
      }
    }
    await Promise.all(Array.from({ length: LOOK_UPS_AT_ONCE }, lookUpSome))
    spareMs -= monotonic() - began
    return found
  }

  return async (domains) => {
    const lanes = new Map(domains.map((domain) => [domain, laneOf(domain)]))
    const unknown = domains.filter((domain) => lanes.get(domain) === OTHER)
    const remembered = await readRemembered(unknown, { query, now })
    const found = await lookUp(unknown.filter((domain) => !remembered.has(domain)))
    await remember(found, { query, now })
    for (const [domain, lane] of [...remembered, ...found]) lanes.set(domain, lane)
    return lanes
  }
}

/** Null: nobody could say. */
async function laneByMx(domain: string, resolveMx: MxLanesOptions['resolveMx']): Promise<string | null> {
  try {
    const records = await resolveMx(domain)
    const [first] = [...records].sort((one, other) => one.priority - other.priority)
    return first === undefined ? OTHER : laneOfExchanger(first.exchange)
  } catch (error) {
    return error instanceof Error && 'code' in error && ANSWERS.has(String(error.code)) ? OTHER : null
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

type Context = Pick<MxLanesOptions, 'query' | 'now'>

async function readRemembered(
  domains: readonly string[],
  { query, now }: Context,
): Promise<ReadonlyMap<string, string>> {
  if (domains.length === 0) return new Map()
  const given = rowsOf(
    query,
    { domain: 'text' },
    domains.map((domain) => ({ domain })),
  )
  const rows = await query
    .selectFrom('mx')
    .select(['domain', 'lane'])
    .where('domain', 'in', sql<string>`(select given.domain from ${given})`)
    .where(({ eb }) => eb('looked_up_at', '>', eb(clock(query, now), '-', REMEMBERED_MS)))
    .execute()
  return new Map(rows.map(({ domain, lane }) => [domain, lane]))
}

async function remember(found: ReadonlyMap<string, string>, { query, now }: Context): Promise<void> {
  if (found.size === 0) return
  const rows = [...found].map(([domain, lane]) => ({ domain, lane }))
  await transact(query, 'mx', (trx) =>
    sql`insert into mx (domain, lane, looked_up_at)
      select given.domain, given.lane, ${clock(trx, now)} from ${rowsOf(trx, { domain: 'text', lane: 'text' }, rows)}
      where true
      on conflict (domain) do update set lane = excluded.lane, looked_up_at = excluded.looked_up_at`.execute(
      trx,
    ),
  )
}
