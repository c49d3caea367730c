/** The acts of a change of address: a yes from the present address asks the new one; a yes from there moves the person. */

import { z } from 'zod'
import { parseAddress } from '../../address.js'
import type { Db, Query } from '../../db/db.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'
import type { Keys } from '../../link/token.js'
import type { FoundNotice } from '../../send/notice/notice.js'
import { acceptMove, askNewAddress } from '../../track/ask-move.js'
import { sayAddress } from '../address.js'
import type { FaceOf } from '../face.js'
import { answerPage, type Html, html } from '../page.js'
import { whoAsks } from '../track/hit.js'
import { OWN_ACT_WORDS } from '../words/own-acts.js'
import type { NoticeAct } from './notice-act.js'

export interface MoveActContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly face: FaceOf
  readonly now: () => number
}

export function moveFromAct({ db, keys, face, now }: MoveActContext): NoticeAct {
  return {
    async ask(notice, lang) {
      const words = OWN_ACT_WORDS[lang].moveFrom
      const { newAddress } = moveFromDetail.parse(JSON.parse(notice.detail))
      return {
        heading: words.heading,
        body: html`<p class="lead">${sayAddress(words.what, newAddress)}</p>`,
        button: words.button,
      }
    },
    async act(c, notice, lang) {
      const words = OWN_ACT_WORDS[lang].moveFrom
      const { newAddress } = moveFromDetail.parse(JSON.parse(notice.detail))
      await askNewAddress(db.query, notice, { newAddress, keys, now: now() })
      // The same whether a mail went out or not: it may be suppressed, and that is nobody's business.
      const body = html`<p class="lead">${sayAddress(words.done, newAddress)}</p>`
      return answerPage(c, { lang, face: await face(), heading: words.doneHeading, body })
    },
  }
}

export function moveToAct({ db, keys, face, now }: MoveActContext): NoticeAct {
  return {
    async ask(notice, lang) {
      const words = OWN_ACT_WORDS[lang].moveTo
      const { oldAddressMasked } = readMoveTo(notice)
      if (notice.used_at !== null)
        return {
          heading: words.doneHeading,
          body: await doneBody(notice, lang),
          button: null,
        }
      return {
        heading: words.heading,
        body: html`<p class="lead">${sayAddress(words.what, oldAddressMasked)}</p>`,
        button: words.button,
      }
    },
    async act(c, notice, lang) {
      const words = OWN_ACT_WORDS[lang].moveTo
      const to = parseAddress(notice.address)
      // It was parsed before the Notice was made.
      if (to.kind === 'refused') throw new Error(`the address of a Notice ${to.reason}`)
      const { fromHash } = readMoveTo(notice)
      const act = { how: 'notice', ...whoAsks(c) }
      const isMoved = await acceptMove(db.query, notice, { fromHash, to, act, keys, now: now() })
      const heading = isMoved ? words.doneHeading : words.lateHeading
      const body = isMoved ? await doneBody(notice, lang) : html`<p class="lead">${words.late}</p>`
      return answerPage(c, { lang, face: await face(), heading, body })
    },
  }

  async function doneBody({ address, subscriber_id }: FoundNotice, lang: ReaderLanguage): Promise<Html> {
    const words = OWN_ACT_WORDS[lang].moveTo
    const left = await readLeft(db.query, subscriber_id ?? 0)
    const stays = left.length === 0 ? null : html`\n<p>${words.stays(left.join(', '))}</p>`
    return html`<p class="lead">${sayAddress(words.done, address)}</p>${stays}`
  }
}

/** Titles of Lists that the two who became one are not on: an opt-out of either wins. */
async function readLeft(query: Query, subscriberId: number): Promise<readonly string[]> {
  const rows = await query
    .selectFrom('subscription')
    .innerJoin('list', 'list.id', 'subscription.list_id')
    .select('list.title')
    .where('subscription.subscriber_id', '=', subscriberId)
    .where('subscription.status', '=', 'unsubscribed')
    .orderBy('list.title')
    .execute()
  return rows.map(({ title }) => title)
}

/** Both are written by track/ alone. */
const moveFromDetail = z.object({ newAddress: z.string() })
const moveToDetail = z.object({ oldAddressMasked: z.string(), fromHash: z.string() })

function readMoveTo({ detail }: FoundNotice) {
  return moveToDetail.parse(JSON.parse(detail))
}
