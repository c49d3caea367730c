/** The allowance: who is asked for again and again is remembered, whoever else comes meanwhile. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Allowance, openAllowance } from '../../src/event/allowance.js'
import { openTestDb } from '../rig/database.js'

const NOON = Date.UTC(2026, 0, 5, 12)
const ALICE = 1

let db: Db
let allowance: Allowance

beforeEach(async () => {
  db = await openTestDb()
  allowance = openAllowance({ query: db.query, now: () => NOON })
})
afterEach(() => db.close())

const hitOf = (deliveryId: number) => ({ deliveryId, network: '192.0.2.0/24' })
const others = (from: number, count: number) => Array.from({ length: count }, (_, n) => hitOf(from + n))

test('of readers who come a few times each it is known at once what may be kept', () => {
  const readers = others(10, 1_000)

  for (let time = 0; time < 20; time++) expect(allowance.take(readers)).toEqual(readers.map(() => true))
})

test('a Delivery that is asked for all the time is looked up in the database, however many others come between', async () => {
  for (let time = 0; time < 20; time++) {
    expect(allowance.take([hitOf(ALICE)])).toEqual([true])
    allowance.take(others(10 + time * 10_000, 10_000))
  }

  const asked = allowance.take([hitOf(ALICE)])

  expect(asked).toBeInstanceOf(Promise)
  expect(await asked).toEqual([true])
})
