/**
 * Turns Hits into Events, verdicts and reach. Safe to run twice, at once, and after a crash: a Hit makes one Event at most
 * (`event.hit_id` is unique), has one verdict, and is counted under the one that it has.
 *
 * The cursor in `meta` says up to which id every Hit is done. On Postgres an id is drawn before its row is committed,
 * so a lower id may appear after a higher one: the cursor moves to the highest id that was there SETTLE_MS ago, and
 * everything above it that has no verdict yet is read in each pass. When a Hit was made says nothing of when it comes:
 * some have waited for a database that was away.
 */

import { moveCursor, readCursor } from '../db/cursor.js'
import { type Db, engineOf, type Query } from '../db/db.js'
import { fileHits, readFiled } from './file-hits.js'
import { pagesByHits } from './hit-count.js'
import { CLASSIFIER_VERSION } from './judge/judge.js'
import { judgeAll } from './judged.js'
import { storeClassifications, writeJudged } from './write-judged.js'

const CURSOR = 'ingest.cursor'
/** On Postgres: the highest id that there was, and when that was. */
const MARK = 'ingest.mark'
/** A Hit is one short statement: two minutes is far more than it may lie between its id and its commit. */
const SETTLE_MS = 120_000
const PAGE = 1_000
/** Each time another has come further, so that all of them together do. */
const MOST_TURNS = 100

export interface IngestContext {
  readonly db: Pick<Db, 'query'>
  readonly now: () => number
}

/** One pass over all Hits that are not done when it begins; returns how many it looked at. */
export async function ingestOnce({ db: { query }, now }: IngestContext): Promise<number> {
  await fileHits(query)
  const cursor = await readCursor(query, CURSOR)
  // Read before the pages, so that whatever lies at or below it is on one of them.
  const settled = await readSettled(query, cursor, now())
  // As far as this and no further: in a flood there is no last one.
  const upTo = await readHighest(query, cursor)
  let done = 0
  let after = cursor
  for (;;) {
    const page = await readPage(query, { after, upTo })
    const last = page.at(-1)
    if (last === undefined) break
    await ingestHits(query, page)
    done += page.length
    after = last.id
  }
  await countSurplus(query)
  await judgeReplied(query)
  if (settled > cursor) await moveCursor(query, CURSOR, settled)
  return done
}

/** On SQLite ids are committed in their order, and what is filed is what the pages hold. */
async function readSettled(query: Query, cursor: number, now: number): Promise<number> {
  if (engineOf(query) === 'sqlite') return readFiled(query)
  const mark = await readMark(query)
  // A clock that was set back begins anew.
  if (mark !== null && mark.at > now - SETTLE_MS && mark.at <= now) return cursor
  await writeMark(query, { id: await readHighest(query, cursor), at: now })
  return mark === null || mark.at > now ? cursor : mark.id
}

async function readHighest(query: Query, cursor: number): Promise<number> {
  const row = await query
    .selectFrom('hit')
    .select(({ fn }) => fn.max('id').as('id'))
    .where('id', '>', cursor)
    .executeTakeFirst()
  return Number(row?.id ?? cursor)
}

interface Mark {
  readonly id: number
  /** Ms since 1970. */
  readonly at: number
}

async function readMark(query: Query): Promise<Mark | null> {
  const row = await query.selectFrom('meta').select('value').where('key', '=', MARK).executeTakeFirst()
  // Written by writeMark.
  return row === undefined ? null : (JSON.parse(row.value) as Mark)
}

async function writeMark(query: Query, mark: Mark): Promise<void> {
  const value = JSON.stringify(mark)
  await query
    .insertInto('meta')
    .values({ key: MARK, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

type PageHit = Awaited<ReturnType<typeof readPage>>[number]

function readPage(query: Query, { after, upTo }: { readonly after: number; readonly upTo: number }) {
  return query
    .selectFrom('hit')
    .leftJoin('delivery', 'delivery.id', 'hit.delivery_id')
    .leftJoin('classification as known', (join) =>
      // The same bound on both sides, lest a merge of the two begin with the first of all.
      join.onRef('known.hit_id', '=', 'hit.id').on('known.hit_id', '>', after),
    )
    .select(['hit.id', 'hit.delivery_id', 'delivery.state'])
    .where('hit.id', '>', after)
    .where('hit.id', '<=', upTo)
    .where('hit.is_filed', '=', 1)
    .where('known.hit_id', 'is', null)
    .orderBy('hit.id')
    .limit(PAGE)
    .execute()
}

async function ingestHits(query: Query, hits: readonly PageHit[]): Promise<void> {
  const ofNobody = hits.filter(({ state }) => state === null)
  const deliveries = [...new Set(hits.flatMap(({ state, delivery_id: id }) => (state === null ? [] : [id])))]
  for await (const ids of pagesByHits(query, deliveries)) await ingestDeliveries(query, ids)
  await storeClassifications(
    query,
    ofNobody.map(({ id }) => ({ hitId: id, now: NOBODY })),
  )
}

/** In turns with others who count the same Sends. */
async function ingestDeliveries(query: Query, ids: readonly number[]): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS; turn++)
    if (await writeJudged(query, await judgeAll(query, ids))) return
  throw new Error(
    `the reach of Deliveries ${ids[0]} to ${ids.at(-1)} was changed by others ${MOST_TURNS} times`,
  )
}

/** There is no such Delivery: it counts for nobody. */
const NOBODY = { verdict: 'unknown', reasons: ['nobody'], version: CLASSIFIER_VERSION } as const

/** Hits beyond those that are kept one by one. */
async function countSurplus(query: Query): Promise<void> {
  const rows = await query
    .selectFrom('surplus')
    .select('delivery_id')
    .distinct()
    .where(({ eb, ref }) => eb('hits', '>', ref('counted')))
    .limit(PAGE)
    .execute()
  const ids = rows.map(({ delivery_id: id }) => id)
  for await (const page of pagesByHits(query, ids)) await ingestDeliveries(query, page)
}

/** Those whose acceptance was not on record when their Hits were judged, and is now. */
async function judgeReplied(query: Query): Promise<void> {
  const rows = await query
    .selectFrom('unreplied')
    .select('delivery_id')
    // Counted for each of the few, lest Postgres read all Attempts there are to find them.
    .where(
      ({ selectFrom }) =>
        selectFrom('attempt')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('attempt.delivery_id', '=', 'unreplied.delivery_id')
          .where('attempt.outcome', '=', 'sent'),
      '>',
      0,
    )
    .limit(PAGE)
    .execute()
  const ids = rows.map(({ delivery_id: id }) => id)
  for await (const page of pagesByHits(query, ids)) await ingestDeliveries(query, page)
}
