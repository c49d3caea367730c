/**
 * Providers that report by webhook to the public web: each proves what it says as it does in life, and a test may take
 * the proof away. What is posted tells by default that Bob's address is none.
 */

import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import pino from 'pino'
import type { Db } from '../../src/db/db.js'
import { openHits } from '../../src/event/hit.js'
import { messageIdLeft, signToken } from '../../src/link/token.js'
import type { HookSettings } from '../../src/web/hooks/routes.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from './database.js'
import { KEYS, readEvents, readReasons } from './feedback.js'
import { seedSend } from './seed.js'
import { CERTIFICATE_URL, makeSnsSigner, type SnsSigner, TOPIC } from './sns-signer.js'
import { serveTestWeb } from './web.js'

export const POSTMARK_SECRET = 'a secret that Postmark was told'
const MAILGUN_KEY = 'key-0123456789abcdef0123456789abcdef'
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const SETTINGS: HookSettings = {
  sesTopic: TOPIC,
  postmarkSecret: POSTMARK_SECRET,
  mailgunKey: MAILGUN_KEY,
  sendgridKey: ec.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
}

export interface Answer {
  readonly status: number
  readonly words: string
}

export interface HookPlace {
  readonly db: Db
  readonly signer: SnsSigner
  readonly url: string
  /** Deliveries. */
  readonly alice: number
  readonly bob: number
  /** Of the Message that Bob got: signed by us. */
  readonly messageId: string
  /** URLs that were asked for outside. */
  readonly fetched: string[]
  /** What they answer. */
  outside: (url: string) => Promise<string>
  /** Forgets what was taken, and starts the web anew. */
  reset(): Promise<void>
  /** The web anew, with what was taken. */
  serve(settings?: HookSettings, log?: pino.Logger): Promise<void>
  post(path: string, body: string | object, headers?: Readonly<Record<string, string>>): Promise<Answer>
  postmark(body: object, secret?: string): Promise<Answer>
  mailgun(
    data: object,
    proof?: { readonly key?: string; readonly at?: number; readonly token?: string },
  ): Promise<Answer>
  sendgrid(
    events: unknown,
    proof?: { readonly key?: KeyObject; readonly at?: number; readonly altered?: string },
  ): Promise<Answer>
  ses(changes?: Readonly<Record<string, string>>): Promise<Answer>
  sesNotification(changes?: object): string
  /** Nothing was taken, nobody suppressed. */
  isUntouched(): Promise<boolean>
  close(): Promise<void>
}

const now = () => Date.now()

export async function openHookPlace(): Promise<HookPlace> {
  const signer = makeSnsSigner()
  const db = await openTestDb()
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bob' }],
    now: now(),
  })
  const { alice = 0, bob = 0 } = deliveries
  const hits = openHits({ db, now })
  const known = async (url: string) => (url === CERTIFICATE_URL ? signer.certificate : 'confirmed')
  let server: RunningServer | null = null

  const post: HookPlace['post'] = async (path, body, headers = {}) => {
    const response = await fetch(`${place.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: response.status, words: (await response.text()).trim() }
  }
  const sesNotification = (changes: object = {}) => JSON.stringify({ ...sesBounce(bob), ...changes })

  const place: HookPlace = {
    db,
    signer,
    get url() {
      return server?.url ?? ''
    },
    alice,
    bob,
    messageId: `<${messageIdLeft(KEYS, bob)}@example.com>`,
    fetched: [],
    outside: known,
    async reset() {
      for (const table of ['feedback', 'event', 'suppression', 'hook_token'] as const)
        await db.query.deleteFrom(table).execute()
      place.fetched.length = 0
      place.outside = known
      await place.serve()
    },
    async serve(settings = SETTINGS, log = pino({ level: 'silent' })) {
      await server?.close()
      const fetchText = (url: string) => {
        place.fetched.push(url)
        return place.outside(url)
      }
      const hooks = { settings, rules: { softBounces: null }, fetchText }
      server = await serveTestWeb({ db, hits, now, keys: KEYS, log, hooks })
    },
    post,
    postmark(body, secret = POSTMARK_SECRET) {
      const credentials = Buffer.from(`pressrun:${secret}`).toString('base64')
      return post('/hooks/postmark', body, { authorization: `Basic ${credentials}` })
    },
    mailgun(data, { key = MAILGUN_KEY, at = now(), token = randomBytes(25).toString('hex') } = {}) {
      const timestamp = String(Math.floor(at / 1_000))
      const signature = createHmac('sha256', key)
        .update(timestamp + token)
        .digest('hex')
      return post('/hooks/mailgun', { signature: { timestamp, token, signature }, 'event-data': data })
    },
    sendgrid(events, { key = ec.privateKey, at = now(), altered = '' } = {}) {
      const timestamp = String(Math.floor(at / 1_000))
      const body = `${typeof events === 'string' ? events : JSON.stringify(events)}\r\n`
      return post('/hooks/sendgrid', altered === '' ? body : altered, {
        'x-twilio-email-event-webhook-timestamp': timestamp,
        'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(timestamp + body), key).toString(
          'base64',
        ),
      })
    },
    ses: (changes = {}) =>
      post('/hooks/ses', signer.sign({ Message: sesNotification(), ...changes }), {
        'content-type': 'text/plain; charset=UTF-8',
      }),
    sesNotification,
    async isUntouched() {
      const rows = await db.query.selectFrom('feedback').select('id').execute()
      return rows.length === 0 && (await readEvents(db)).length === 0 && (await readReasons(db)).length === 0
    },
    async close() {
      await server?.close()
      await hits.close()
      await db.close()
    },
  }
  return place
}

function sesBounce(bob: number) {
  return {
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
  }
}

/** Like those below, without a signature of ours: it names the address alone. */
export const MAILGUN_FAILED = {
  id: 'G9Bn5sl1TC6nu79C8C0bwg',
  event: 'failed',
  severity: 'permanent',
  reason: 'bounce',
  recipient: 'bob@example.com',
  'delivery-status': { code: 550, message: '5.1.1 No such user', description: '' },
  message: { headers: { 'message-id': '' } },
}

export const POSTMARK_BOUNCE = {
  RecordType: 'Bounce',
  ID: 4_323_372_036_854_775,
  Type: 'HardBounce',
  TypeCode: 1,
  MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
  Details: 'smtp;550 5.1.1 The email account that you tried to reach does not exist',
  Email: 'bob@example.com',
  BouncedAt: '2026-11-26T09:00:00Z',
}

export const SENDGRID_BOUNCE = {
  email: 'bob@example.com',
  event: 'bounce',
  type: 'bounce',
  status: '5.1.1',
  reason: '550 5.1.1 No such user',
  sg_event_id: 'bounce-0-1',
  sg_message_id: 'abc.filter0001',
  timestamp: 1_795_000_000,
}
