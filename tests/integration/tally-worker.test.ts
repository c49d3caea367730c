/** The tally worker: a Send that is settled is counted without anybody asking, and Hits of before this version too. */

import { expect, test, vi } from 'vitest'
import { ingestOnce } from '../../src/event/ingest.js'
import { openLog } from '../../src/log.js'
import { startTally } from '../../workers/tally.js'
import { openTestDb } from '../rig/database.js'
import { keptReach, plainReach } from '../rig/reach.js'
import { seedSend } from '../rig/seed.js'

const started = Date.parse('2026-03-01T08:00:00Z')
const now = () => started + 86_400_000

test('settled Sends and Hits of before are counted by themselves', { timeout: 60_000 }, async () => {
  const db = await openTestDb()
  const { sendId, deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bob' }],
    state: 'finished',
    now: started,
  })
  await db.query
    .insertInto('hit')
    .values({
      kind: 'open',
      delivery_id: deliveries.alice ?? 0,
      link: null,
      method: 'GET',
      user_agent: 'Thunderbird',
      network: '192.0.2.0/24',
      headers: '{}',
      at: started + 3_600_000,
    })
    .execute()
  await ingestOnce({ db, now })
  // As the migration leaves it: verdicts, no reach, and a count that nobody has begun.
  await db.query.deleteFrom('reach').execute()
  await db.query
    .insertInto('rebuild')
    .values({ send_id: sendId, after: 0, is_first: 1, touched_at: 0 })
    .execute()

  const worker = startTally({ db, log: openLog('silent'), now, intervalMs: 10 })

  await vi.waitFor(
    async () => {
      expect(await db.query.selectFrom('rebuild').selectAll().execute()).toEqual([])
      expect(await db.query.selectFrom('tally').select('send_id').execute()).toEqual([{ send_id: sendId }])
    },
    { timeout: 30_000, interval: 50 },
  )
  await worker.close()
  expect(await keptReach(db.query, sendId)).toEqual(await plainReach(db.query, sendId))
  await db.close()
})
