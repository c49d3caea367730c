/** The act of a `confirm` Notice: its person wants a List. */

import type { Db, Query } from '../../db/db.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'
import { type Keys, signToken } from '../../link/token.js'
import type { FoundNotice } from '../../send/notice/notice.js'
import { confirm } from '../../track/confirm.js'
import { maskAddress } from '../../track/mask.js'
import type { FaceOf } from '../face.js'
import { missingPage } from '../failure.js'
import { answerPage, type Html, html } from '../page.js'
import { whoAsks } from '../track/hit.js'
import { SUBSCRIBE_WORDS } from '../words/subscribe.js'
import type { NoticeAct } from './notice-act.js'

export interface ConfirmActContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly face: FaceOf
  readonly now: () => number
}

export function confirmAct({ db, keys, face, now }: ConfirmActContext): NoticeAct {
  /** Beside `/n/TOKEN`; works once the Notice was used. */
  const toPreferences = (notice: FoundNotice, lang: ReaderLanguage): Html =>
    html`<p><a href="../p/${signToken(keys, 'notice', notice.id)}">${SUBSCRIBE_WORDS[lang].preferences}</a></p>`

  return {
    async ask(notice, lang) {
      const words = SUBSCRIBE_WORDS[lang]
      const list = await titleOf(db.query, notice)
      if (notice.used_at !== null) {
        const body = html`<p class="lead">${words.alreadyWhat}</p>\n${toPreferences(notice, lang)}`
        return { heading: words.already(list), body, button: null }
      }
      const body = html`<p class="lead">${words.questionWhat(shown(notice))}</p>`
      return { heading: words.question(list), body, button: words.confirm }
    },

    async act(c, notice, lang) {
      const outcome = await confirm(db.query, notice, { who: whoAsks(c), now: now() })
      if (outcome === 'closed' || outcome === 'barred') return missingPage(c, 'missing')
      const words = SUBSCRIBE_WORDS[lang]
      const list = await titleOf(db.query, notice)
      // Pressed twice, it says the same.
      const body = html`<p class="lead">${words.confirmedWhat(shown(notice))}</p>
${toPreferences(notice, lang)}`
      return answerPage(c, { lang, face: await face(), heading: words.confirmed(list), body })
    },
  }
}

async function titleOf(query: Query, { list_id }: FoundNotice): Promise<string> {
  const row = await query
    .selectFrom('list')
    .select('title')
    .where('id', '=', list_id ?? 0)
    .executeTakeFirst()
  return row?.title ?? ''
}

/** Enough of the address to be known by; a line does not end within it. */
function shown({ address }: FoundNotice): string {
  return maskAddress(address).replace('…', '…\u2060')
}
