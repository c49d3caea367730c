/**
 * `sendmail:/usr/sbin/sendmail?arg=-oem`: a program that takes a message on its standard input. Each `arg` is one
 * argument; no shell reads them.
 */

import { z } from 'zod'
import { type RelayTerms, readTerms, termsSchema } from './relay-terms.js'
import { decode, describeIssue, mistake, readQuery } from './url-query.js'

export interface SendmailSettings extends RelayTerms {
  readonly kind: 'sendmail'
  /** Absolute path of the program. */
  readonly path: string
  readonly args: readonly string[]
  readonly replyTimeoutMs: number
}

const DEFAULT_PATH = '/usr/sbin/sendmail'
const DEFAULT_TIMEOUT_MS = 600_000

/** `-t` takes recipients out of the header, `-bs` and the like make another program of it. */
const OTHER_MEANING = /^-(?:t|\w*t|b.*|q.*|f.*|r.*)$/

const querySchema = z.strictObject({
  ...termsSchema,
  arg: z
    .array(z.string().regex(/^[^\0]+$/))
    .refine((args) => !args.some((arg) => OTHER_MEANING.test(arg)), {
      error: 'holds one of -t, -b, -q, -f, -r; sender and recipient are ours to say',
    })
    .default([]),
  socketTimeout: z.int().min(1).default(DEFAULT_TIMEOUT_MS),
})

/** Throws InputError naming SMTP_URL. */
export function readSendmailUrl(url: string): SendmailSettings {
  const { pathname, searchParams, host } = new URL(url)
  const path = decode(pathname, 'path') || DEFAULT_PATH
  if (host !== '' || !path.startsWith('/') || path.includes('\0'))
    throw mistake(`names no absolute path; write one like sendmail:${DEFAULT_PATH}`)
  const checked = querySchema.safeParse(readQuery(searchParams, ['arg']))
  if (!checked.success)
    throw mistake(
      ...checked.error.issues.map((issue) => describeIssue(issue, Object.keys(querySchema.shape))),
    )
  const { arg, socketTimeout, ...terms } = checked.data
  return {
    kind: 'sendmail',
    ...readTerms(`sendmail:${path}`, terms),
    path,
    args: arg,
    replyTimeoutMs: socketTimeout,
  }
}
