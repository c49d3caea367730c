/** The acts about a person's own data: a copy as a download, and erasure. The yes came from their mailbox. */

import type { Db } from '../../db/db.js'
import { transact } from '../../db/transact.js'
import type { Keys } from '../../link/token.js'
import { useNotice } from '../../send/notice/notice.js'
import { erase } from '../../track/erase.js'
import { noteExport, readOwnData } from '../../track/own-data.js'
import type { FaceOf } from '../face.js'
import { missingPage } from '../failure.js'
import { answerPage, html } from '../page.js'
import { whoAsks } from '../track/hit.js'
import { OWN_ACT_WORDS } from '../words/own-acts.js'
import type { NoticeAct } from './notice-act.js'

export interface OwnDataActContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly face: FaceOf
  readonly now: () => number
}

export function exportAct({ db, keys, now }: Omit<OwnDataActContext, 'face'>): NoticeAct {
  return {
    async ask(_notice, lang) {
      const { heading, what, button } = OWN_ACT_WORDS[lang].export
      return { heading, body: html`<p class="lead">${what}</p>`, button }
    },
    /** As often as they like until the Notice runs out; put down once. */
    async act(c, notice) {
      const subscriberId = notice.subscriber_id
      if (subscriberId === null) return missingPage(c, 'badLink')
      const detail = { how: 'notice', ...whoAsks(c) }
      await transact(db.query, 'export', async (trx) => {
        if (await useNotice(trx, notice.id, now()))
          await noteExport(trx, subscriberId, { detail, now: now() })
      })
      const data = await readOwnData(db.query, subscriberId, { keys, now: now() })
      if (data === null) return missingPage(c, 'badLink')
      return c.body(`${JSON.stringify(data, null, 2)}\n`, 200, {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Disposition': 'attachment; filename="my-data.json"',
      })
    },
  }
}

export function eraseAct({ db, keys, face, now }: OwnDataActContext): NoticeAct {
  return {
    async ask(_notice, lang) {
      const { heading, what, stays, button } = OWN_ACT_WORDS[lang].erase
      return { heading, body: html`<p class="lead">${what}</p>\n<p>${stays}</p>`, button }
    },
    /** Afterwards the Notice is gone too, and its link is as any that is none of ours. */
    async act(c, notice, lang) {
      const subscriberId = notice.subscriber_id
      const erased =
        subscriberId === null ? null : await erase(db, { subscriberId, how: 'notice', keys, now: now() })
      if (erased === null) return missingPage(c, 'badLink')
      const { doneHeading, done } = OWN_ACT_WORDS[lang].erase
      return answerPage(c, {
        lang,
        face: await face(),
        heading: doneHeading,
        body: html`<p class="lead">${done}</p>`,
      })
    },
  }
}
