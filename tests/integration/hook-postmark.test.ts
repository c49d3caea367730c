/** What Postmark reports: bounces and spam complaints, by a secret that it was told. */

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readEvents, readReasons } from '../rig/feedback.js'
import { type HookPlace, openHookPlace, POSTMARK_BOUNCE, POSTMARK_SECRET } from '../rig/hooks.js'

// One database for all: each test begins with nothing taken.
let hooks: HookPlace

beforeAll(async () => {
  hooks = await openHookPlace()
})

beforeEach(() => hooks.reset())

afterAll(() => hooks.close())

test('the secret may stand in the path', async () => {
  const path = `/hooks/postmark/${encodeURIComponent(POSTMARK_SECRET)}`

  expect((await hooks.post(path, POSTMARK_BOUNCE)).words).toBe('reports: 1, news: 1')
})

test('a spam complaint suppresses', async () => {
  await hooks.postmark({ ...POSTMARK_BOUNCE, RecordType: 'SpamComplaint', Type: 'SpamComplaint' })

  expect(await readReasons(hooks.db)).toEqual(['complained'])
})

test.each([
  ['SoftBounce', 'soft'],
  ['Blocked', 'policy'],
  ['SpamNotification', 'content'],
  ['DnsError', 'soft'],
])('%s is a fault of %s, and suppresses nobody', async (Type, fault) => {
  await hooks.postmark({ ...POSTMARK_BOUNCE, Type, Content: hooks.messageId })

  expect(await readEvents(hooks.db)).toMatchObject([{ kind: 'bounced', fault }])
  expect(await readReasons(hooks.db)).toEqual([])
})

test.each(['AutoResponder', 'Transient', 'ChallengeVerification'])('%s is no bounce', async (Type) => {
  await hooks.postmark({ ...POSTMARK_BOUNCE, Type, Content: hooks.messageId })

  expect(await readEvents(hooks.db)).toEqual([])
})

test.each(['Delivery', 'Open', 'Click', 'SubscriptionChange'])(
  '%s is not ours to keep',
  async (RecordType) => {
    expect((await hooks.postmark({ RecordType })).status).toBe(200)
    expect(await hooks.isUntouched()).toBe(true)
  },
)
