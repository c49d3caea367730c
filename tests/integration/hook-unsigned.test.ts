/** What providers prove without a signature of ours in it: it stops an address, and says nothing of a Delivery or a Send. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readComingBack } from '../../src/report/coming-back.js'
import { readComplaintRate } from '../../src/track/feedback/guard-send.js'
import { isSuppressed, readEvents, readReasons } from '../rig/feedback.js'
import {
  type Answer,
  type HookPlace,
  MAILGUN_FAILED,
  openHookPlace,
  POSTMARK_BOUNCE,
  SENDGRID_BOUNCE,
} from '../rig/hooks.js'

// One database for all: each test begins with nothing taken.
let hooks: HookPlace

beforeAll(async () => {
  hooks = await openHookPlace()
})

beforeEach(() => hooks.reset())

afterAll(() => hooks.close())

type Told = 'hard' | 'soft' | 'complaint'

const address = 'bob@example.com'
const strange = `<${'0'.repeat(24)}@example.com>`

/** With a Message-ID that is not of our making. */
const TELL: Readonly<Record<string, (told: Told) => Promise<Answer>>> = {
  postmark: (told) => {
    const kind = { hard: {}, soft: { Type: 'SoftBounce' }, complaint: { RecordType: 'SpamComplaint' } }[told]
    return hooks.postmark({ ...POSTMARK_BOUNCE, Metadata: {}, Content: strange, ...kind })
  },
  mailgun: (told) => {
    const full = { 'delivery-status': { code: 552, message: '5.2.2 Mailbox full' } }
    const kind = { hard: {}, soft: full, complaint: { event: 'complained' } }[told]
    return hooks.mailgun({ ...MAILGUN_FAILED, message: { headers: { 'message-id': strange } }, ...kind })
  },
  sendgrid: (told) => {
    const full = { status: '5.2.2', reason: '552 5.2.2 Mailbox full' }
    const kind = { hard: {}, soft: full, complaint: { event: 'spamreport' } }[told]
    return hooks.sendgrid([{ ...SENDGRID_BOUNCE, 'smtp-id': strange, ...kind }])
  },
  ses: (told) => {
    const { bounce } = JSON.parse(hooks.sesNotification())
    const mail = { source: 'editor@example.com', messageId: 'x', commonHeaders: { messageId: strange } }
    const complaint = { feedbackId: 'c', complainedRecipients: [{ emailAddress: address }] }
    const kind = {
      hard: {},
      soft: { bounce: { ...bounce, bounceType: 'Transient' } },
      complaint: { notificationType: 'Complaint', bounce: undefined, complaint },
    }[told]
    return hooks.ses({ Message: hooks.sesNotification({ mail, ...kind }) })
  },
}

describe.each(Object.entries(TELL))('%s', (_provider, tell) => {
  test.each([
    ['hard', 'bounced'],
    ['complaint', 'complained'],
  ] as const)('%s: the address is let go, once, and no Send hears of it', async (told, reason) => {
    expect(await tell(told)).toEqual({ status: 200, words: 'reports: 1, news: 1' })
    expect(await tell(told)).toEqual({ status: 200, words: 'reports: 1, news: 0' })

    expect(await readEvents(hooks.db)).toMatchObject([{ kind: 'suppressed', deliveryId: null, reason }])
    expect(await isSuppressed(hooks.db, 'bob')).toBe(true)
    const { sendId } = await hooks.db.query
      .selectFrom('delivery')
      .select('send_id as sendId')
      .where('id', '=', hooks.bob)
      .executeTakeFirstOrThrow()
    expect(await readComplaintRate(hooks.db.query, sendId)).toMatchObject({ complaints: 0 })
    expect(await hooks.db.query.selectFrom('feedback').select(['verdict', 'delivery_id']).execute()).toEqual([
      { verdict: told === 'hard' ? 'hard' : 'complained', delivery_id: null },
    ])
    const { newest } = await readComingBack({ query: hooks.db.query, now: Date.now })
    expect(newest).toMatchObject([{ send: null, address }])
  })

  test('a full mailbox is counted for nobody', async () => {
    expect(await tell('soft')).toEqual({ status: 200, words: 'reports: 1, news: 0' })

    expect(await readEvents(hooks.db)).toEqual([])
    expect(await readReasons(hooks.db)).toEqual([])
  })
})
