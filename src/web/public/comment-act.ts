/** What the mail about a first comment asks: is it yours? Their yes hands it to the editors. */

import type { Db } from '../../db/db.js'
import { confirmComment, findOwn } from '../../track/comment.js'
import type { FaceOf } from '../face.js'
import { answerPage, html } from '../page.js'
import { whoAsks } from '../track/hit.js'
import { COMMENT_WORDS } from '../words/comments.js'
import { paragraphs } from './comments.js'
import type { NoticeAct } from './notice-act.js'

export interface CommentActContext {
  readonly db: Pick<Db, 'query'>
  readonly face: FaceOf
  readonly now: () => number
}

export function commentAct({ db, face, now }: CommentActContext): NoticeAct {
  return {
    async ask({ subscriber_id, detail }, lang) {
      const words = COMMENT_WORDS[lang]
      const { commentId, title } = readDetail(detail)
      const comment = await findOwn(db.query, commentId, subscriber_id ?? 0)
      if (comment === null)
        return { heading: words.gone, body: html`<p class="lead">${words.goneWhat}</p>`, button: null }
      if (comment.state !== 'unconfirmed')
        return { heading: words.held, body: html`<p class="lead">${words.heldWhat}</p>`, button: null }
      const body = html`<p class="lead">${words.confirmWhat(title)}</p>
<blockquote class="prose">${paragraphs(comment.text)}</blockquote>
<p class="facts">${words.under(comment.name)}</p>`
      return { heading: words.confirm, body, button: words.confirmButton }
    },

    async act(c, { id, subscriber_id, detail }, lang) {
      const words = COMMENT_WORDS[lang]
      const { commentId } = readDetail(detail)
      const subscriberId = subscriber_id ?? 0
      const answer = await confirmComment(db, {
        noticeId: id,
        commentId,
        subscriberId,
        ...whoAsks(c),
        now: now(),
      })
      const [heading, text] = answer === 'held' ? [words.held, words.heldWhat] : [words.gone, words.goneWhat]
      return answerPage(c, { lang, face: await face(), heading, body: html`<p class="lead">${text}</p>` })
    },
  }
}

/** Written by track/comment.ts alone. */
function readDetail(detail: string): { readonly commentId: number; readonly title: string } {
  return JSON.parse(detail) as { commentId: number; title: string }
}
