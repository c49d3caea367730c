/**
 * `/u/TOKEN`: the way out. Opening it changes nothing, since machines open every link of a message; the form and the
 * one-click POST of RFC 8058 act at once, without cookie, redirect or second question, and may be repeated.
 */

import { type Context, Hono } from 'hono'
import type { Db } from '../../db/db.js'
import { readerLanguage } from '../../issue/reader-language.js'
import { type Keys, verifyToken } from '../../link/token.js'
import { findLeaving, unsubscribe } from '../../track/unsubscribe.js'
import type { WebEnv } from '../env.js'
import { type FaceOf, plainFace } from '../face.js'
import { missingPage } from '../failure.js'
import { answerPage, type Face, html, type Page } from '../page.js'
import type { SentIssues } from '../sent-issues.js'
import { LEAVE_WORDS } from '../words/leave.js'
import { type HitContext, recordHit, whoAsks } from './hit.js'

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

  routes.use('/u/:token', async (c, next) => {
    c.header('Cache-Control', 'no-store, private')
    c.header('X-Robots-Tag', 'noindex')
    await next()
  })

  routes.get('/u/:token', async (c) => {
    const leaving = await readLeaving(c.req.param('token'))
    if (leaving === null) return missingPage(c, 'badLink')
    return answerPage(c, leaving.isSubscribed ? questionPage(leaving) : alreadyPage(leaving))
  })

  routes.post('/u/:token', async (c) => {
    const leaving = await readLeaving(c.req.param('token'))
    if (leaving === null) return missingPage(c, 'badLink')
    const { deliveryId } = leaving
    const how = await readHow(c)
    const hitId = await recordHit(c, { kind: 'unsubscribe', deliveryId, link: null }, context)
    await unsubscribe(db, {
      deliveryId,
      how,
      ...whoAsks(c),
      now: now(),
      ...(hitId === null ? {} : { hitId }),
    })
    return answerPage(c, donePage(leaving))
  })

  async function readLeaving(token: string): Promise<Leaving | null> {
    const deliveryId = verifyToken(keys, 'leave', token)
    if (deliveryId === null) return null
    const [found, issue] = await Promise.all([
      findLeaving(db.query, { deliveryId }),
      issues.ofDelivery(deliveryId),
    ])
    if (found === null || issue === null) return null
    const { list, status } = found.subscription
    return {
      deliveryId,
      list: list.title,
      isSubscribed: status !== 'unsubscribed',
      lang: issue.lang,
      face: (await face()) ?? plainFace(issue.publication),
    }
  }

  return routes
}

interface Leaving {
  readonly deliveryId: number
  /** The List's title, as the person knows it. */
  readonly list: string
  readonly isSubscribed: boolean
  readonly lang: string
  readonly face: Face
}

/** For the record only: whatever the body is, or isn't, the POST unsubscribes. */
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
function questionPage({ list, lang: tag, face }: Leaving): Page {
  const lang = readerLanguage(tag)
  const words = LEAVE_WORDS[lang]
  const body = html`<p>${words.what}</p>
<form method="post"><button name="how" value="page">${words.button}</button></form>`
  return { lang, face, heading: words.question(list), body }
}

function donePage({ list, lang: tag, face }: Leaving): Page {
  const lang = readerLanguage(tag)
  const words = LEAVE_WORDS[lang]
  return { lang, face, heading: words.done(list), body: html`<p>${words.doneWhat}</p>` }
}

function alreadyPage({ list, lang: tag, face }: Leaving): Page {
  const lang = readerLanguage(tag)
  const words = LEAVE_WORDS[lang]
  return { lang, face, heading: words.already(list), body: html`<p>${words.alreadyWhat}</p>` }
}
