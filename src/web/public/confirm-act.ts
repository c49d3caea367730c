/** The act of a `confirm` Notice: its person wants a List. */

import type { Db, Query } from '../../db/db.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'
import { type Keys, signToken } from '../../link/token.js'
import { type FoundNotice, findNotice } from '../../send/notice/notice.js'
import { confirm } from '../../track/confirm.js'
import { maskAddress } from '../../track/mask.js'
import { sayAddress } from '../address.js'
import type { FaceOf } from '../face.js'
import { missingPage } from '../failure.js'
import { answerPage, type Html, html, type Page } from '../page.js'
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
  return {
    async ask(notice, lang) {
      const words = SUBSCRIBE_WORDS[lang]
      const list = await readList(db.query, notice)
      if (notice.used_at === null) {
        const body = html`<p class="lead">${sayAddress(words.questionWhat, maskAddress(notice.address))}</p>`
        return { heading: words.question(list.title), body, button: words.confirm }
      }
      if (!list.hasThem) return { ...leftSince(notice, { list, lang }), button: null }
      const body = html`<p class="lead">${words.alreadyWhat}</p>\n${toPreferences(notice, lang)}`
      return { heading: words.already(list.title), body, button: null }
    },

    async act(c, notice, lang) {
      const outcome = await confirm(db.query, notice, { who: whoAsks(c), now: now() })
      if (outcome === 'closed' || outcome === 'barred') {
        const { notNow, notNowWhat } = SUBSCRIBE_WORDS[lang]
        const heading = notNow((await readList(db.query, notice)).title)
        const body = html`<p class="lead">${notNowWhat}</p>`
        return answerPage(c, { lang, face: await face(), heading, body }, 404)
      }
      // As it is now: this press or another has used it, or it was erased at this moment.
      const used = await findNotice(db.query, notice.id, now())
      if (used === null || used.used_at === null) return missingPage(c, 'badLink')
      const list = await readList(db.query, used)
      const page = list.hasThem ? confirmed(used, { list, lang }) : leftSince(used, { list, lang })
      return answerPage(c, { lang, face: await face(), ...page })
    },
  }

  /** Pressed twice, it says the same. */
  function confirmed(notice: FoundNotice, { list, lang }: Told): Said {
    const words = SUBSCRIBE_WORDS[lang]
    const body = html`<p class="lead">${sayAddress(words.confirmedWhat, maskAddress(notice.address))}</p>
${toPreferences(notice, lang)}`
    return { heading: words.confirmed(list.title), body }
  }

  /** The link has done what it could: who is to come back says so anew. */
  function leftSince(notice: FoundNotice, { list, lang }: Told): Said {
    const words = SUBSCRIBE_WORDS[lang]
    const anew = list.isOpen ? html`\n<p><a href="../subscribe/${list.name}">${words.anew}</a></p>` : null
    const body = html`<p class="lead">${words.leftWhat}</p>${anew}
${toPreferences(notice, lang)}`
    return { heading: words.left(list.title), body }
  }

  /** Beside `/n/TOKEN`; works once the Notice was used. */
  function toPreferences(notice: FoundNotice, lang: ReaderLanguage): Html {
    return html`<p><a href="../p/${signToken(keys, 'notice', notice.id)}">${SUBSCRIBE_WORDS[lang].preferences}</a></p>`
  }
}

type Said = Pick<Page, 'heading' | 'body'>

interface Told {
  readonly list: NoticeList
  readonly lang: ReaderLanguage
}

interface NoticeList {
  readonly name: string
  readonly title: string
  readonly isOpen: boolean
  /** The person of the Notice is on it now. */
  readonly hasThem: boolean
}

async function readList(query: Query, { list_id, subscriber_id }: FoundNotice): Promise<NoticeList> {
  const row = await query
    .selectFrom('list')
    .leftJoin('subscription', (join) =>
      join
        .onRef('subscription.list_id', '=', 'list.id')
        .on('subscription.subscriber_id', '=', subscriber_id ?? 0),
    )
    .select(['list.name', 'list.title', 'list.visibility', 'list.is_open', 'subscription.status'])
    .where('list.id', '=', list_id ?? 0)
    .executeTakeFirst()
  return {
    name: row?.name ?? '',
    title: row?.title ?? '',
    isOpen: row?.visibility === 'public' && row.is_open === 1,
    hasThem: row?.status === 'active',
  }
}
