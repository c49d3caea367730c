/** After as long as the publication says, a request no longer says who asked; and no number is another. */

import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { PURGED, purgeHits } from '../../src/event/purge.js'
import { rejudge } from '../../src/event/rejudge.js'
import { makeKeys } from '../../src/link/token.js'
import { readReport } from '../../src/report/report.js'
import { erase } from '../../src/track/erase.js'
import { purgeFeedback } from '../../src/track/feedback/purge.js'
import { purgeOnce, startPurge } from '../../workers/purge.js'
import { publicationOf } from '../rig/archive.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const DAY_MS = 86_400_000
const START = Date.UTC(2026, 0, 1)
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])

let db: Db
let time = START
const now = () => time

beforeEach(async () => {
  time = START
  db = await openTestDb()
})

afterEach(() => db.close())

const keeping = (keepDays: number | null) => async () =>
  publicationOf({ tracking: { ...publicationOf().tracking, keepDays } })

/** Asked at these days after the start, each opened and clicked. */
async function seedHits(days: readonly number[]) {
  const links = [{ url: 'https://example.com/' }]
  const seeded = await seedSend(db.query, {
    deliveries: days.map((_, index) => ({ who: `reader${index}` })),
    links,
    state: 'finished',
    now: START,
  })
  const hits = openHits({ db, now })
  for (const [index, day] of days.entries()) {
    time = START + day * DAY_MS
    const asked = {
      deliveryId: seeded.deliveries[`reader${index}`] ?? 0,
      method: 'GET',
      userAgent: safari,
      network: '203.0.113.0/24',
      headers: { accept: 'text/html', 'accept-language': 'en' },
    }
    await hits.record({ ...asked, kind: 'open', link: null })
    time += 60_000
    await hits.record({ ...asked, kind: 'click', link: 0 })
  }
  await hits.close()
  return seeded
}

/** Puts down that `count` Hits of one Delivery came, without asking the web for each. */
async function seedMany(count: number): Promise<void> {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }], now: START })
  for (let from = 0; from < count; from += 500) {
    const rows = Array.from({ length: Math.min(500, count - from) }, (_, index) => ({
      kind: 'open' as const,
      delivery_id: deliveries.alice ?? 0,
      link: null,
      method: 'GET',
      user_agent: safari,
      network: '203.0.113.0/24',
      headers: '{}',
      at: START + from + index,
    }))
    await db.query.insertInto('hit').values(rows).execute()
  }
  const ids = await db.query.selectFrom('hit').select('id').execute()
  for (let from = 0; from < ids.length; from += 500)
    await db.query
      .insertInto('classification')
      .values(
        ids
          .slice(from, from + 500)
          .map(({ id }) => ({ hit_id: id, version: 1, verdict: 'unknown' as const, reasons: '' })),
      )
      .execute()
}

const countWhole = async () => {
  const rows = await db.query.selectFrom('hit').select('id').where('headers', '!=', PURGED.headers).execute()
  return rows.length
}

test('who asked goes, to the millisecond; when, which Link and what it was taken for stay', async () => {
  await seedHits([0, 10, 20])
  await ingestOnce({ db, now })
  const before = await db.query.selectFrom('hit').selectAll().orderBy('id').execute()
  const verdicts = await db.query.selectFrom('classification').selectAll().orderBy('hit_id').execute()
  time = START + 40 * DAY_MS

  // The Hit of day 10 is 30 days old, which is not older than that.
  await purgeOnce({ query: db.query, publication: keeping(30), now })

  const after = await db.query.selectFrom('hit').selectAll().orderBy('id').execute()
  expect(after).toEqual(before.map((hit, index) => (index < 2 ? { ...hit, ...PURGED } : hit)))
  expect(await db.query.selectFrom('classification').selectAll().orderBy('hit_id').execute()).toEqual(
    verdicts,
  )

  time += 1
  await purgeOnce({ query: db.query, publication: keeping(30), now })
  expect(await countWhole()).toBe(3)
})

test('every number of the Report is the same before and after, and stays so when Hits come later', async () => {
  const { sendId, deliveries } = await seedHits([0, 1, 2])
  await ingestOnce({ db, now })
  const before = await readReport(db.query, sendId)
  time = START + 500 * DAY_MS

  await purgeOnce({ query: db.query, publication: keeping(400), now })
  await ingestOnce({ db, now })

  expect(await countWhole()).toBe(0)
  expect(await readReport(db.query, sendId)).toEqual(before)

  await rejudge(db.query, sendId, { now, onPage: () => {} })
  expect(await readReport(db.query, sendId)).toEqual(before)

  // Again by the same person: their earlier Hits keep their verdicts.
  const hits = openHits({ db, now })
  await hits.record({
    kind: 'open',
    link: null,
    deliveryId: deliveries.reader0 ?? 0,
    method: 'GET',
    userAgent: safari,
    network: '203.0.113.0/24',
    headers: {},
  })
  await hits.close()
  await ingestOnce({ db, now })
  const { opens, clicks } = await readReport(db.query, sendId)
  expect(clicks).toEqual(before.clicks)
  expect(opens.person).toBe(before.opens.person)
})

test('what the rules have not seen is kept until they have', async () => {
  await seedHits([0, 1])
  time = START + 500 * DAY_MS
  const purge = () => purgeOnce({ query: db.query, publication: keeping(400), now })

  await purge()
  expect(await countWhole()).toBe(4)

  await ingestOnce({ db, now })
  await purge()
  expect(await countWhole()).toBe(0)
  const verdicts = await db.query.selectFrom('classification').select('verdict').execute()
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['person', 'person', 'person', 'person'])
})

test.each([
  ['for ever', keeping(null)],
  ['and nobody knows for how long', async () => null],
])('where all is kept %s, nothing goes', async (_what, publication) => {
  await seedHits([0])
  await ingestOnce({ db, now })
  time = START + 9_999 * DAY_MS

  expect(await purgeOnce({ query: db.query, publication, now })).toBe(0)
  expect(await countWhole()).toBe(2)
})

test('it goes in steps of a thousand, on from where it was broken off, and twice at once does no harm', async () => {
  await seedMany(2_300)

  expect(await purgeHits(db.query, START + DAY_MS)).toBe(1_000)
  expect(await countWhole()).toBe(1_300)
  await Promise.all([1, 2, 3].map(() => purgeHits(db.query, START + DAY_MS)))
  await purgeOnce({ query: db.query, publication: keeping(1), now: () => START + 2 * DAY_MS })

  expect(await countWhole()).toBe(0)
  expect(await purgeHits(db.query, START + DAY_MS)).toBe(0)
})

test('a worker does it by itself, again and again, and ends when it is told to', async () => {
  await seedMany(1_500)
  time = START + 2 * DAY_MS
  let asked = 0
  let isAskedAgain = () => {}
  const askedAgain = new Promise<void>((resolve) => {
    isAskedAgain = resolve
  })
  const publication = async () => {
    asked += 1
    if (asked === 2) isAskedAgain()
    return keeping(1)()
  }

  const log = pino({ level: 'silent' })
  const purge = startPurge({ query: db.query, publication, log, now, intervalMs: 1 })
  // A second pass has begun, so the first is done.
  await askedAgain
  await purge.close()

  expect(await countWhole()).toBe(0)
})

test('what a person agreed to, and from where, is proof and stays', async () => {
  const { deliveries } = await seedHits([0])
  const detail = JSON.stringify({ how: 'page', network: '203.0.113.0/24', agent: safari })
  await db.query
    .insertInto('event')
    .values({
      kind: 'unsubscribed',
      at: START,
      subscriber_id: null,
      list_id: null,
      send_id: null,
      delivery_id: deliveries.reader0 ?? 0,
      link: null,
      hit_id: null,
      detail,
    })
    .execute()
  await ingestOnce({ db, now })

  await purgeOnce({ query: db.query, publication: keeping(1), now: () => START + 9 * DAY_MS })

  const row = await db.query
    .selectFrom('event')
    .select('detail')
    .where('kind', '=', 'unsubscribed')
    .executeTakeFirstOrThrow()
  expect(row.detail).toBe(detail)
})

test('bytes of old Feedback that nobody understood go, and the same bytes still count once', async () => {
  const row = { source: 'maildir', verdict: 'unknown', delivery_id: null, bytes: new Uint8Array([1, 2]) }
  await db.query
    .insertInto('feedback')
    .values([
      ...Array.from({ length: 120 }, (_, index) => ({
        ...row,
        digest: `old ${index}`,
        detail: '{}',
        at: START,
      })),
      { ...row, digest: 'young', detail: '{}', at: START + 5 * DAY_MS },
    ])
    .execute()

  expect(await purgeFeedback(db.query, START + DAY_MS)).toBe(50)
  await purgeOnce({ query: db.query, publication: keeping(2), now: () => START + 6 * DAY_MS })

  const kept = await db.query.selectFrom('feedback').select(['digest', 'bytes']).execute()
  expect(kept).toHaveLength(121)
  expect(kept.filter(({ bytes }) => bytes !== null).map(({ digest }) => digest)).toEqual(['young'])
})

test('of whom is erased it goes at once, and nobody else is touched', async () => {
  const { sendId } = await seedHits([0, 0])
  await ingestOnce({ db, now })
  const before = await readReport(db.query, sendId)
  const { id } = await db.query
    .selectFrom('subscriber')
    .select('id')
    .where('name', '=', 'reader0')
    .executeTakeFirstOrThrow()

  await erase(db, { subscriberId: id, how: 'command', keys, now: now() })

  const rows = await db.query
    .selectFrom('hit')
    .select(['network', 'user_agent', 'headers'])
    .orderBy('id')
    .execute()
  expect(rows.slice(0, 2)).toEqual([PURGED, PURGED])
  expect(rows.slice(2).every(({ user_agent }) => user_agent === safari)).toBe(true)
  const { opens, clicks } = await readReport(db.query, sendId)
  expect({ opens, clicks }).toEqual({ opens: before.opens, clicks: before.clicks })
})
