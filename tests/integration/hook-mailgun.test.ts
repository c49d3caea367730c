/** What Mailgun reports: signed once for one event, and believed for as long as it tries again. */

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { messageIdLeft } from '../../src/link/token.js'
import { KEYS, readEvents, readReasons } from '../rig/feedback.js'
import { type HookPlace, MAILGUN_FAILED, openHookPlace } from '../rig/hooks.js'
import { seedSend } from '../rig/seed.js'

// One database for all: each test begins with nothing taken.
let hooks: HookPlace

beforeAll(async () => {
  hooks = await openHookPlace()
})

beforeEach(() => hooks.reset())

afterAll(() => hooks.close())

const token = 'c'.repeat(50)

// The same second, whenever each of them is posted: it is signed with the token.
const signed = { token, at: Date.now() }

const about = (who: string) => ({ ...MAILGUN_FAILED, id: `about ${who}`, recipient: `${who}@example.com` })

test('what was signed for one event proves no other, also after a restart', async () => {
  const delivered = { ...MAILGUN_FAILED, event: 'delivered' }
  expect((await hooks.mailgun(delivered, signed)).status).toBe(200)
  await hooks.serve()

  for (const data of [about('bob'), MAILGUN_FAILED])
    expect(await hooks.mailgun(data, signed)).toEqual({
      status: 403,
      words: 'the signature has been used for another event',
    })
  expect(await hooks.isUntouched()).toBe(true)
})

test('of two events with one signature at once one is taken', async () => {
  const answers = await Promise.all(['alice', 'bob'].map((who) => hooks.mailgun(about(who), signed)))

  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
  expect(await readReasons(hooks.db)).toEqual(['bounced'])
})

test('the same event may come again with what it was signed with', async () => {
  expect(await hooks.mailgun(about('bob'), signed)).toEqual({ status: 200, words: 'reports: 1, news: 1' })
  expect(await hooks.mailgun(about('bob'), signed)).toEqual({ status: 200, words: 'reports: 1, news: 0' })
})

test('it comes again for eight hours, and what is older proves nothing', async () => {
  const hour = 3_600_000

  expect((await hooks.mailgun(about('alice'), { at: Date.now() - 8.5 * hour })).status).toBe(200)
  expect((await hooks.mailgun(about('bob'), { at: Date.now() - 9.5 * hour })).status).toBe(403)
})

test('signatures that are too old to be believed are forgotten', async () => {
  const at = Date.now() - 11 * 3_600_000
  await hooks.db.query.insertInto('hook_token').values({ token: 'old', event: 'old', at }).execute()

  await hooks.mailgun(about('bob'))

  const rows = await hooks.db.query.selectFrom('hook_token').select('event').execute()
  expect(rows).toHaveLength(1)
  expect(rows).not.toContainEqual({ event: 'old' })
})

test('a failure that is tried again is no bounce', async () => {
  const message = { headers: { 'message-id': hooks.messageId } }

  await hooks.mailgun({ ...MAILGUN_FAILED, severity: 'temporary', message })

  expect(await readEvents(hooks.db)).toEqual([])
})

test('our Message-ID says which message it is, also without its brackets', async () => {
  await seedSend(hooks.db.query, { deliveries: [{ who: 'alice' }], issue: { slug: 'next' }, now: Date.now() })
  const headers = { 'message-id': `${messageIdLeft(KEYS, hooks.alice)}@example.com` }

  await hooks.mailgun({ ...MAILGUN_FAILED, recipient: 'alice@example.com', message: { headers } })

  expect(await readEvents(hooks.db)).toContainEqual(
    expect.objectContaining({ kind: 'bounced', deliveryId: hooks.alice }),
  )
})

test.each([
  ['complained', { event: 'complained' }],
  ['an unsubscribe that it took', { event: 'unsubscribed' }],
  ['one of its own list of complaints', { reason: 'suppress-complaint' }],
])('%s: the address is let go', async (_what, changes) => {
  await hooks.mailgun({ ...MAILGUN_FAILED, ...changes })

  expect(await readReasons(hooks.db)).toEqual(['complained'])
})

test.each(['accepted', 'delivered', 'opened', 'clicked'])('%s is not ours to keep', async (event) => {
  expect((await hooks.mailgun({ ...MAILGUN_FAILED, event })).status).toBe(200)
  expect(await hooks.isUntouched()).toBe(true)
})
