/** What providers that send for us report by webhook: proven, taken once, and nothing of it when it is not proven. */

import { generateKeyPairSync } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hashAddress } from '../../src/link/token.js'
import { NO_HOOKS } from '../../src/web/hooks/routes.js'
import { KEYS, readEvents, readReasons } from '../rig/feedback.js'
import {
  type Answer,
  type HookPlace,
  MAILGUN_FAILED,
  openHookPlace,
  POSTMARK_BOUNCE,
  POSTMARK_SECRET,
  SENDGRID_BOUNCE,
  SETTINGS,
} from '../rig/hooks.js'
import { TOPIC } from '../rig/sns-signer.js'

// One database for all: each test begins with nothing taken.
let hooks: HookPlace

beforeAll(async () => {
  hooks = await openHookPlace()
})

beforeEach(() => hooks.reset())

afterAll(() => hooks.close())

/** How each provider tells that bob's address is none, with our own signature in it. */
const TELL: Readonly<Record<string, () => Promise<Answer>>> = {
  ses: () => hooks.ses(),
  postmark: () => hooks.postmark({ ...POSTMARK_BOUNCE, Content: `Message-ID: ${hooks.messageId}\r\n` }),
  mailgun: () =>
    hooks.mailgun({ ...MAILGUN_FAILED, message: { headers: { 'message-id': hooks.messageId } } }),
  sendgrid: () => hooks.sendgrid([{ ...SENDGRID_BOUNCE, 'smtp-id': hooks.messageId }]),
}

describe.each(Object.entries(TELL))('%s', (provider, tell) => {
  test('a permanent bounce suppresses the address, once, however often it is told', async () => {
    expect(await tell()).toEqual({ status: 200, words: 'reports: 1, news: 1' })
    expect(await tell()).toEqual({ status: 200, words: 'reports: 1, news: 0' })

    const events = await readEvents(hooks.db)
    expect(events.map(({ kind }) => kind)).toEqual(['bounced', 'suppressed'])
    expect(events[0]).toMatchObject({
      deliveryId: hooks.bob,
      fault: 'hard',
      status: '5.1.1',
      source: provider,
    })
    const { address_hash: hash } = await hooks.db.query
      .selectFrom('suppression')
      .select('address_hash')
      .executeTakeFirstOrThrow()
    expect(hash).toBe(hashAddress(KEYS, 'bob@example.com'))
  })

  test('is not there when it is not configured', async () => {
    await hooks.serve(NO_HOOKS)

    expect((await tell()).status).toBe(404)
    expect(await hooks.isUntouched()).toBe(true)
  })

  test('a GET is not answered', async () => {
    expect((await fetch(`${hooks.url}/hooks/${provider}`)).status).toBe(405)
  })

  test('a body of more than a megabyte is not read', async () => {
    expect((await hooks.post(`/hooks/${provider}`, 'x'.repeat(1_100_000))).status).toBe(413)
    expect(await hooks.isUntouched()).toBe(true)
  })
})

describe('what nothing proves changes nothing:', () => {
  const strange = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const long = 27 * 3_600_000

  test.each<[string, () => Promise<Answer>, string]>([
    [
      'Postmark without a secret',
      () => hooks.post('/hooks/postmark', POSTMARK_BOUNCE),
      'the secret is missing or another',
    ],
    [
      'Postmark with another',
      () => hooks.postmark(POSTMARK_BOUNCE, 'another'),
      'the secret is missing or another',
    ],
    [
      'one in the path',
      () => hooks.post('/hooks/postmark/another', POSTMARK_BOUNCE),
      'the secret is missing or another',
    ],
    [
      'Mailgun signed with another key',
      () => hooks.mailgun(MAILGUN_FAILED, { key: 'another' }),
      'the signature is not of this signing key',
    ],
    [
      'Mailgun, but long ago',
      () => hooks.mailgun(MAILGUN_FAILED, { at: Date.now() - long }),
      'the signature is too old',
    ],
    [
      'Mailgun, from tomorrow',
      () => hooks.mailgun(MAILGUN_FAILED, { at: Date.now() + long }),
      'the signature is too old',
    ],
    [
      'SendGrid signed with another key',
      () => hooks.sendgrid([SENDGRID_BOUNCE], { key: strange.privateKey }),
      'the signature is not of this key',
    ],
    [
      'SendGrid, the body altered',
      () => hooks.sendgrid([], { altered: JSON.stringify([SENDGRID_BOUNCE]) }),
      'the signature is not of this key',
    ],
    [
      'SendGrid, but long ago',
      () => hooks.sendgrid([SENDGRID_BOUNCE], { at: Date.now() - long }),
      'the signature is too old',
    ],
    [
      'SendGrid without a signature',
      () => hooks.post('/hooks/sendgrid', [SENDGRID_BOUNCE]),
      'the signature is not of this key',
    ],
    [
      'SES, altered after it was signed',
      () => hooks.post('/hooks/ses', { ...hooks.signer.sign({}), Message: hooks.sesNotification() }),
      'the signature does not hold',
    ],
    ['SES, from another topic', () => hooks.ses({ TopicArn: `${TOPIC}-2` }), 'it comes from another topic'],
    [
      'SES, signed by nobody',
      () => hooks.post('/hooks/ses', { ...hooks.signer.sign({}), Signature: 'AAAA' }),
      'the signature does not hold',
    ],
  ])('%s', async (_what, tell, words) => {
    expect(await tell()).toEqual({ status: 403, words })
    expect(await hooks.isUntouched()).toBe(true)
  })
})

test('a flood of what nothing proves fills no log: a line a minute, with how many were like it', async () => {
  const lines: string[] = []
  await hooks.serve(SETTINGS, pino({ level: 'warn' }, { write: (line) => void lines.push(line) }))

  for (let posted = 0; posted < 20; posted += 1) await hooks.post('/hooks/postmark', POSTMARK_BOUNCE)

  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { provider: 'postmark', why: 'the secret is missing or another', msg: 'hook refused' },
  ])
})

describe('what is malformed is told in words:', () => {
  test.each<[string, () => Promise<Answer>, string]>([
    [
      'Postmark, no JSON',
      () => hooks.post(`/hooks/postmark/${encodeURIComponent(POSTMARK_SECRET)}`, '{'),
      'the body is not JSON',
    ],
    [
      'Postmark, no record',
      () => hooks.postmark([]),
      'the body: Invalid input: expected object, received array',
    ],
    [
      'Mailgun, no signature',
      () => hooks.post('/hooks/mailgun', {}),
      'signature: timestamp, token and signature should stand here',
    ],
    ['Mailgun, no event', () => hooks.mailgun({}), 'id: Invalid input: expected string, received undefined'],
    [
      'SendGrid, no array',
      () => hooks.sendgrid({ event: 'bounce' }),
      'the body: Invalid input: expected array, received object',
    ],
    ['SendGrid, no JSON', () => hooks.sendgrid('{'), 'the body is not JSON'],
    [
      'SendGrid, one event without its kind',
      () => hooks.sendgrid([{}]),
      '0.event: Invalid input: expected string, received undefined',
    ],
    ['SES, no JSON', () => hooks.post('/hooks/ses', 'hello'), 'the body is not JSON'],
    [
      'SES, no message of SNS',
      () => hooks.post('/hooks/ses', { Type: 'Notification' }),
      'MessageId is missing or wrong',
    ],
  ])('%s', async (_what, tell, words) => {
    expect(await tell()).toEqual({ status: 400, words })
    expect(await hooks.isUntouched()).toBe(true)
  })
})

test('what a provider reports of a stranger changes nobody', async () => {
  await hooks.postmark({ ...POSTMARK_BOUNCE, Email: 'stranger@example.org' })

  expect(await readEvents(hooks.db)).toEqual([])
  expect(await readReasons(hooks.db)).toEqual([])
})
