/** What Amazon SES reports by way of SNS: signed with a certificate that lies with Amazon, and nowhere else. */

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { messageIdLeft } from '../../src/link/token.js'
import { KEYS, readEvents, readReasons } from '../rig/feedback.js'
import { type HookPlace, openHookPlace } from '../rig/hooks.js'
import { CERTIFICATE_URL, CONFIRM_URL, TOPIC } from '../rig/sns-signer.js'

// One database for all: each test begins with nothing taken.
let hooks: HookPlace

beforeAll(async () => {
  hooks = await openHookPlace()
})

beforeEach(() => hooks.reset())

afterAll(() => hooks.close())

test.each(['1', '2'])(
  'signature version %s is checked against the certificate, which is fetched once',
  async (version) => {
    expect((await hooks.ses({ SignatureVersion: version })).status).toBe(200)
    expect((await hooks.ses({ SignatureVersion: version, MessageId: 'another' })).status).toBe(200)

    expect(hooks.fetched).toEqual([CERTIFICATE_URL])
  },
)

test('a subject is signed with the rest', async () => {
  expect((await hooks.ses({ Subject: 'Amazon SES Email Event Notification' })).status).toBe(200)
})

test.each([
  'https://127.0.0.1/a.pem',
  'https://169.254.169.254/latest/meta-data/a.pem',
  'https://[::1]/a.pem',
  'https://10.0.0.1/a.pem',
  'https://2130706433/a.pem',
  'https://sns.eu-west-1.amazonaws.com.evil.test/a.pem',
  'https://sns.eu-west-1.amazonaws.com@evil.test/a.pem',
  'https://sns.us-east-1.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com:8443/a.pem',
  'https://sns.eu-west-1.amazonaws.com/a.pem?x=1',
  'https://sns.eu-west-1.amazonaws.com/',
  'https://bucket.s3.eu-west-1.amazonaws.com/a.pem',
  'http://sns.eu-west-1.amazonaws.com/a.pem',
  'file:///etc/ssl/a.pem',
  'a.pem',
])('V54: a certificate at %s is not asked for', async (url) => {
  expect(await hooks.ses({ SigningCertURL: url })).toEqual({
    status: 403,
    words: 'its certificate does not lie with SNS',
  })
  expect(hooks.fetched).toEqual([])
  expect(await hooks.isUntouched()).toBe(true)
})

test('while the certificate cannot be had, SNS shall come again, and then it is taken', async () => {
  const answers = hooks.outside
  hooks.outside = async () => {
    throw new Error('no answer')
  }
  expect(await hooks.ses()).toEqual({ status: 503, words: 'the certificate could not be had' })
  expect(await hooks.isUntouched()).toBe(true)

  hooks.outside = answers
  expect((await hooks.ses()).status).toBe(200)
})

test('ten certificates in ten minutes are fetched, not more', async () => {
  hooks.outside = async () => 'no certificate'
  for (let at = 0; at < 15; at += 1)
    await hooks.ses({ SigningCertURL: `https://sns.eu-west-1.amazonaws.com/${at}.pem` })

  expect(hooks.fetched).toHaveLength(10)
})

test('the question whether to send here is answered when it is signed', async () => {
  const question = { Type: 'SubscriptionConfirmation', Message: 'You have chosen …', Token: 'abc' }

  expect(await hooks.ses({ ...question, SubscribeURL: CONFIRM_URL })).toEqual({
    status: 200,
    words: 'the subscription is confirmed',
  })
  expect(hooks.fetched).toEqual([CERTIFICATE_URL, CONFIRM_URL])
})

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'https://sns.eu-west-1.amazonaws.com.evil.test/?Action=ConfirmSubscription',
  `https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic&TopicArn=${TOPIC}`,
  `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}-2`,
])('V54: a question that leads to %s is not', async (SubscribeURL) => {
  const { status } = await hooks.ses({
    Type: 'SubscriptionConfirmation',
    Message: 'x',
    Token: 'abc',
    SubscribeURL,
  })

  expect(status).toBe(403)
  expect(hooks.fetched).toEqual([CERTIFICATE_URL])
})

test('an unsigned question is not answered', async () => {
  const question = hooks.signer.sign({
    Type: 'SubscriptionConfirmation',
    Message: 'x',
    Token: 'abc',
    SubscribeURL: CONFIRM_URL,
  })

  expect((await hooks.post('/hooks/ses', { ...question, Token: 'other' })).status).toBe(403)
  expect(hooks.fetched).toEqual([CERTIFICATE_URL])
})

test('its certificate has to be valid now', async () => {
  hooks.outside = async () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

  expect((await hooks.ses()).status).toBe(503)
})

test('a complaint suppresses; who is meant stands in the headers that the topic includes', async () => {
  const Message = hooks.sesNotification({
    notificationType: undefined,
    eventType: 'Complaint',
    bounce: undefined,
    complaint: {
      feedbackId: 'complaint-1',
      complaintFeedbackType: 'abuse',
      complainedRecipients: [{ emailAddress: 'bob@example.com' }],
    },
    mail: {
      source: 'editor@example.com',
      messageId: 'x',
      headers: [{ name: 'Message-ID', value: `<${messageIdLeft(KEYS, hooks.bob)}@example.com>` }],
    },
  })

  expect((await hooks.ses({ Message })).words).toBe('reports: 1, news: 1')
  expect(await readReasons(hooks.db)).toEqual(['complained'])
})

test.each<[string, object, string]>([
  ['Transient, whatever the server said', { bounceType: 'Transient', bounceSubType: 'General' }, 'soft'],
  ['MailboxFull', { bounceType: 'Transient', bounceSubType: 'MailboxFull' }, 'soft'],
  ['MessageTooLarge', { bounceType: 'Transient', bounceSubType: 'MessageTooLarge' }, 'content'],
  ['Undetermined', { bounceType: 'Undetermined', bounceSubType: 'Undetermined' }, 'soft'],
])('%s suppresses nobody', async (_what, bounce, fault) => {
  const { bounce: whole } = JSON.parse(hooks.sesNotification())
  const Message = hooks.sesNotification({ bounce: { ...whole, ...bounce } })

  expect((await hooks.ses({ Message })).status).toBe(200)
  expect(await readEvents(hooks.db)).toMatchObject([{ kind: 'bounced', deliveryId: hooks.bob, fault }])
  expect(await readReasons(hooks.db)).toEqual([])
})

test.each(['Delivery', 'Send', 'Open', 'Click', 'Reject'])('%s is not ours to keep', async (eventType) => {
  const Message = JSON.stringify({ eventType, mail: { messageId: 'x', destination: ['bob@example.com'] } })

  expect(await hooks.ses({ Message })).toEqual({ status: 200, words: 'reports: 0, news: 0' })
  expect(await hooks.isUntouched()).toBe(true)
})

test('one notification of several recipients is a report on each', async () => {
  const { bounce } = JSON.parse(hooks.sesNotification())
  const bouncedRecipients = ['alice@example.com', 'bob@example.com'].map((emailAddress) => ({
    ...bounce.bouncedRecipients[0],
    emailAddress,
  }))
  const Message = hooks.sesNotification({
    bounce: { ...bounce, bouncedRecipients },
    mail: { source: 'x@example.com' },
  })

  expect((await hooks.ses({ Message })).words).toBe('reports: 2, news: 2')
  expect(await readReasons(hooks.db)).toEqual(['bounced', 'bounced'])
})
