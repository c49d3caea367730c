/** Caps: how often something may be done in a span of time. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { makeKeys } from '../../src/link/token.js'
import { capKey, forgetCaps, MAX_CAP_MS, takeCap } from '../../src/track/cap.js'
import { openTestDb } from '../rig/database.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const HOUR_MS = 3_600_000
const START = 1_000_000_000

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

const take = (now: number, { key = 'a', limit = 1 } = {}) =>
  takeCap(db.query, { key, limit, windowMs: HOUR_MS, now })

test('a span begins with the first, and the next is allowed when it is over', async () => {
  expect(await take(START)).toBe(true)
  expect(await take(START + 1)).toBe(false)
  expect(await take(START + HOUR_MS - 1)).toBe(false)
  expect(await take(START + HOUR_MS)).toBe(true)
  expect(await take(START + HOUR_MS + 1)).toBe(false)
})

test('of a hundred at once as many are let through as the limit says', async () => {
  const taken = await Promise.all(Array.from({ length: 100 }, () => take(START, { limit: 7 })))

  expect(taken.filter(Boolean)).toHaveLength(7)
})

test('what one does counts for no other, and a limit of none lets nobody through', async () => {
  expect(await take(START, { key: 'a' })).toBe(true)
  expect(await take(START, { key: 'b' })).toBe(true)
  expect(await take(START, { key: 'c', limit: 0 })).toBe(false)
})

test('the table keeps one row a key, without an address, and forgets it after a day', async () => {
  const key = capKey(keys, 'sign-up address', 'alice@example.com')
  await take(START, { key, limit: 5 })
  await take(START + 1, { key, limit: 5 })

  const rows = await db.query.selectFrom('cap').selectAll().execute()
  expect(rows).toEqual([{ key, starts_at: START, count: 2 }])
  expect(key).not.toContain('alice')
  expect(key).not.toBe(capKey(keys, 'another purpose', 'alice@example.com'))

  expect(await forgetCaps(db.query, START + MAX_CAP_MS - 1)).toBe(0)
  expect(await forgetCaps(db.query, START + MAX_CAP_MS)).toBe(1)
})
