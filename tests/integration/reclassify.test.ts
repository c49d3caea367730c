/** `pressrun reclassify`: what is there judged anew, said before and after; the Hits themselves stay as they came. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { printReclassified, reclassifyCommand } from '../../src/commands/reclassify.js'
import type { Db } from '../../src/db/db.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { CLASSIFIER_VERSION } from '../../src/event/judge/judge.js'
import { readReport } from '../../src/report/report.js'
import { openTestDb } from '../rig/database.js'
import { keptReach, plainReach } from '../rig/reach.js'
import { seedSend } from '../rig/seed.js'

const SENT_AT = Date.UTC(2026, 2, 3, 9)
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
const LINKS = Array.from({ length: 12 }, (_, index) => ({ url: `https://example.org/${index}` }))

// Past what is waited for late commits on Postgres.
let time = SENT_AT + 86_400_000
const now = () => time
let db: Db

beforeEach(async () => {
  time = SENT_AT + 86_400_000
  db = await openTestDb()
})

afterEach(() => db.close())

const reclassify = (sendId: number, { dryRun = false, onPage = (_hits: number) => {} } = {}) =>
  reclassifyCommand({ sendId, dryRun }, { query: db.query, now, onPage })

const readHits = () => db.query.selectFrom('hit').selectAll().orderBy('id').execute()
const readEvents = () => db.query.selectFrom('event').selectAll().orderBy('id').execute()
const readVerdicts = () => db.query.selectFrom('classification').selectAll().orderBy('hit_id').execute()

/** A machine on all twelve Links of each, then a person an hour later. */
async function seedScans(count: number): Promise<number> {
  const who = Array.from({ length: count }, (_, index) => ({ who: `reader${index}` }))
  const { sendId, deliveries } = await seedSend(db.query, { deliveries: who, links: LINKS, now: SENT_AT })
  for (const id of Object.values(deliveries)) await addScan(id)
  return sendId
}

async function addScan(deliveryId: number): Promise<void> {
  const asked = {
    delivery_id: deliveryId,
    method: 'GET',
    user_agent: CHROME,
    network: `10.0.${deliveryId % 250}.0/24`,
  }
  const headers = JSON.stringify({ 'accept-language': 'en' })
  const click = (link: number, after: number) =>
    ({ kind: 'click', link, at: SENT_AT + after, ...asked, headers }) as const
  const scan = LINKS.map((_, link) => click(link, 60_000 + link * 100))
  await db.query
    .insertInto('hit')
    .values([...scan, click(4, 3_660_000)])
    .execute()
}

/** As rules that see no neighbours would have left it. */
async function judgeByOldRules(): Promise<void> {
  await db.query.updateTable('classification').set({ version: 1, verdict: 'person', reasons: '' }).execute()
}

test('rules that have changed: first it is said what would change, then it is changed, and no Hit is', async () => {
  const sendId = await seedScans(3)
  await ingestOnce({ db, now })
  const sound = await readVerdicts()
  await judgeByOldRules()
  const [hits, events, old] = [await readHits(), await readEvents(), await readVerdicts()]

  const looked = await reclassify(sendId, { dryRun: true })
  expect(await readVerdicts()).toEqual(old)
  const changed = await reclassify(sendId)

  expect(looked).toEqual({ ...changed, dryRun: true, differing: 0 })
  expect(changed).toMatchObject({
    send: sendId,
    classifier: CLASSIFIER_VERSION,
    hits: 39,
    deliveries: 3,
    changed: 39,
    verdicts: [
      { kind: 'click', before: 'person', now: 'person', hits: 3 },
      { kind: 'click', before: 'person', now: 'machine', hits: 36 },
    ],
  })
  expect(await readVerdicts()).toEqual(sound)
  expect([await readHits(), await readEvents()]).toEqual([hits, events])
  expect((await readReport(db.query, sendId)).classifier).toMatchObject({
    current: CLASSIFIER_VERSION,
    versions: [{ version: CLASSIFIER_VERSION, hits: 39 }],
  })
  expect(await reclassify(sendId)).toMatchObject({ changed: 0, differing: 0 })
})

test('a click that is a person’s now shows that an uncertain Message arrived; what a dry run says shows nothing', async () => {
  const sendId = await seedScans(1)
  await ingestOnce({ db, now })
  await db.query.updateTable('classification').set({ version: 1, verdict: 'unknown', reasons: '' }).execute()
  await db.query.updateTable('delivery').set({ state: 'uncertain' }).execute()
  const state = async () => (await db.query.selectFrom('delivery').select('state').executeTakeFirst())?.state

  await reclassify(sendId, { dryRun: true })
  expect(await state()).toBe('uncertain')

  await reclassify(sendId)
  expect(await state()).toBe('sent')
})

test('what is said of it', async () => {
  const sendId = await seedScans(100)
  await ingestOnce({ db, now })
  await judgeByOldRules()

  expect(printReclassified(await reclassify(sendId, { dryRun: true }))).toBe(
    `Send ${sendId}: 1,300 hits of 100 deliveries judged by rules ${CLASSIFIER_VERSION}; 1,300 would have another verdict, reason or version

kind   before  would be   hits
click  person  person      100
click  person  machine   1,200
`,
  )
  await reclassify(sendId)
  expect(printReclassified(await reclassify(sendId))).toContain('; nothing has changed\n')
})

test('a Send that nobody has asked for anything, and one that is not there', async () => {
  const { sendId } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })

  expect(printReclassified(await reclassify(sendId))).toBe(
    `Send ${sendId}: nobody has asked for anything yet\n`,
  )
  await expect(reclassify(sendId + 1)).rejects.toThrow(`there is no Send ${sendId + 1}`)
})

test('Hits that come in meanwhile are judged and counted once', async () => {
  const sendId = await seedScans(40)
  await ingestOnce({ db, now })
  await judgeByOldRules()
  const { id } = await db.query.selectFrom('delivery').select('id').limit(1).executeTakeFirstOrThrow()

  await Promise.all([
    reclassify(sendId),
    addScan(id).then(() => ingestOnce({ db, now })),
    addScan(id + 1).then(() => ingestOnce({ db, now })),
  ])
  await ingestOnce({ db, now })

  expect(await reclassify(sendId)).toMatchObject({ hits: 42 * 13, changed: 0, differing: 0 })
  expect(await keptReach(db.query, sendId)).toEqual(await plainReach(db.query, sendId))
})

test('one that died in the middle is mended by the next, which waits until it is sure that it did', async () => {
  const sendId = await seedScans(1_100)
  await ingestOnce({ db, now })
  await judgeByOldRules()
  const die = () => {
    throw new Error('killed')
  }
  await expect(reclassify(sendId, { onPage: die })).rejects.toThrow('killed')
  const versions = new Set((await readVerdicts()).map(({ version }) => version))
  expect(versions).toEqual(new Set([1, CLASSIFIER_VERSION]))

  await expect(reclassify(sendId)).rejects.toThrow('being made anew by another process')
  time += 60_000
  await reclassify(sendId)

  expect(await reclassify(sendId)).toMatchObject({ hits: 1_100 * 13, changed: 0, differing: 0 })
})
