/** Conditional passages in a Report: whatever becomes of its people, the rows add up to all that was sent and read. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { transact } from '../../src/db/transact.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { writeReportTable } from '../../src/report/csv.js'
import { printReport } from '../../src/report/print-report.js'
import { readReport } from '../../src/report/report.js'
import { scrub } from '../../src/track/scrub.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const started = Date.parse('2026-03-01T08:00:00Z')
const now = () => started + 86_400_000
const html = [{ kind: 'choice', name: 'name', present: ['Dear reader'], absent: ['Hello'] }] as const

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

const open = (deliveryId: number | undefined) =>
  db.query
    .insertInto('hit')
    .values({
      kind: 'open',
      delivery_id: deliveryId ?? 0,
      link: null,
      method: 'GET',
      user_agent: 'Thunderbird',
      network: '',
      headers: '{}',
      at: started + 3_600_000,
    })
    .execute()

async function erase(who: string): Promise<void> {
  const { id } = await db.query
    .selectFrom('subscriber')
    .select('id')
    .where('name', '=', who)
    .executeTakeFirstOrThrow()
  await transact(db.query, 'erase', (trx) => scrub(trx, [id]))
}

async function seedThree() {
  const people = ['alice', 'carol', 'dora'].map((who) => ({ who }))
  const send = await seedSend(db.query, {
    deliveries: people,
    state: 'finished',
    issue: { html },
    now: started,
  })
  await db.query
    .updateTable('delivery')
    .set({ name: '' })
    .where('id', '=', send.deliveries.dora ?? 0)
    .execute()
  return send
}

test('who is erased stands in a row of their own, with what they had opened', async () => {
  const { sendId, deliveries } = await seedThree()
  await open(deliveries.alice)
  await open(deliveries.dora)
  await ingestOnce({ db, now })
  expect((await readReport(db.query, sendId)).passages[0]?.alternatives).toHaveLength(2)

  await erase('alice')

  const report = await readReport(db.query, sendId)
  expect(report.passages[0]?.alternatives).toMatchObject([
    { is: 'present', deliveries: 1, opens: { hits: 0, person: 0 } },
    { is: 'absent', deliveries: 1, opens: { hits: 1, person: 1 } },
    { is: 'erased', deliveries: 1, opens: { hits: 1, person: 1 }, clicks: { hits: 0, deliveries: 0 } },
  ])
  expect(printReport(report)).toMatch(/^ +erased since +1 +1 +0/m)
  expect(writeReportTable(report, 'passages')).toMatch(
    /^1,subscriber\.name,erased,1,|^0,subscriber\.name,erased,1,/m,
  )
})

test('what was kept before the erased were counted is read as it adds up', async () => {
  const { sendId } = await seedThree()
  await erase('alice')
  await readReport(db.query, sendId)
  const { content } = await db.query.selectFrom('tally').select('content').executeTakeFirstOrThrow()
  expect(content).toContain(',"erased":1')
  await db.query
    .updateTable('tally')
    .set({ content: content.replace(',"erased":1', '') })
    .execute()

  const { passages } = await readReport(db.query, sendId)

  expect(passages[0]?.alternatives.map(({ is, deliveries }) => [is, deliveries])).toEqual([
    ['present', 1],
    ['absent', 1],
    ['erased', 1],
  ])
})
