/** What Amazon SES answers, or how asking it failed, as a Reply. Where a doubt is left, uncertain wins. */

import { z } from 'zod'
import { messageOf } from '../errors.js'
import { oneLine } from './reply.js'
import type { Reply } from './transport.js'

const answered = z.object({
  name: z.string(),
  message: z.string().default(''),
  $metadata: z.object({ httpStatusCode: z.number() }),
  /** Only what its API says has it; an error page of a proxy has not. */
  $fault: z.enum(['client', 'server']),
})

/** Errors by name that mean: not now. */
const SLOW_DOWN = /^(TooManyRequests|Throttling|LimitExceeded|RequestLimitExceeded|ServiceUnavailable)/
/** This account or key may not send. */
const NOT_ALLOWED =
  /^(AccessDenied|AccountSuspended|SendingPaused|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|InvalidAccessKeyId|IncompleteSignature|MissingAuthenticationToken|NotAuthorized)/
/** The connection never stood, so the request never left. */
const NEVER_LEFT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_TLS_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EADDRNOTAVAIL|EMFILE)/

export function readSesError(error: unknown): Reply {
  const answer = answered.safeParse(error)
  if (answer.success) return readAnswer(answer.data)
  const { name, code } = namesOf(error)
  const cause = oneLine(messageOf(error)) || code || name
  // Found before anything was sent: no key on this machine, or none that can be used.
  if (name === 'CredentialsProviderError') return { kind: 'notEnded', cause, scope: 'login' }
  if (NEVER_LEFT.test(code)) return { kind: 'notEnded', cause, scope: 'relay' }
  return { kind: 'endedWithoutReply', cause }
}

function readAnswer({ name, message, $metadata: { httpStatusCode } }: z.infer<typeof answered>): Reply {
  const words = oneLine(`${name}: ${message}`)
  const replied = (code: number, text: string, command: 'MAIL' | 'DATA' = 'DATA'): Reply => ({
    kind: 'replied',
    code,
    text: oneLine(`${code} ${text}`),
    command,
    ended: command === 'DATA',
  })
  if (NOT_ALLOWED.test(name)) return { kind: 'notEnded', cause: words, scope: 'login' }
  if (SLOW_DOWN.test(name) || httpStatusCode === 429) return replied(454, `4.7.0 throttled (${words})`)
  if (name.startsWith('MailFromDomainNotVerified')) return replied(553, words, 'MAIL')
  if (name.startsWith('MessageRejected')) return replied(554, words)
  if (httpStatusCode >= 400 && httpStatusCode < 500) return replied(451, `4.3.0 ${words}`)
  return { kind: 'endedWithoutReply', cause: words }
}

function namesOf(error: unknown): { readonly name: string; readonly code: string } {
  if (!(error instanceof Error)) return { name: '', code: '' }
  return { name: error.name, code: 'code' in error ? String(error.code) : '' }
}
