/** The pages that say no, in the reader's language and the same shell as all others. */

import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { InputError } from '../errors.js'
import { isSampleToken } from '../link/sample-keys.js'
import type { WebEnv } from './env.js'
import { inTime } from './in-time.js'
import { languageOf } from './language.js'
import { answerPage, type Face, html } from './page.js'
import { FAILURE_WORDS, type Message } from './words/failure.js'

/** 404: a link that is not ours, or a page that is not there. */
export function missingPage(c: Context<WebEnv>, which: 'badLink' | 'missing'): Promise<Response> {
  return failurePage(c, 404, wordsOf(c)[which])
}

/** What a link with a Token leads to that stands for nobody here; of a test's or a sample's Message it says so. */
export function badLinkPage(c: Context<WebEnv>): Promise<Response> {
  const isTest = isSampleToken('leave', c.req.param('token') ?? '')
  return isTest ? failurePage(c, 200, wordsOf(c).testCopy) : missingPage(c, 'badLink')
}

/** Where the page of an Issue that was only tested will be. */
export function testPage(c: Context<WebEnv>): Promise<Response> {
  c.header('X-Robots-Tag', 'noindex')
  return failurePage(c, 200, wordsOf(c).testPage)
}

/** 405, with what is allowed (RFC 9110 section 15.5.6). */
export function methodPage(c: Context<WebEnv>, allowed: readonly string[]): Promise<Response> {
  c.header('Allow', allowed.join(', '))
  return failurePage(c, 405, wordsOf(c).method)
}

/** 413 */
export function tooLargePage(c: Context<WebEnv>): Promise<Response> {
  // The rest of the body is not read.
  c.header('Connection', 'close')
  return failurePage(c, 413, wordsOf(c).tooLarge)
}

/** 403: another site's page sent this. */
export function foreignPage(c: Context<WebEnv>): Promise<Response> {
  return failurePage(c, 403, wordsOf(c).foreign)
}

/** 400 with the words of an InputError; for all else 503: as a rule the database is away, and comes back. */
export function errorPage(c: Context<WebEnv>, error: unknown): Promise<Response> {
  const { failed } = wordsOf(c)
  if (error instanceof InputError)
    return failurePage(c, 400, { heading: failed.heading, text: error.message })
  c.header('Retry-After', '60')
  return failurePage(c, 503, failed)
}

async function failurePage(
  c: Context<WebEnv>,
  status: ContentfulStatusCode,
  { heading, text }: Message,
): Promise<Response> {
  const face = await faceIfKnown(c)
  c.header('Cache-Control', 'no-store')
  return answerPage(
    c,
    { lang: languageOf(c), face, heading, body: html`<p class="lead">${text}</p>` },
    status,
  )
}

const FACE_PATIENCE_MS = 1_000

/** A page that says no says so without the publication's face too. */
export async function faceIfKnown(c: Context<WebEnv>): Promise<Face | null> {
  try {
    return await inTime(AbortSignal.timeout(FACE_PATIENCE_MS), c.get('face')())
  } catch {
    return null
  }
}

function wordsOf(c: Context<WebEnv>) {
  return FAILURE_WORDS[languageOf(c)]
}
