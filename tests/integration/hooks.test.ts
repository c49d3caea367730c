/** What providers that send for us report by webhook: proven, taken once, and nothing of it when it is not proven. */

import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { hashAddress, messageIdLeft, signToken } from '../../src/link/token.js'
import { type HookSettings, NO_HOOKS } from '../../src/web/hooks/routes.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from '../rig/database.js'
import { KEYS, readEvents, readReasons } from '../rig/feedback.js'
import { seedSend } from '../rig/seed.js'
import { CERTIFICATE_URL, CONFIRM_URL, makeSnsSigner, type SnsSigner, TOPIC } from '../rig/sns-signer.js'
import { serveTestWeb } from '../rig/web.js'

const POSTMARK_SECRET = 'a secret that Postmark was told'
const MAILGUN_KEY = 'key-0123456789abcdef0123456789abcdef'
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const SETTINGS: HookSettings = {
  sesTopic: TOPIC,
  postmarkSecret: POSTMARK_SECRET,
  mailgunKey: MAILGUN_KEY,
  sendgridKey: ec.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
}

let signer: SnsSigner
let db: Db
let hits: Hits
let server: RunningServer
let alice: number
let bob: number
/** URLs that were asked for outside. */
let fetched: string[]
/** What they answer. */
let outside: (url: string) => Promise<string>
const now = () => Date.now()

// One database for all: each test begins with nothing taken.
beforeAll(async () => {
  signer = makeSnsSigner()
  db = await openTestDb()
  const send = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'bob' }], now: now() })
  alice = send.deliveries.alice ?? 0
  bob = send.deliveries.bob ?? 0
  hits = openHits({ db, now })
})

afterAll(async () => {
  await hits.close()
  await db.close()
})

beforeEach(async () => {
  for (const table of ['feedback', 'event', 'suppression', 'hook_token'] as const)
    await db.query.deleteFrom(table).execute()
  fetched = []
  outside = async (url) => (url === CERTIFICATE_URL ? signer.certificate : 'confirmed')
  server = await serve(SETTINGS)
})

afterEach(() => server.close())

function serve(settings: HookSettings, log = pino({ level: 'silent' })): Promise<RunningServer> {
  return serveTestWeb({
    db,
    hits,
    now,
    keys: KEYS,
    log,
    hooks: {
      settings,
      rules: { softBounces: null },
      fetchText: (url) => {
        fetched.push(url)
        return outside(url)
      },
    },
  })
}

async function post(path: string, body: string | object, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, words: (await response.text()).trim() }
}

function postmark(body: object, secret = POSTMARK_SECRET) {
  const credentials = Buffer.from(`pressrun:${secret}`).toString('base64')
  return post('/hooks/postmark', body, { authorization: `Basic ${credentials}` })
}

function mailgun(
  data: object,
  { key = MAILGUN_KEY, at = Date.now(), token = randomBytes(25).toString('hex') } = {},
) {
  const timestamp = String(Math.floor(at / 1_000))
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex')
  return post('/hooks/mailgun', { signature: { timestamp, token, signature }, 'event-data': data })
}

function sendgrid(events: unknown, { key = ec.privateKey, at = Date.now(), altered = '' } = {}) {
  const timestamp = String(Math.floor(at / 1_000))
  const body = `${typeof events === 'string' ? events : JSON.stringify(events)}\r\n`
  return post('/hooks/sendgrid', altered === '' ? body : altered, {
    'x-twilio-email-event-webhook-timestamp': timestamp,
    'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(timestamp + body), key).toString(
      'base64',
    ),
  })
}

function sesNotification(changes: object = {}): string {
  return JSON.stringify({
    notificationType: 'Bounce',
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [
        {
          emailAddress: 'bob@example.com',
          action: 'failed',
          status: '5.1.1',
          diagnosticCode: 'smtp; 550 5.1.1 <bob@example.com>... User unknown',
        },
      ],
      timestamp: '2026-11-26T09:00:00.000Z',
      feedbackId: '0102018f-aaaa-bbbb-cccc-000000000000',
      reportingMTA: 'dns; email.example.com',
    },
    mail: {
      timestamp: '2026-11-26T08:59:59.000Z',
      source: `bounces+${signToken(KEYS, 'return', bob)}@example.com`,
      messageId: '0102018f-1111-2222-3333-444444444444-000000',
      destination: ['bob@example.com'],
    },
    ...changes,
  })
}

const ses = (changes: Readonly<Record<string, string>> = {}) =>
  post('/hooks/ses', signer.sign({ Message: sesNotification(), ...changes }), {
    'content-type': 'text/plain; charset=UTF-8',
  })

const MAILGUN_FAILED = {
  id: 'G9Bn5sl1TC6nu79C8C0bwg',
  event: 'failed',
  severity: 'permanent',
  reason: 'bounce',
  recipient: 'bob@example.com',
  'delivery-status': { code: 550, message: '5.1.1 No such user', description: '' },
  message: { headers: { 'message-id': '' } },
}

const POSTMARK_BOUNCE = {
  RecordType: 'Bounce',
  ID: 4_323_372_036_854_775,
  Type: 'HardBounce',
  TypeCode: 1,
  MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
  Details: 'smtp;550 5.1.1 The email account that you tried to reach does not exist',
  Email: 'bob@example.com',
  BouncedAt: '2026-11-26T09:00:00Z',
}

const SENDGRID_BOUNCE = {
  email: 'bob@example.com',
  event: 'bounce',
  type: 'bounce',
  status: '5.1.1',
  reason: '550 5.1.1 No such user',
  sg_event_id: 'bounce-0-1',
  sg_message_id: 'abc.filter0001',
  timestamp: 1_795_000_000,
}

/** How each provider tells that bob's address is none. */
const TELL: Readonly<Record<string, () => Promise<{ status: number; words: string }>>> = {
  ses: () => ses(),
  postmark: () => postmark(POSTMARK_BOUNCE),
  mailgun: () => mailgun(MAILGUN_FAILED),
  sendgrid: () => sendgrid([SENDGRID_BOUNCE]),
}

async function isUntouched(): Promise<boolean> {
  const rows = await db.query.selectFrom('feedback').select('id').execute()
  return rows.length === 0 && (await readEvents(db)).length === 0 && (await readReasons(db)).length === 0
}

describe.each(Object.entries(TELL))('%s', (provider, tell) => {
  test('a permanent bounce suppresses the address, once, however often it is told', async () => {
    expect(await tell()).toEqual({ status: 200, words: 'reports: 1, news: 1' })
    expect(await tell()).toEqual({ status: 200, words: 'reports: 1, news: 0' })

    const events = await readEvents(db)
    expect(events.map(({ kind }) => kind)).toEqual(['bounced', 'suppressed'])
    expect(events[0]).toMatchObject({ deliveryId: bob, fault: 'hard', status: '5.1.1', source: provider })
    const { address_hash: hash } = await db.query
      .selectFrom('suppression')
      .select('address_hash')
      .executeTakeFirstOrThrow()
    expect(hash).toBe(hashAddress(KEYS, 'bob@example.com'))
  })

  test('is not there when it is not configured', async () => {
    await server.close()
    server = await serve(NO_HOOKS)

    expect((await tell()).status).toBe(404)
    expect(await isUntouched()).toBe(true)
  })

  test('a GET is not answered', async () => {
    expect((await fetch(`${server.url}/hooks/${provider}`)).status).toBe(405)
  })

  test('a body of more than a megabyte is not read', async () => {
    expect((await post(`/hooks/${provider}`, 'x'.repeat(1_100_000))).status).toBe(413)
    expect(await isUntouched()).toBe(true)
  })
})

describe('what nothing proves changes nothing:', () => {
  const strange = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const long = 27 * 3_600_000

  test.each<[string, () => Promise<{ status: number; words: string }>, string]>([
    [
      'Postmark without a secret',
      () => post('/hooks/postmark', POSTMARK_BOUNCE),
      'the secret is missing or another',
    ],
    ['Postmark with another', () => postmark(POSTMARK_BOUNCE, 'another'), 'the secret is missing or another'],
    [
      'one in the path',
      () => post('/hooks/postmark/another', POSTMARK_BOUNCE),
      'the secret is missing or another',
    ],
    [
      'Mailgun signed with another key',
      () => mailgun(MAILGUN_FAILED, { key: 'another' }),
      'the signature is not of this signing key',
    ],
    [
      'Mailgun, but long ago',
      () => mailgun(MAILGUN_FAILED, { at: Date.now() - long }),
      'the signature is too old',
    ],
    [
      'Mailgun, from tomorrow',
      () => mailgun(MAILGUN_FAILED, { at: Date.now() + long }),
      'the signature is too old',
    ],
    [
      'SendGrid signed with another key',
      () => sendgrid([SENDGRID_BOUNCE], { key: strange.privateKey }),
      'the signature is not of this key',
    ],
    [
      'SendGrid, the body altered',
      () => sendgrid([], { altered: JSON.stringify([SENDGRID_BOUNCE]) }),
      'the signature is not of this key',
    ],
    [
      'SendGrid, but long ago',
      () => sendgrid([SENDGRID_BOUNCE], { at: Date.now() - long }),
      'the signature is too old',
    ],
    [
      'SendGrid without a signature',
      () => post('/hooks/sendgrid', [SENDGRID_BOUNCE]),
      'the signature is not of this key',
    ],
    [
      'SES, altered after it was signed',
      () => post('/hooks/ses', { ...signer.sign({}), Message: sesNotification() }),
      'the signature does not hold',
    ],
    ['SES, from another topic', () => ses({ TopicArn: `${TOPIC}-2` }), 'it comes from another topic'],
    [
      'SES, signed by nobody',
      () => post('/hooks/ses', { ...signer.sign({}), Signature: 'AAAA' }),
      'the signature does not hold',
    ],
  ])('%s', async (_what, tell, words) => {
    expect(await tell()).toEqual({ status: 403, words })
    expect(await isUntouched()).toBe(true)
  })
})

test('a flood of what nothing proves fills no log: a line a minute, with how many were like it', async () => {
  const lines: string[] = []
  await server.close()
  server = await serve(SETTINGS, pino({ level: 'warn' }, { write: (line) => void lines.push(line) }))

  for (let posted = 0; posted < 20; posted += 1) await post('/hooks/postmark', POSTMARK_BOUNCE)

  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { provider: 'postmark', why: 'the secret is missing or another', msg: 'hook refused' },
  ])
})

describe('what is malformed is told in words:', () => {
  test.each<[string, () => Promise<{ status: number; words: string }>, string]>([
    [
      'Postmark, no JSON',
      () => post(`/hooks/postmark/${encodeURIComponent(POSTMARK_SECRET)}`, '{'),
      'the body is not JSON',
    ],
    ['Postmark, no record', () => postmark([]), 'the body: Invalid input: expected object, received array'],
    [
      'Mailgun, no signature',
      () => post('/hooks/mailgun', {}),
      'signature: timestamp, token and signature should stand here',
    ],
    ['Mailgun, no event', () => mailgun({}), 'id: Invalid input: expected string, received undefined'],
    [
      'SendGrid, no array',
      () => sendgrid({ event: 'bounce' }),
      'the body: Invalid input: expected array, received object',
    ],
    ['SendGrid, no JSON', () => sendgrid('{'), 'the body is not JSON'],
    [
      'SendGrid, one event without its kind',
      () => sendgrid([{}]),
      '0.event: Invalid input: expected string, received undefined',
    ],
    ['SES, no JSON', () => post('/hooks/ses', 'hello'), 'the body is not JSON'],
    [
      'SES, no message of SNS',
      () => post('/hooks/ses', { Type: 'Notification' }),
      'MessageId is missing or wrong',
    ],
  ])('%s', async (_what, tell, words) => {
    expect(await tell()).toEqual({ status: 400, words })
    expect(await isUntouched()).toBe(true)
  })
})

describe('SES', () => {
  test.each(['1', '2'])(
    'signature version %s is checked against the certificate, which is fetched once',
    async (version) => {
      expect((await ses({ SignatureVersion: version })).status).toBe(200)
      expect((await ses({ SignatureVersion: version, MessageId: 'another' })).status).toBe(200)

      expect(fetched).toEqual([CERTIFICATE_URL])
    },
  )

  test('a subject is signed with the rest', async () => {
    expect((await ses({ Subject: 'Amazon SES Email Event Notification' })).status).toBe(200)
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
    expect(await ses({ SigningCertURL: url })).toEqual({
      status: 403,
      words: 'its certificate does not lie with SNS',
    })
    expect(fetched).toEqual([])
    expect(await isUntouched()).toBe(true)
  })

  test('while the certificate cannot be had, SNS shall come again, and then it is taken', async () => {
    const answers = outside
    outside = async () => {
      throw new Error('no answer')
    }
    expect(await ses()).toEqual({ status: 503, words: 'the certificate could not be had' })
    expect(await isUntouched()).toBe(true)

    outside = answers
    expect((await ses()).status).toBe(200)
  })

  test('ten certificates in ten minutes are fetched, not more', async () => {
    outside = async () => 'no certificate'
    for (let at = 0; at < 15; at += 1)
      await ses({ SigningCertURL: `https://sns.eu-west-1.amazonaws.com/${at}.pem` })

    expect(fetched).toHaveLength(10)
  })

  test('the question whether to send here is answered when it is signed', async () => {
    const question = { Type: 'SubscriptionConfirmation', Message: 'You have chosen …', Token: 'abc' }

    expect(await ses({ ...question, SubscribeURL: CONFIRM_URL })).toEqual({
      status: 200,
      words: 'the subscription is confirmed',
    })
    expect(fetched).toEqual([CERTIFICATE_URL, CONFIRM_URL])
  })

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'https://sns.eu-west-1.amazonaws.com.evil.test/?Action=ConfirmSubscription',
    `https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic&TopicArn=${TOPIC}`,
    `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}-2`,
  ])('V54: a question that leads to %s is not', async (SubscribeURL) => {
    const { status } = await ses({
      Type: 'SubscriptionConfirmation',
      Message: 'x',
      Token: 'abc',
      SubscribeURL,
    })

    expect(status).toBe(403)
    expect(fetched).toEqual([CERTIFICATE_URL])
  })

  test('an unsigned question is not answered', async () => {
    const question = signer.sign({
      Type: 'SubscriptionConfirmation',
      Message: 'x',
      Token: 'abc',
      SubscribeURL: CONFIRM_URL,
    })

    expect((await post('/hooks/ses', { ...question, Token: 'other' })).status).toBe(403)
    expect(fetched).toEqual([CERTIFICATE_URL])
  })

  test('its certificate has to be valid now', async () => {
    outside = async () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'

    expect((await ses()).status).toBe(503)
  })

  test('a complaint suppresses; who is meant stands in the headers that the topic includes', async () => {
    const Message = sesNotification({
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
        headers: [{ name: 'Message-ID', value: `<${messageIdLeft(KEYS, bob)}@example.com>` }],
      },
    })

    expect((await ses({ Message })).words).toBe('reports: 1, news: 1')
    expect(await readReasons(db)).toEqual(['complained'])
  })

  test.each<[string, object, string]>([
    ['Transient, whatever the server said', { bounceType: 'Transient', bounceSubType: 'General' }, 'soft'],
    ['MailboxFull', { bounceType: 'Transient', bounceSubType: 'MailboxFull' }, 'soft'],
    ['MessageTooLarge', { bounceType: 'Transient', bounceSubType: 'MessageTooLarge' }, 'content'],
    ['Undetermined', { bounceType: 'Undetermined', bounceSubType: 'Undetermined' }, 'soft'],
  ])('%s suppresses nobody', async (_what, bounce, fault) => {
    const { bounce: whole } = JSON.parse(sesNotification())
    const Message = sesNotification({ bounce: { ...whole, ...bounce } })

    expect((await ses({ Message })).status).toBe(200)
    expect(await readEvents(db)).toMatchObject([{ kind: 'bounced', deliveryId: bob, fault }])
    expect(await readReasons(db)).toEqual([])
  })

  test.each(['Delivery', 'Send', 'Open', 'Click', 'Reject'])('%s is not ours to keep', async (eventType) => {
    const Message = JSON.stringify({ eventType, mail: { messageId: 'x', destination: ['bob@example.com'] } })

    expect(await ses({ Message })).toEqual({ status: 200, words: 'reports: 0, news: 0' })
    expect(await isUntouched()).toBe(true)
  })

  test('one notification of several recipients is a report on each', async () => {
    const { bounce } = JSON.parse(sesNotification())
    const bouncedRecipients = ['alice@example.com', 'bob@example.com'].map((emailAddress) => ({
      ...bounce.bouncedRecipients[0],
      emailAddress,
    }))
    const Message = sesNotification({
      bounce: { ...bounce, bouncedRecipients },
      mail: { source: 'x@example.com' },
    })

    expect((await ses({ Message })).words).toBe('reports: 2, news: 2')
    expect(await readReasons(db)).toEqual(['bounced', 'bounced'])
  })
})

describe('Postmark', () => {
  test('the secret may stand in the path', async () => {
    const path = `/hooks/postmark/${encodeURIComponent(POSTMARK_SECRET)}`

    expect((await post(path, POSTMARK_BOUNCE)).words).toBe('reports: 1, news: 1')
  })

  test('a spam complaint suppresses', async () => {
    await postmark({ ...POSTMARK_BOUNCE, RecordType: 'SpamComplaint', Type: 'SpamComplaint' })

    expect(await readReasons(db)).toEqual(['complained'])
  })

  test.each([
    ['SoftBounce', 'soft'],
    ['Blocked', 'policy'],
    ['SpamNotification', 'content'],
    ['DnsError', 'soft'],
  ])('%s is a fault of %s, and suppresses nobody', async (Type, fault) => {
    await postmark({ ...POSTMARK_BOUNCE, Type })

    expect(await readEvents(db)).toMatchObject([{ kind: 'bounced', fault }])
    expect(await readReasons(db)).toEqual([])
  })

  test.each(['AutoResponder', 'Transient', 'ChallengeVerification'])('%s is no bounce', async (Type) => {
    await postmark({ ...POSTMARK_BOUNCE, Type })

    expect(await readEvents(db)).toEqual([])
  })

  test.each(['Delivery', 'Open', 'Click', 'SubscriptionChange'])(
    '%s is not ours to keep',
    async (RecordType) => {
      expect((await postmark({ RecordType })).status).toBe(200)
      expect(await isUntouched()).toBe(true)
    },
  )
})

describe('Mailgun', () => {
  const token = 'c'.repeat(50)
  // The same second, whenever each of them is posted: it is signed with the token.
  const signed = { token, at: Date.now() }
  const about = (who: string) => ({ ...MAILGUN_FAILED, id: `about ${who}`, recipient: `${who}@example.com` })

  test('what was signed for one event proves no other, also after a restart', async () => {
    const delivered = { ...MAILGUN_FAILED, event: 'delivered' }
    expect((await mailgun(delivered, signed)).status).toBe(200)
    await server.close()
    server = await serve(SETTINGS)

    for (const data of [about('bob'), MAILGUN_FAILED])
      expect(await mailgun(data, signed)).toEqual({
        status: 403,
        words: 'the signature has been used for another event',
      })
    expect(await isUntouched()).toBe(true)
  })

  test('of two events with one signature at once one is taken', async () => {
    const answers = await Promise.all(['alice', 'bob'].map((who) => mailgun(about(who), signed)))

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
    expect(await readReasons(db)).toEqual(['bounced'])
  })

  test('the same event may come again with what it was signed with', async () => {
    expect(await mailgun(about('bob'), signed)).toEqual({ status: 200, words: 'reports: 1, news: 1' })
    expect(await mailgun(about('bob'), signed)).toEqual({ status: 200, words: 'reports: 1, news: 0' })
  })

  test('it comes again for eight hours, and what is older proves nothing', async () => {
    const hour = 3_600_000

    expect((await mailgun(about('alice'), { at: now() - 8.5 * hour })).status).toBe(200)
    expect((await mailgun(about('bob'), { at: now() - 9.5 * hour })).status).toBe(403)
  })

  test('signatures that are too old to be believed are forgotten', async () => {
    const at = now() - 11 * 3_600_000
    await db.query.insertInto('hook_token').values({ token: 'old', event: 'old', at }).execute()

    await mailgun(about('bob'))

    const rows = await db.query.selectFrom('hook_token').select('event').execute()
    expect(rows).toHaveLength(1)
    expect(rows).not.toContainEqual({ event: 'old' })
  })

  test('a failure that is tried again is no bounce', async () => {
    await mailgun({ ...MAILGUN_FAILED, severity: 'temporary' })

    expect(await readEvents(db)).toEqual([])
  })

  test('our Message-ID says which message it is, also without its brackets', async () => {
    await seedSend(db.query, { deliveries: [{ who: 'alice' }], issue: { slug: 'next' }, now: now() })
    const headers = { 'message-id': `${messageIdLeft(KEYS, alice)}@example.com` }

    await mailgun({ ...MAILGUN_FAILED, recipient: 'alice@example.com', message: { headers } })

    expect(await readEvents(db)).toContainEqual(
      expect.objectContaining({ kind: 'bounced', deliveryId: alice }),
    )
  })

  test.each([
    ['complained', { event: 'complained' }],
    ['an unsubscribe that it took', { event: 'unsubscribed' }],
    ['one of its own list of complaints', { reason: 'suppress-complaint' }],
  ])('%s: the address is let go', async (_what, changes) => {
    await mailgun({ ...MAILGUN_FAILED, ...changes })

    expect(await readReasons(db)).toEqual(['complained'])
  })

  test.each(['accepted', 'delivered', 'opened', 'clicked'])('%s is not ours to keep', async (event) => {
    expect((await mailgun({ ...MAILGUN_FAILED, event })).status).toBe(200)
    expect(await isUntouched()).toBe(true)
  })
})

describe('SendGrid', () => {
  test('of a batch each event is taken for what it is', async () => {
    const answer = await sendgrid([
      { ...SENDGRID_BOUNCE, event: 'processed', sg_event_id: '1' },
      { ...SENDGRID_BOUNCE, event: 'deferred', sg_event_id: '2' },
      { ...SENDGRID_BOUNCE, email: 'alice@example.com', event: 'spamreport', sg_event_id: '3' },
      { ...SENDGRID_BOUNCE, sg_event_id: '4' },
      { ...SENDGRID_BOUNCE, email: 'nobody@example.com', sg_event_id: '5' },
    ])

    expect(answer).toEqual({ status: 200, words: 'reports: 4, news: 2' })
    expect([...(await readReasons(db))].sort()).toEqual(['bounced', 'complained'])
  })

  test('what was blocked says nothing against the address', async () => {
    await sendgrid([{ ...SENDGRID_BOUNCE, type: 'blocked', status: '', reason: 'unable to get mx info' }])

    expect(await readEvents(db)).toMatchObject([{ kind: 'bounced', fault: 'soft' }])
    expect(await readReasons(db)).toEqual([])
  })

  test.each([
    ['Bounced Address', ['bounced']],
    ['Spam Reporting Address', ['complained']],
    ['Unsubscribed Address', ['complained']],
    ['Spam Content', []],
  ])('dropped for “%s”: %j', async (reason, reasons) => {
    await sendgrid([{ ...SENDGRID_BOUNCE, event: 'dropped', type: '', status: '', reason }])

    expect(await readReasons(db)).toEqual(reasons)
  })
})

test('what a provider reports of a stranger changes nobody', async () => {
  await postmark({ ...POSTMARK_BOUNCE, Email: 'stranger@example.org' })

  expect(await readEvents(db)).toEqual([])
  expect(await readReasons(db)).toEqual([])
})
