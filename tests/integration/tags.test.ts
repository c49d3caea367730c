import { afterEach, beforeEach, expect, test } from 'vitest'
import { addTags, findTags, removeTags } from '../../src/audience/tag.js'
import type { Db } from '../../src/db/db.js'
import { openTestDb } from '../rig/database.js'

let db: Db
let alice: number
let bob: number
beforeEach(async () => {
  db = await openTestDb()
  alice = await addSubscriber('alice@example.org')
  bob = await addSubscriber('bob@example.org')
})
afterEach(() => db.close())

async function addSubscriber(address: string): Promise<number> {
  const { id } = await db.query
    .insertInto('subscriber')
    .values({ address, address_key: address, name: '', attributes: '{}', created_at: 1, changed_at: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

test('a tag is put on once, and only what was not there is told', async () => {
  const first = await addTags(db.query, [
    { subscriberId: alice, name: 'press' },
    { subscriberId: alice, name: 'press' },
    { subscriberId: bob, name: 'örebro' },
  ])
  const second = await addTags(db.query, [
    { subscriberId: alice, name: 'press' },
    { subscriberId: alice, name: 'donor' },
  ])

  expect(first).toHaveLength(2)
  expect(second).toEqual([{ subscriberId: alice, name: 'donor' }])
  expect(await findTags(db.query, [alice, bob])).toEqual(
    new Map([
      [alice, ['donor', 'press']],
      [bob, ['örebro']],
    ]),
  )
})

test('a tag is taken off the one it was on, and off nobody else', async () => {
  await addTags(db.query, [
    { subscriberId: alice, name: 'press' },
    { subscriberId: bob, name: 'press' },
  ])

  const removed = await removeTags(db.query, [
    { subscriberId: alice, name: 'press' },
    { subscriberId: alice, name: 'donor' },
  ])

  expect(removed).toEqual([{ subscriberId: alice, name: 'press' }])
  expect(await findTags(db.query, [alice, bob])).toEqual(new Map([[bob, ['press']]]))
})
