/**
 * Turns Hits into Events and classifications. Safe to run twice, at once, and after a crash: a Hit makes one Event at
 * most (`event.hit_id` is unique) and has one classification.
 *
 * The cursor in `meta` says up to which id every Hit is done. On Postgres an id is drawn before its row is committed,
 * so a lower id may appear after a higher one: the cursor follows SETTLE_MS behind, and everything above it that has no
 * classification yet is read in each pass.
 */

import { sql } from 'kysely'
import { type Db, engineOf, type Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import { classify } from './classify.js'
import { CLASSIFIER_VERSION } from './judge/judge.js'

const CURSOR = 'ingest.cursor'
/** A Hit is one short statement: two minutes is far more than it may lie between its id and its commit. */
const SETTLE_MS = { sqlite: 0, postgres: 120_000 } as const
const PAGE = 1_000

export interface IngestContext {
  readonly db: Pick<Db, 'query'>
  readonly now: () => number
}

/** One pass over all Hits that are not done; returns how many it classified. */
export async function ingestOnce({ db: { query }, now }: IngestContext): Promise<number> {
  const cursor = await readCursor(query)
  // Read before the pages, so that whatever lies at or below it is on one of them.
  const settled = await readSettled(query, cursor, now() - SETTLE_MS[engineOf(query)])
  let done = 0
  let after = cursor
  for (;;) {
    const page = await readPage(query, after)
    const last = page.at(-1)
    if (last === undefined) break
    await writePage(query, page)
    done += page.length
    after = last.id
  }
  if (settled > cursor) await moveCursor(query, settled)
  return done
}

async function readCursor(query: Query): Promise<number> {
  const row = await query.selectFrom('meta').select('value').where('key', '=', CURSOR).executeTakeFirst()
  return Number(row?.value ?? 0)
}

async function readSettled(query: Query, cursor: number, before: number): Promise<number> {
  const row = await query
    .selectFrom('hit')
    .select(({ fn }) => fn.max('id').as('id'))
    .where('id', '>', cursor)
    .where('at', '<=', before)
    .executeTakeFirst()
  return Number(row?.id ?? cursor)
}

type HitRow = Awaited<ReturnType<typeof readPage>>[number]

/** Deliveries may have been erased meanwhile; such a Hit is classified, but is about nobody. */
function readPage(query: Query, after: number) {
  return query
    .selectFrom('hit')
    .leftJoin('delivery', 'delivery.id', 'hit.delivery_id')
    .leftJoin('send', 'send.id', 'delivery.send_id')
    .leftJoin('classification as known', 'known.hit_id', 'hit.id')
    .select([
      'hit.id',
      'hit.kind',
      'hit.delivery_id',
      'hit.link',
      'hit.method',
      'hit.user_agent',
      'hit.headers',
      'hit.at',
      'delivery.subscriber_id',
      'delivery.send_id',
      'send.list_id',
    ])
    .where('hit.id', '>', after)
    .where('known.hit_id', 'is', null)
    .orderBy('hit.id')
    .limit(PAGE)
    .execute()
}

async function writePage(query: Query, page: readonly HitRow[]): Promise<void> {
  await transact(query, 'ingest', async (trx) => {
    await insertEvents(trx, page.filter(isEvent))
    await insertClassifications(trx, page)
  })
}

/**
 * Opens and clicks. A HEAD asks about a thing without having it: no Event. Whether a GET was a person is the
 * classification's business. A form has written its Event itself.
 */
function isEvent({ kind, method, send_id }: HitRow): boolean {
  return (kind === 'open' || kind === 'click') && method === 'GET' && send_id !== null
}

async function insertEvents(query: Query, hits: readonly HitRow[]): Promise<void> {
  const rows = hits.map((hit) => ({
    kind: hit.kind === 'open' ? 'opened' : 'clicked',
    at: hit.at,
    subscriber_id: hit.subscriber_id,
    list_id: hit.list_id,
    send_id: hit.send_id,
    delivery_id: hit.delivery_id,
    link: hit.link,
    hit_id: hit.id,
  }))
  const given = rowsOf(query, EVENT_COLUMNS, rows)
  // "where true" lets SQLite tell ON CONFLICT from a join's ON.
  await sql`
    insert into event (kind, at, subscriber_id, list_id, send_id, delivery_id, link, hit_id, detail)
    select kind, at, subscriber_id, list_id, send_id, delivery_id, link, hit_id, '{}' from ${given} where true
    on conflict (hit_id) do nothing`.execute(query)
}

const EVENT_COLUMNS = {
  kind: 'text',
  at: 'integer',
  subscriber_id: 'integer',
  list_id: 'integer',
  send_id: 'integer',
  delivery_id: 'integer',
  link: 'integer',
  hit_id: 'integer',
} as const

async function insertClassifications(query: Query, hits: readonly HitRow[]): Promise<void> {
  const rows = hits.map((hit) => {
    const { verdict, reasons } = classify({
      kind: hit.kind,
      method: hit.method,
      userAgent: hit.user_agent,
      headers: JSON.parse(hit.headers),
    })
    return { hit_id: hit.id, version: CLASSIFIER_VERSION, verdict, reasons: reasons.join(',') }
  })
  const given = rowsOf(query, CLASSIFICATION_COLUMNS, rows)
  await sql`
    insert into classification (hit_id, version, verdict, reasons)
    select hit_id, version, verdict, reasons from ${given} where true
    on conflict (hit_id) do nothing`.execute(query)
}

const CLASSIFICATION_COLUMNS = {
  hit_id: 'integer',
  version: 'integer',
  verdict: 'text',
  reasons: 'text',
} as const

/** Only forward: another process may be further. */
async function moveCursor(query: Query, to: number): Promise<void> {
  await sql`
    insert into meta (key, value) values (${CURSOR}, ${String(to)})
    on conflict (key) do update set value = excluded.value
    where cast(meta.value as bigint) < cast(excluded.value as bigint)`.execute(query)
}
