/**
 * `/n/TOKEN`: what a Notice asks. Opening it shows one button and changes nothing; the POST acts. A Token that is
 * forged, cut, of another purpose, run out or erased gets the same page as any link that is none of ours.
 */

import { Hono } from 'hono'
import type { Db } from '../../db/db.js'
import { readerLanguage } from '../../issue/reader-language.js'
import { type Keys, verifyToken } from '../../link/token.js'
import { type FoundNotice, findNotice } from '../../send/notice/notice.js'
import type { WebEnv } from '../env.js'
import type { FaceOf } from '../face.js'
import { missingPage } from '../failure.js'
import { answerPage, html } from '../page.js'
import type { NoticeAct, NoticeActs } from './notice-act.js'

export interface NoticeContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly face: FaceOf
  readonly now: () => number
  readonly acts: Partial<NoticeActs>
}

export function noticeRoutes({ db, keys, face, now, acts }: NoticeContext): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.use('/n/:token', async (c, next) => {
    c.header('Cache-Control', 'no-store, private')
    c.header('X-Robots-Tag', 'noindex')
    await next()
  })

  routes.get('/n/:token', async (c) => {
    const asked = await readAsked(c.req.param('token'))
    if (asked === null) return missingPage(c, 'badLink')
    const lang = readerLanguage(asked.notice.lang)
    const { heading, body, button } = await asked.act.ask(asked.notice, lang)
    // The form has no action: it posts to its own address, whatever a proxy made of the path.
    const form = button === null ? null : html`\n<form method="post"><button>${button}</button></form>`
    return answerPage(c, { lang, face: await face(), heading, body: html`${body}${form}` })
  })

  routes.post('/n/:token', async (c) => {
    const asked = await readAsked(c.req.param('token'))
    if (asked === null) return missingPage(c, 'badLink')
    return asked.act.act(c, asked.notice, readerLanguage(asked.notice.lang))
  })

  async function readAsked(token: string): Promise<{ notice: FoundNotice; act: NoticeAct } | null> {
    const id = verifyToken(keys, 'notice', token)
    const notice = id === null ? null : await findNotice(db.query, id, now())
    const act = notice === null || notice.kind === 'known' ? undefined : acts[notice.kind]
    return notice === null || act === undefined ? null : { notice, act }
  }

  return routes
}
