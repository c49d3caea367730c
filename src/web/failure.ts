/** The pages that say no, in the reader's language and the same shell as all others. */

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { InputError } from '../errors.js'
import { acceptedLanguage } from '../issue/reader-language.js'
import type { WebEnv } from './env.js'
import { answerPage, html } from './page.js'
import { FAILURE_WORDS, type Message } from './words/failure.js'

/** 404: a link that is not ours, or a page that is not there. */
export function missingPage(c: Context<WebEnv>, which: 'badLink' | 'missing'): Response {
  return failurePage(c, 404, wordsOf(c)[which])
}

/** 405, with what is allowed (RFC 9110 section 15.5.6). */
export function methodPage(c: Context<WebEnv>, allowed: readonly string[]): Response {
  c.header('Allow', allowed.join(', '))
  return failurePage(c, 405, wordsOf(c).method)
}

/** 413 */
export function tooLargePage(c: Context<WebEnv>): Response {
  // The rest of the body is not read.
  c.header('Connection', 'close')
  return failurePage(c, 413, wordsOf(c).tooLarge)
}

/** 403: another site's page sent this. */
export function foreignPage(c: Context<WebEnv>): Response {
  return failurePage(c, 403, wordsOf(c).foreign)
}

/** 400 with the words of an InputError; for all else 503: as a rule the database is away, and comes back. */
export function errorPage(c: Context<WebEnv>, error: unknown): Response {
  const { failed } = wordsOf(c)
  if (error instanceof InputError)
    return failurePage(c, 400, { heading: failed.heading, text: error.message })
  c.header('Retry-After', '60')
  return failurePage(c, 503, failed)
}

function failurePage(c: Context<WebEnv>, status: ContentfulStatusCode, { heading, text }: Message): Response {
  c.header('Cache-Control', 'no-store')
  return answerPage(c, { lang: languageOf(c), face: null, heading, body: html`<p>${text}</p>` }, status)
}

function wordsOf(c: Context<WebEnv>) {
  return FAILURE_WORDS[languageOf(c)]
}

function languageOf(c: Context<WebEnv>) {
  return acceptedLanguage(c.req.header('accept-language') ?? '') ?? 'en'
}
