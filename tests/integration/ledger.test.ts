/** A receiver's ledger beside a Send: what it holds of others is left aside, what it lacks of this one is told. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { printVerification } from '../../src/commands/verify.js'
import type { Db } from '../../src/db/db.js'
import { messageIdLeft } from '../../src/link/token.js'
import { verifySend } from '../../src/send/verify.js'
import { openTestDb } from '../rig/database.js'
import { type SeededSend, seedSend } from '../rig/seed.js'
import { KEYS } from '../rig/web-place.js'

let db: Db
let first: SeededSend
let second: SeededSend

beforeEach(async () => {
  db = await openTestDb()
  const deliveries = [{ who: 'alice' }, { who: 'dora' }]
  first = await seedSend(db.query, { deliveries, state: 'finished' })
  second = await seedSend(db.query, { deliveries, state: 'finished', issue: { slug: 'next' } })
})

afterEach(() => db.close())

/** What the receiver has accepted of a Send. */
const acceptedOf = ({ deliveries }: SeededSend, who = Object.keys(deliveries)) =>
  who.map((name) => ({
    to: `${name}@example.com`,
    messageId: `<${messageIdLeft(KEYS, deliveries[name] ?? 0)}@example.com>`,
  }))

const compare = (entries: ReturnType<typeof acceptedOf>) =>
  verifySend(first.sendId, { query: db.query, keys: KEYS, ledger: () => entries })

/** What these rows were seeded without, Attempts and a digest, is not what is looked at here. */
const ofLedger = ({ findings }: Awaited<ReturnType<typeof compare>>) =>
  findings.filter(({ rule }) => rule.includes('ledger') || rule.includes('accepted'))

test('messages of other Sends in it are no difference, and are counted apart', async () => {
  const verification = await compare([...acceptedOf(first), ...acceptedOf(second)])

  expect(ofLedger(verification)).toEqual([])
  expect(verification.ledger).toMatchObject({ entries: 4, ofThisSend: 2 })
  expect(printVerification(verification)).toContain(
    'compared with 2 accepted messages; 2 more in the ledger are none of this Send',
  )
})

test('one of another Send says so in one line, and calls nobody missing', async () => {
  const verification = await compare(acceptedOf(second))

  expect(verification.isClean).toBe(false)
  expect(ofLedger(verification)).toEqual([
    {
      rule: 'the ledger holds no message of this Send, so it proves nothing of those sent',
      count: 2,
      examples: [],
    },
  ])
})

test('who is not in one of this Send is missing', async () => {
  const verification = await compare(acceptedOf(first, ['alice']))

  expect(ofLedger(verification)).toEqual([
    { rule: 'sent, but not in the ledger', count: 1, examples: ['dora@example.com'] },
  ])
  expect(printVerification(verification)).toContain('compared with 1 accepted message)')
})
