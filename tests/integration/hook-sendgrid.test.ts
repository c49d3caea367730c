/** What SendGrid reports: batches of events, each taken for what it is. */

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readEvents, readReasons } from '../rig/feedback.js'
import { type HookPlace, openHookPlace, SENDGRID_BOUNCE } from '../rig/hooks.js'

// One database for all: each test begins with nothing taken.
let hooks: HookPlace

beforeAll(async () => {
  hooks = await openHookPlace()
})

beforeEach(() => hooks.reset())

afterAll(() => hooks.close())

test('of a batch each event is taken for what it is', async () => {
  const answer = await hooks.sendgrid([
    { ...SENDGRID_BOUNCE, event: 'processed', sg_event_id: '1' },
    { ...SENDGRID_BOUNCE, event: 'deferred', sg_event_id: '2' },
    { ...SENDGRID_BOUNCE, email: 'alice@example.com', event: 'spamreport', sg_event_id: '3' },
    { ...SENDGRID_BOUNCE, sg_event_id: '4' },
    { ...SENDGRID_BOUNCE, email: 'nobody@example.com', sg_event_id: '5' },
  ])

  expect(answer).toEqual({ status: 200, words: 'reports: 4, news: 2' })
  expect([...(await readReasons(hooks.db))].sort()).toEqual(['bounced', 'complained'])
})

test('what was blocked says nothing against the address', async () => {
  const blocked = { type: 'blocked', status: '', reason: 'unable to get mx info' }

  await hooks.sendgrid([{ ...SENDGRID_BOUNCE, ...blocked, 'smtp-id': hooks.messageId }])

  expect(await readEvents(hooks.db)).toMatchObject([{ kind: 'bounced', fault: 'soft' }])
  expect(await readReasons(hooks.db)).toEqual([])
})

test.each([
  ['Bounced Address', ['bounced']],
  ['Spam Reporting Address', ['complained']],
  ['Unsubscribed Address', ['complained']],
  ['Spam Content', []],
])('dropped for “%s”: %j', async (reason, reasons) => {
  await hooks.sendgrid([{ ...SENDGRID_BOUNCE, event: 'dropped', type: '', status: '', reason }])

  expect(await readReasons(hooks.db)).toEqual(reasons)
})
