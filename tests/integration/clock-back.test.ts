/** A clock that is set back while a Send runs: what is told of the Send does not run backwards. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { readSends } from '../../src/report/sends.js'
import { readStatus } from '../../src/report/status.js'
import { finishSend } from '../../src/send/due.js'
import { settleSend } from '../../src/send/settle.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const STARTED = Date.parse('2026-03-01T08:00:00Z')
const anHourBefore = () => STARTED - 3_600_000
const aMinuteAfter = () => STARTED + 60_000

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

const timesOf = async (sendId: number) => {
  const { startedAt, finishedAt } = await readStatus(db.query, sendId)
  expect(await readSends(db.query)).toMatchObject([{ startedAt, finishedAt }])
  return { startedAt, finishedAt }
}

test.each([
  ['finished', 'sending', 'sent'],
  ['cancelled', 'cancelled', 'excluded'],
] as const)('a Send that is %s ends no earlier than it began', async (_how, state, delivery) => {
  const { sendId } = await seedSend(db.query, {
    deliveries: [{ who: 'alice', state: delivery }],
    state,
    now: STARTED,
  })
  const end = state === 'sending' ? finishSend : settleSend

  expect(await end(sendId, { query: db.query, now: anHourBefore, alarm: null })).toBe(true)

  expect(await timesOf(sendId)).toEqual({
    startedAt: '2026-03-01T08:00:00.000Z',
    finishedAt: '2026-03-01T08:00:00.000Z',
  })
})

test('with a clock that goes on it ends when it ends', async () => {
  const { sendId } = await seedSend(db.query, { deliveries: [{ who: 'alice' }], now: STARTED })

  await finishSend(sendId, { query: db.query, now: aMinuteAfter, alarm: null })

  expect((await timesOf(sendId)).finishedAt).toBe('2026-03-01T08:01:00.000Z')
})
