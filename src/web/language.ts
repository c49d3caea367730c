/** The language a page answers in: `?lang=`, else what its person chose, else the browser's, else the Issue's, else English. */

import type { Context } from 'hono'
import { acceptedLanguage, asReaderLanguage, type ReaderLanguage } from '../issue/reader-language.js'
import type { WebEnv } from './env.js'

export interface KnownLanguages {
  /** BCP 47 tag that the page's person chose. */
  readonly chosen?: string | null
  /** … of what the page is about. */
  readonly subject?: string | null
}

const MAX_TAG = 35

export function languageOf(c: Context<WebEnv>, { chosen, subject }: KnownLanguages = {}): ReaderLanguage {
  const asked = (c.req.query('lang') ?? '').slice(0, MAX_TAG)
  return (
    asReaderLanguage(asked) ??
    asReaderLanguage(chosen ?? '') ??
    acceptedLanguage(c.req.header('accept-language') ?? '') ??
    asReaderLanguage(subject ?? '') ??
    'en'
  )
}
