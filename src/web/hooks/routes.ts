/**
 * `POST /hooks/ses`, `/hooks/postmark`, `/hooks/mailgun`, `/hooks/sendgrid`: what a provider that sends for us reports. Each is
 * there only when it is configured; what nothing proves changes nothing.
 */

import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Db } from '../../db/db.js'
import { unreachable } from '../../errors.js'
import type { Keys } from '../../link/token.js'
import type { Log } from '../../log.js'
import { digestOf } from '../../track/feedback/digest.js'
import { guardSend } from '../../track/feedback/guard-send.js'
import type { ProviderEvent } from '../../track/feedback/provider-event.js'
import { type FeedbackRules, takeFeedback } from '../../track/feedback/take.js'
import type { WebEnv } from '../env.js'
import type { HookReading, ReadHook } from './hook.js'
import { mailgunHook } from './mailgun.js'
import { postmarkHook } from './postmark.js'
import { sendgridHook } from './sendgrid.js'
import { sesHook } from './ses.js'

const LOG_EVERY_MS = 60_000

/** What each provider's hook is proven by; null: it is off. */
export interface HookSettings {
  /** ARN of the topic that SES publishes to. */
  readonly sesTopic: string | null
  readonly postmarkSecret: string | null
  readonly mailgunKey: string | null
  /** Base64 of the public key. */
  readonly sendgridKey: string | null
}

export const NO_HOOKS: HookSettings = {
  sesTopic: null,
  postmarkSecret: null,
  mailgunKey: null,
  sendgridKey: null,
}

export interface HookContext {
  readonly db: Db
  readonly keys: Keys
  readonly log: Log
  readonly now: () => number
  readonly settings: HookSettings
  readonly rules: FeedbackRules
  /** From the world outside, never from this network. Throws when there is no answer. */
  readonly fetchText: (url: string) => Promise<string>
}

type Provider = 'ses' | 'postmark' | 'mailgun' | 'sendgrid'

export function hookRoutes({ settings, fetchText, ...context }: HookContext): Hono<WebEnv> {
  const { log, now } = context
  const refusals = openRefusals({ log, now })
  const readers: Readonly<Record<Provider, ReadHook | null>> = {
    ses: settings.sesTopic === null ? null : sesHook(settings.sesTopic, { fetchText, now }),
    postmark: settings.postmarkSecret === null ? null : postmarkHook(settings.postmarkSecret),
    mailgun: settings.mailgunKey === null ? null : mailgunHook(settings.mailgunKey, context.db),
    sendgrid: settings.sendgridKey === null ? null : sendgridHook(settings.sendgridKey),
  }
  const routes = new Hono<WebEnv>()
  for (const [provider, read] of Object.entries(readers)) {
    if (read === null) continue
    const answerPost = async (c: Context<WebEnv>) => {
      const reading = await read({
        body: Buffer.from(await c.req.arrayBuffer()),
        header: (name) => c.req.header(name) ?? '',
        secret: c.req.param('secret') ?? '',
        now: now(),
      })
      // The names of the object above.
      return answer(c, await takeReading(reading, { ...context, refusals, provider: provider as Provider }))
    }
    routes.post(`/hooks/${provider}`, answerPost)
    if (provider === 'postmark') routes.post('/hooks/postmark/:secret', answerPost)
  }
  return routes
}

interface Answer {
  readonly status: ContentfulStatusCode
  readonly words: string
}

type TakeContext = Omit<HookContext, 'settings' | 'fetchText'> & {
  readonly refusals: Refusals
  readonly provider: Provider
}

async function takeReading(reading: HookReading, context: TakeContext): Promise<Answer> {
  const { log, refusals, provider } = context
  switch (reading.kind) {
    case 'events':
      return { status: 200, words: await takeEvents(reading.events, context) }
    case 'answered':
      log.info({ provider, words: reading.words }, 'hook answered')
      return { status: 200, words: reading.words }
    case 'malformed':
      return { status: 400, words: reading.why }
    case 'unproven':
      refusals.note(provider, reading.why)
      return { status: 403, words: reading.why }
    case 'later':
      refusals.note(provider, reading.why)
      return { status: 503, words: reading.why }
    default:
      return unreachable(reading)
  }
}

/** One after the other, each in its own transaction: when the provider comes again, those before are known. */
async function takeEvents(events: readonly ProviderEvent[], context: TakeContext): Promise<string> {
  const { db, keys, log, now, rules, provider } = context
  const touched = new Set<number>()
  let news = 0
  for (const { id, feedback } of events) {
    const bytes = Buffer.from(`${provider} ${id}`, 'utf8')
    const taken = await takeFeedback(db, {
      feedback,
      source: provider,
      digest: digestOf(bytes),
      isVerified: true,
      bytes,
      envelope: null,
      isForPerson: false,
      keys,
      rules,
      now: now(),
    })
    if (taken.kind !== 'taken' || !taken.isNews) continue
    news += 1
    if (taken.sendId !== null) touched.add(taken.sendId)
  }
  for (const sendId of touched) {
    const stopped = await guardSend(db.query, sendId)
    if (stopped !== null) log.warn(stopped, 'send paused')
  }
  if (events.length > 0) log.info({ provider, reports: events.length, news }, 'hook taken')
  return `reports: ${events.length}, news: ${news}`
}

interface Refusals {
  note(provider: Provider, why: string): void
}

/** Anyone may post here without end: one line a minute for each provider, with how many were like it. */
function openRefusals({ log, now }: Pick<HookContext, 'log' | 'now'>): Refusals {
  const since = new Map<Provider, { readonly at: number; readonly unsaid: number }>()
  return {
    note(provider, why) {
      const { at, unsaid } = since.get(provider) ?? { at: Number.NEGATIVE_INFINITY, unsaid: 0 }
      if (now() - at < LOG_EVERY_MS) since.set(provider, { at, unsaid: unsaid + 1 })
      else {
        log.warn({ provider, why, ...(unsaid > 0 ? { unsaid } : {}) }, 'hook refused')
        since.set(provider, { at: now(), unsaid: 0 })
      }
    },
  }
}

function answer(c: Context<WebEnv>, { status, words }: Answer): Response {
  c.header('Cache-Control', 'no-store')
  if (status === 503) c.header('Retry-After', '60')
  return c.text(`${words}\n`, status)
}
