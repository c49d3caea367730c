/** `pressrun rebuild`: says whether the numbers were what Hits and Deliveries come to, and leaves them so. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRight, printRebuilt, rebuildCommand } from '../../src/commands/rebuild.js'
import type { Db } from '../../src/db/db.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { readReport } from '../../src/report/report.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const started = Date.parse('2026-03-01T08:00:00Z')
const now = () => started + 86_400_000
const onPage = () => {}

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

/** Alice opened twice, Bob once; it is all counted. */
async function seedRead(slug: string): Promise<number> {
  const { sendId, deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bob' }],
    state: 'finished',
    issue: { slug },
    now: started,
  })
  for (const who of ['alice', 'alice', 'bob'])
    await db.query
      .insertInto('hit')
      .values({
        kind: 'open',
        delivery_id: deliveries[who] ?? 0,
        link: null,
        method: 'GET',
        user_agent: 'Thunderbird',
        network: '192.0.2.0/24',
        headers: '{}',
        at: started + 3_600_000,
      })
      .execute()
  await ingestOnce({ db, now })
  await readReport(db.query, sendId)
  return sendId
}

test('numbers that are right are the same again, of one Send or of all', async () => {
  const first = await seedRead('2026-03-01-cranes')
  const second = await seedRead('2026-03-08-tides')
  const before = await readReport(db.query, second)

  const rebuilt = await rebuildCommand(null, { query: db.query, now, onPage })

  expect(rebuilt.map(({ send, hits, deliveries }) => [send, hits, deliveries])).toEqual([
    [first, 3, 2],
    [second, 3, 2],
  ])
  expect(rebuilt.every(isRight)).toBe(true)
  expect(printRebuilt(rebuilt)).toBe(
    `Send ${first}: 3 hits of 2 deliveries; the same numbers\nSend ${second}: 3 hits of 2 deliveries; the same numbers\n`,
  )
  expect(await readReport(db.query, second)).toEqual(before)
})

test('a number that is wrong, a verdict and a count are each found, and right from then on', async () => {
  const sendId = await seedRead('2026-03-01-cranes')
  const before = await readReport(db.query, sendId)
  await db.query.updateTable('reach').set({ hits: 9 }).where('sorted', '=', 'lane').execute()
  await db.query
    .updateTable('tally')
    .set({ content: JSON.stringify({ title: 'Wrong' }) })
    .execute()

  const [wrong, ...others] = await rebuildCommand(sendId, { query: db.query, now, onPage })

  expect(others).toEqual([])
  expect(wrong).toMatchObject({ differing: 1, drifted: 0, isTallyWrong: true })
  expect(printRebuilt(wrong ? [wrong] : [])).toBe(
    `Send ${sendId}: 3 hits of 2 deliveries; 1 number about hits was wrong, the count of deliveries was wrong; now right\n`,
  )
  await db.query.updateTable('classification').set({ verdict: 'machine' }).execute()
  expect(await rebuildCommand(sendId, { query: db.query, now, onPage })).toMatchObject([{ drifted: 3 }])
  expect(await readReport(db.query, sendId)).toEqual(before)
  expect(await rebuildCommand(sendId, { query: db.query, now, onPage })).toMatchObject([
    { drifted: 0, differing: 0, isTallyWrong: false },
  ])
})

test('a Send that does not exist is an error, and none at all is said', async () => {
  await expect(rebuildCommand(7, { query: db.query, now, onPage })).rejects.toThrow('there is no Send 7')

  expect(printRebuilt(await rebuildCommand(null, { query: db.query, now, onPage }))).toBe(
    'no Send has begun yet: there are no numbers\n',
  )
})
