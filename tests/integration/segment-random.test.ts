import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseFilter } from '../../src/audience/segment/parse.js'
import { selectSegment } from '../../src/audience/segment/segment.js'
import type { Db } from '../../src/db/db.js'
import { openTestDb } from '../rig/database.js'
import {
  AS_OF,
  addressOf,
  SENDS,
  seedWorld,
  someFilter,
  somePerson,
  TYPES,
  ZONE,
} from '../rig/judged-world.js'
import { isOf } from '../rig/reference-judge.js'

const RUNS = Number(process.env.PRESSRUN_RUNS ?? 300)
const SEED = Number(process.env.PRESSRUN_SEED ?? 20260414)
const PEOPLE = 80

let db: Db
beforeEach(async () => {
  db = await openTestDb()
})
afterEach(() => db.close())

test('a random filter finds the people that plain JavaScript finds', { timeout: 120_000 }, async () => {
  const people = fc
    .sample(somePerson, { numRuns: PEOPLE, seed: SEED })
    .map((person, place) => ({ ...person, address: addressOf(place) }))
  const { listId, ids } = await seedWorld(db.query, people)
  const world = { asOf: AS_OF, zone: ZONE, sends: SENDS }
  let found = 0

  await fc.assert(
    fc.asyncProperty(someFilter, async (filter) => {
      const where = parseFilter(filter, { types: TYPES, where: 'the filter', line: null })
      const expected = people.flatMap((person, place) => (isOf(where, person, world) ? [ids[place]] : []))

      // As a Send keeps it.
      const kept = JSON.parse(JSON.stringify(where))
      const select = await selectSegment(db.query, { where: kept }, { listId, asOf: AS_OF, zone: ZONE })
      const { rows } = await select.execute(db.query)

      expect(rows.map((row) => row.subscriber_id).sort((a, b) => a - b)).toEqual(expected)
      if (expected.length > 0 && expected.length < PEOPLE) found++
    }),
    { numRuns: RUNS, seed: SEED },
  )
  // Filters that find all or nobody prove little.
  expect(found).toBeGreaterThan(RUNS / 3)
})
