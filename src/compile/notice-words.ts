/**
 * What Notices say, in plain and formal words of the reader's language. They say what was asked and what happens if
 * nothing is done; nothing of it is chosen by a stranger, but for what stands in a blank.
 */

import type { NoticeKind } from '../db/schema.js'
import type { ReaderLanguage, Translated } from '../issue/reader-language.js'
import { GERMAN_NOTICES } from './notice-words/de.js'
import { ENGLISH_NOTICES } from './notice-words/en.js'
import { SPANISH_NOTICES } from './notice-words/es.js'
import { FRENCH_NOTICES } from './notice-words/fr.js'

/** What differs from Notice to Notice; a mark for a hole while it is compiled. */
export interface NoticeBlanks {
  /** Name of the publication. */
  readonly publication: string
  /** Title of the List. */
  readonly list: string
  readonly newAddress: string
  readonly oldAddress: string
  /** Of the Issue that was commented on. */
  readonly title: string
  readonly excerpt: string
}

export interface NoticeText {
  readonly subject: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  /** What the person wrote; null: nothing is quoted. */
  readonly quote: string | null
  readonly button: string
  /** What to do if it was somebody else, and how long the link works. */
  readonly otherwise: string
}

export type NoticeWords = Readonly<Record<NoticeKind, (blanks: NoticeBlanks) => NoticeText>>

const NOTICE_WORDS: Translated<NoticeWords> = {
  en: ENGLISH_NOTICES,
  de: GERMAN_NOTICES,
  fr: FRENCH_NOTICES,
  es: SPANISH_NOTICES,
}

export function noticeText(kind: NoticeKind, lang: ReaderLanguage, blanks: NoticeBlanks): NoticeText {
  return NOTICE_WORDS[lang][kind](blanks)
}
