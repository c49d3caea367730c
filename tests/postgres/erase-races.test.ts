/** A person asks for something while they are erased: nothing with their address is left behind. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { makeKeys } from '../../src/link/token.js'
import { ask } from '../../src/track/ask.js'
import { leaveComment } from '../../src/track/comment.js'
import { erase } from '../../src/track/erase.js'
import { readPreferences } from '../../src/track/preferences.js'
import { openTestDb } from '../rig/database.js'
import { untilWaiting } from '../rig/locks.js'
import { seedSend } from '../rig/seed.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const NOON = Date.UTC(2026, 0, 31, 12)
const WHO = { keys, now: NOON }

let db: Db
let subscriberId: number
beforeEach(async () => {
  db = await openTestDb()
  await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  const { id } = await db.query.selectFrom('subscriber').select('id').executeTakeFirstOrThrow()
  subscriberId = id
})
afterEach(() => db.close())

test('by a link', async () => {
  const person = await readPreferences(db.query, subscriberId, WHO)
  if (person === null) throw new Error('nobody')

  const erasing = await db.query.transaction().execute(async (trx) => {
    await ask(trx, person, { kind: 'export', ...WHO, pageLang: 'en' })
    return erasureBeside()
  })
  await erasing.done

  expect(await addressesLeft()).toEqual([])
})

test('to comment, for the first time', async () => {
  const comment = {
    issueId: 1,
    title: 'Cranes',
    name: 'Alice',
    text: 'Well said.',
    network: '203.0.113.0/24',
    agent: 'Tests/1',
    lang: 'en',
    commenter: {
      subscriberId,
      deliveryId: 1,
      listId: 1,
      address: 'alice@example.com',
      addressKey: 'alice@example.com',
      name: 'alice',
      lang: null,
      isSubscribed: true,
      shownName: '',
    },
  } as const

  // It has looked at the person, and waits for its count.
  const both = await db.query.transaction().execute(async (trx) => {
    await sql`lock table cap in exclusive mode`.execute(trx)
    const commenting = leaveComment(db, comment, WHO)
    await untilWaiting(db.query)
    return { commenting, erasing: await erasureBeside(2) }
  })
  await Promise.all([both.commenting, both.erasing.done])

  expect(await addressesLeft()).toEqual([])
  expect(await db.query.selectFrom('comment').select('text').where('text', '!=', '').execute()).toEqual([])
})

/** Under way: it waits for the others, or is done. Not awaited by who awaits this. */
async function erasureBeside(waiting = 1): Promise<{ readonly done: Promise<unknown> }> {
  const done = erase(db, { subscriberId, how: 'command', ...WHO })
  await Promise.race([done, untilWaiting(db.query, waiting)])
  return { done }
}

async function addressesLeft(): Promise<readonly string[]> {
  const notices = await db.query.selectFrom('notice').select('address').where('address', '!=', '').execute()
  const subscribers = await db.query.selectFrom('subscriber').select('address').execute()
  return [...notices, ...subscribers].map(({ address }) => address)
}
