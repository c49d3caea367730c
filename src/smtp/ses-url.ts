/**
 * `ses://eu-central-1`: Amazon SES in a region. With `ses://KEY:SECRET@eu-central-1` by that key, else by whatever the
 * AWS SDK finds on this machine.
 */

import { z } from 'zod'
import { type RelayTerms, readTerms, termsSchema, text } from './relay-terms.js'
import { decode, describeIssue, mistake, readQuery } from './url-query.js'

export interface SesSettings extends RelayTerms {
  readonly kind: 'ses'
  readonly region: string
  readonly credentials: Readonly<{ accessKeyId: string; secretAccessKey: string }> | null
  /** Where its API is, when not where the region has it. */
  readonly endpoint: string | null
  readonly configurationSet: string | null
  readonly replyTimeoutMs: number
}

const DEFAULT_TIMEOUT_MS = 120_000

const querySchema = z.strictObject({
  ...termsSchema,
  endpoint: text
    .refine((url) => /^https:\/\/|^http:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])[:/]/.test(`${url}/`), {
      error: 'is not an https:// URL',
    })
    .optional(),
  configurationSet: text.optional(),
  socketTimeout: z.int().min(1).default(DEFAULT_TIMEOUT_MS),
})

/** Throws InputError naming SMTP_URL. */
export function readSesUrl(url: string): SesSettings {
  const { hostname: region, username, password, searchParams } = new URL(url)
  if (!/^[a-z]{2}(-[a-z0-9]+)+$/.test(region))
    throw mistake('names no region of AWS; write one like ses://eu-central-1')
  if ((username === '') !== (password === ''))
    throw mistake('wants both a key and its secret, or neither; signs like + and / are written %2B %2F')
  const checked = querySchema.safeParse(readQuery(searchParams))
  if (!checked.success)
    throw mistake(
      ...checked.error.issues.map((issue) => describeIssue(issue, Object.keys(querySchema.shape))),
    )
  const { endpoint, configurationSet, socketTimeout, ...terms } = checked.data
  return {
    kind: 'ses',
    ...readTerms(`ses://${region}`, terms),
    region,
    credentials:
      username === ''
        ? null
        : { accessKeyId: decode(username, 'key'), secretAccessKey: decode(password, 'secret') },
    endpoint: endpoint ?? null,
    configurationSet: configurationSet ?? null,
    replyTimeoutMs: socketTimeout,
  }
}
