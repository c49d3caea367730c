/** NoticeAct: what a Notice asks its person about, and what their yes does. One for each kind, in a file of its own. */

import type { Context } from 'hono'
import type { NoticeKind } from '../../db/schema.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'
import type { FoundNotice } from '../../send/notice/notice.js'
import type { WebEnv } from '../env.js'
import type { Html } from '../page.js'

export interface NoticeQuestion {
  readonly heading: string
  readonly body: Html
  /** What the one button says; null: there is nothing left to do. */
  readonly button: string | null
}

export interface NoticeAct {
  /** The page with its one button. Changes nothing: machines open every link of a message. */
  ask(notice: FoundNotice, lang: ReaderLanguage): Promise<NoticeQuestion>
  /** The POST; runs once more harmlessly. Answers itself: a page, or a download. */
  act(c: Context<WebEnv>, notice: FoundNotice, lang: ReaderLanguage): Promise<Response>
}

/** A `known` Notice asks nothing. */
export type NoticeActs = Readonly<Record<Exclude<NoticeKind, 'known'>, NoticeAct>>
