/**
 * `/u/TOKEN`: the way out. Opening it changes nothing, since machines open every link of a message; the form and the
 * one-click POST of RFC 8058 act at once, without cookie, redirect or second question, and may be repeated.
 * `/u/TOKEN/undo` takes a mistaken one back.
 */

import { type Context, Hono } from 'hono'
import type { Db, Query } from '../../db/db.js'
import { transact } from '../../db/transact.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'
import { type Keys, verifyToken } from '../../link/token.js'
import { findRestorable, restoreSubscription } from '../../track/restore.js'
import { findLeaving, unsubscribe } from '../../track/unsubscribe.js'
import type { WebEnv } from '../env.js'
import { type FaceOf, plainFace } from '../face.js'
import { badLinkPage, faceIfKnown } from '../failure.js'
import { inTime } from '../in-time.js'
import { languageOf } from '../language.js'
import { answerPage, type Face, type Html, html, type Page } from '../page.js'
import type { SentIssues } from '../sent-issues.js'
import { LEAVE_WORDS, type LeaveWords } from '../words/leave.js'
import { type HitContext, recordHit, whoAsks } from './hit.js'

/** Mail providers wait some ten seconds for the answer to their one-click POST, people hardly longer. */
const PATIENCE_MS = 8_000
const RETRY_AFTER_S = 60

export interface UnsubscribeContext extends HitContext {
  readonly db: Db
  readonly keys: Keys
  readonly issues: SentIssues
  readonly face: FaceOf
  readonly now: () => number
}

export function unsubscribeRoutes({
  db,
  keys,
  issues,
  face,
  now,
  ...context
}: UnsubscribeContext): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.use('/u/:token/*', async (c, next) => {
    c.header('Cache-Control', 'no-store, private')
    c.header('X-Robots-Tag', 'noindex')
    await next()
  })

  routes.get('/u/:token', async (c) => {
    const leaving = await readLeaving(c)
    if (leaving === null) return badLinkPage(c)
    if (leaving.isSubscribed) return answerPage(c, questionPage(leaving))
    return answerPage(c, alreadyPage(leaving, await mayRestore(leaving)))
  })

  routes.post('/u/:token', async (c) => {
    const left = await leave(c)
    if (left.kind === 'unknown') return badLinkPage(c)
    if (left.kind === 'failed') return answerNotDone(c)
    return answerPage(c, donePage(left.leaving, await mayRestore(left.leaving)))
  })

  routes.post('/u/:token/undo', async (c) => {
    const leaving = await readLeaving(c)
    if (leaving === null) return badLinkPage(c)
    const { subscriptionId } = leaving
    const detail = { how: 'undo', ...whoAsks(c) }
    const isBack = await transact(db.query, 'restore', (trx) =>
      restoreSubscription(trx, { subscriptionId, detail, keys, now: now() }),
    )
    const { deliveryId } = leaving
    await recordHit(c, { kind: 'form', deliveryId, link: null }, context)
    // Once more it is no error.
    return answerPage(c, isBack || leaving.isSubscribed ? undonePage(leaving) : notUndonePage(leaving))
  })

  /**
   * Whatever is in the way, and whenever it goes away: who is told `failed` is not unsubscribed by this request any more, unless
   * the commit was what took so long; then they are, and hear so the next time.
   */
  async function leave(c: Context<WebEnv>): Promise<Left> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    try {
      return await inTime(signal, leaveBefore(signal, c))
    } catch (error) {
      context.outage.report('unsubscribing failed', error)
      return { kind: 'failed' }
    }
  }

  async function leaveBefore(signal: AbortSignal, c: Context<WebEnv>): Promise<Left> {
    const leaving = await readLeaving(c)
    if (leaving === null) return { kind: 'unknown' }
    const { deliveryId } = leaving
    const how = await readHow(c)
    const hitId = await recordHit(c, { kind: 'unsubscribe', deliveryId, link: null, how }, context)
    const act = { deliveryId, how, ...whoAsks(c), now: now(), signal }
    await unsubscribe(db, hitId === null ? act : { ...act, hitId })
    return { kind: 'left', leaving }
  }

  async function readLeaving(c: Context<WebEnv>): Promise<Leaving | null> {
    const token = c.req.param('token') ?? ''
    const deliveryId = verifyToken(keys, 'leave', token)
    if (deliveryId === null) return null
    const [found, issue] = await Promise.all([
      findLeaving(db.query, { deliveryId }),
      issues.ofDelivery(deliveryId),
    ])
    if (found === null || issue === null) return null
    const { id, subscriberId, list, status } = found.subscription
    const chosen = await readLanguage(db.query, subscriberId)
    return {
      token,
      deliveryId,
      subscriptionId: id,
      list: list.title,
      isSubscribed: status !== 'unsubscribed',
      lang: languageOf(c, { chosen, subject: issue.lang }),
      face: (await face()) ?? plainFace(issue.publication),
    }
  }

  async function mayRestore({ subscriptionId }: Leaving): Promise<boolean> {
    return (await findRestorable(db.query, { subscriptionId, keys, now: now() })) !== null
  }

  return routes
}

type Left =
  | { readonly kind: 'left'; readonly leaving: Leaving }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed' }

interface Leaving {
  readonly token: string
  readonly deliveryId: number
  readonly subscriptionId: number
  /** The List's title, as the person knows it. */
  readonly list: string
  readonly isSubscribed: boolean
  readonly lang: ReaderLanguage
  readonly face: Face
}

/** For the record, and for what the Hit is taken for: whatever the body is, or isn't, the POST unsubscribes. */
async function readHow(c: Context<WebEnv>): Promise<string> {
  try {
    const body = await c.req.parseBody()
    if (body['List-Unsubscribe'] === 'One-Click') return 'one-click'
    return body.how === 'page' ? 'page' : 'post'
  } catch {
    // A multipart body without a boundary, for one.
    return 'post'
  }
}

/** The form has no action: it posts to its own address, whatever a proxy made of the path. */
function questionPage({ list, lang, face, token }: Leaving): Page {
  const words = LEAVE_WORDS[lang]
  const body = html`<p class="lead">${words.what}</p>
<form method="post"><button name="how" value="page">${words.button}</button></form>
${preferencesLink(`../p/${token}`, words)}`
  return { lang, face, heading: words.question(list), body, languages: 'offered' }
}

function donePage(leaving: Leaving, mayRestore: boolean): Page {
  const { list, lang, face } = leaving
  const words = LEAVE_WORDS[lang]
  const body = html`<p class="lead">${words.doneWhat}</p>${wayBack(leaving, mayRestore)}`
  return { lang, face, heading: words.done(list), body }
}

/** 503: it is not known to be on record, and the link may be used again. Programs are told when (RFC 9110 section 10.2.3). */
async function answerNotDone(c: Context<WebEnv>): Promise<Response> {
  c.header('Retry-After', String(RETRY_AFTER_S))
  const lang = languageOf(c)
  const { notDone: heading, notDoneWhat, button } = LEAVE_WORDS[lang]
  const body = html`<p class="lead">${notDoneWhat}</p>
<form method="post"><button name="how" value="page">${button}</button></form>`
  return answerPage(c, { lang, face: await faceIfKnown(c), heading, body }, 503)
}

function alreadyPage(leaving: Leaving, mayRestore: boolean): Page {
  const { list, lang, face } = leaving
  const words = LEAVE_WORDS[lang]
  const body = html`<p class="lead">${words.alreadyWhat}</p>${wayBack(leaving, mayRestore)}`
  return { lang, face, heading: words.already(list), body, languages: 'offered' }
}

/** Paths are relative to the page's own, which is `/u/TOKEN`. */
function wayBack({ lang, token }: Leaving, mayRestore: boolean): Html {
  const words = LEAVE_WORDS[lang]
  const undo = mayRestore
    ? html`
<form method="post" action="${token}/undo"><p>${words.mistake}</p>
<button class="quiet">${words.undo}</button></form>`
    : null
  return html`${undo}
${preferencesLink(`../p/${token}`, words)}`
}

function undonePage({ list, lang, face, token }: Leaving): Page {
  const words = LEAVE_WORDS[lang]
  const body = html`<p class="lead">${words.undoneWhat}</p>
${preferencesLink(`../../p/${token}`, words)}`
  return { lang, face, heading: words.undone(list), body }
}

function notUndonePage({ list, lang, face, token }: Leaving): Page {
  const words = LEAVE_WORDS[lang]
  const body = html`<p class="lead">${words.notUndone}</p>
${preferencesLink(`../../p/${token}`, words)}`
  return { lang, face, heading: words.already(list), body }
}

function preferencesLink(href: string, words: LeaveWords): Html {
  return html`<p><a href="${href}">${words.preferences}</a></p>`
}

async function readLanguage(query: Query, subscriberId: number): Promise<string | null> {
  const row = await query
    .selectFrom('subscriber')
    .select('lang')
    .where('id', '=', subscriberId)
    .executeTakeFirst()
  return row?.lang ?? null
}
