/** The soft rule: an address that fails for a while, Issue after Issue, is given up. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { wearOut } from '../../src/track/feedback/soft-rule.js'
import { tidyFeedback } from '../../src/track/feedback/tidy.js'
import { openTestDb } from '../rig/database.js'
import { about, idOf, KEYS, NOW, readEvents, readReasons, SOFT, take } from '../rig/feedback.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

async function issue(slug: string, state: 'sent' | 'failed' = 'sent'): Promise<SeededSend> {
  const send = await seedSend(db.query, {
    deliveries: [{ who: 'bob', state, ...(state === 'failed' ? { reason: 'expired' } : {}) }],
    issue: { slug },
  })
  if (state === 'failed')
    await db.query
      .updateTable('delivery')
      .set({ reply_code: 452, reply_text: '452 4.2.2 Mailbox full' })
      .where('send_id', '=', send.sendId)
      .execute()
  return send
}

test('three Issues in a row give an address up', async () => {
  for (const slug of ['one', 'two']) await take(db, about(idOf(await issue(slug), 'bob'), [SOFT]))
  expect(await readReasons(db)).toEqual([])

  const taken = await take(db, about(idOf(await issue('three'), 'bob'), [SOFT]))

  expect(taken).toMatchObject({ verdict: 'soft', isSuppressed: true })
  expect(await readReasons(db)).toEqual(['bounced'])
  expect(await readEvents(db)).toContainEqual(
    expect.objectContaining({ kind: 'suppressed', by: 'soft bounces' }),
  )
})

test('one that was accepted between them begins the count anew, and so does time', async () => {
  for (const slug of ['one', 'two']) await take(db, about(idOf(await issue(slug), 'bob'), [SOFT]))
  await issue('three')
  await take(db, about(idOf(await issue('four'), 'bob'), [SOFT]))
  expect(await readReasons(db)).toEqual([])

  const late = NOW + 91 * 86_400_000
  await db.query.updateTable('delivery').set({ changed_at: 1 }).where('state', '=', 'sent').execute()
  await take(db, about(idOf(await issue('five'), 'bob'), [SOFT]), { now: late })
  expect(await readReasons(db)).toEqual([])
})

test('what was refused as full until its time was over counts, and several copies of one Issue count once', async () => {
  await issue('one', 'failed')
  await take(db, about(idOf(await issue('two'), 'bob'), [SOFT]))
  const { sendId } = await issue('three', 'failed')
  const rule = { issues: 3, withinMs: 90 * 86_400_000 }
  expect(await wearOut(db.query, { sendId, rule: { ...rule, issues: 4 }, keys: KEYS, now: NOW })).toBe(0)

  expect(await wearOut(db.query, { sendId, rule, keys: KEYS, now: NOW })).toBe(1)
  expect(await wearOut(db.query, { sendId, rule, keys: KEYS, now: NOW })).toBe(0)

  expect(await readReasons(db)).toEqual(['bounced'])
})

test('of dozens of Sends that finish at the same moment every one is looked at', async () => {
  const finished_at = NOW - 61_000
  const full = { reply_code: 452, reply_text: '452 4.2.2 Mailbox full' } as const
  for (let list = 0; list < 30; list++) {
    const send = await seedSend(db.query, {
      deliveries: [{ who: `reader${list}`, state: 'failed', reason: 'expired' }],
      list: `List ${list}`,
      issue: { slug: `issue-${list}` },
      state: 'finished',
    })
    await db.query.updateTable('send').set({ finished_at }).where('id', '=', send.sendId).execute()
  }
  await db.query
    .updateTable('delivery')
    .set({ ...full, changed_at: NOW })
    .execute()
  const rules = { softBounces: { issues: 1, withinMs: 90 * 86_400_000 } }
  const tidy = () => tidyFeedback({ query: db.query, keys: KEYS, rules, now: () => NOW })

  const passes = [await tidy(), await tidy(), await tidy()]

  expect(passes.reduce((all, { wornOut }) => all + wornOut, 0)).toBe(30)
})

test('off, nobody is given up', async () => {
  for (const slug of ['one', 'two', 'three', 'four'])
    await take(db, about(idOf(await issue(slug), 'bob'), [SOFT]), { rules: { softBounces: null } })

  expect(await readReasons(db)).toEqual([])
})
