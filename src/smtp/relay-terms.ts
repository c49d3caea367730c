/**
 * What may stand after the `?` of any URL in SMTP_URL, whatever it leads to: the share of the messages, which of them,
 * and how many. Which relay a message goes to is decided in `send/relays.ts`; how fast, in `send/pace`.
 */

import { domainToASCII } from 'node:url'
import { z } from 'zod'

export interface RelayTerms {
  /** `smtp://relay.example.org:587`: what logs and Attempts may show. Each relay of an SMTP_URL has its own. */
  readonly name: string
  /** Share of the messages, against the weights of the others. */
  readonly weight: number
  /** Lanes and domains it is for, lower-case, domains in A-labels; empty: it takes whatever has no relay of its own. */
  readonly takes: readonly string[]
  /** Used only while no other is open. */
  readonly isBackup: boolean
  readonly maxConnections: number
  readonly perSecond: number | null
  /** Messages in a day of sending. */
  readonly perDay: number | null
  /** First day of its warm-up plan, `2026-12-01`. */
  readonly warmup: string | null
}

const DEFAULT_CONNECTIONS = 5
const MAX_CONNECTIONS = 1_000
const MAX_WEIGHT = 1_000
const MIN_PER_SECOND = 0.001

export const count = z.int('is not a whole number of 1 or more').min(1, 'is less than 1')
/** A value nodemailer's reader took for a number or a truth value is still the text that was written. */
export const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
export const flag = z.boolean('is neither true nor false')

const LANE_OR_DOMAIN = /^(?=.*[a-z])[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/

const takes = text.transform((list, context) => {
  const names = list.split(',').map((name) => domainToASCII(name.trim()))
  if (names.every((name) => LANE_OR_DOMAIN.test(name))) return names
  context.addIssue({
    code: 'custom',
    message: 'is not a list of lanes and domains; write one like for=gmail,example.org',
  })
  return z.NEVER
})

export const termsSchema = {
  weight: count.max(MAX_WEIGHT, `is more than ${MAX_WEIGHT}`).default(1),
  for: takes.default([]),
  backup: flag.default(false),
  label: text
    .refine((label) => /^[A-Za-z0-9-]{1,32}$/.test(label), {
      error: 'has signs other than letters, digits and -, or more than 32',
    })
    .optional(),
  maxConnections: count.max(MAX_CONNECTIONS, `is more than ${MAX_CONNECTIONS}`).default(DEFAULT_CONNECTIONS),
  perSecond: z
    .number('is not a number')
    .positive('is not more than 0')
    .min(MIN_PER_SECOND, 'is less than 0.001; one message in a quarter of an hour is the least')
    .optional(),
  perDay: count.optional(),
  warmup: text.refine(isDay, { error: 'is not a day; write one like 2026-12-01' }).optional(),
}

type Terms = z.infer<z.ZodObject<typeof termsSchema>>

/** `where`: the URL as far as it may be shown. */
export function readTerms(where: string, terms: Terms): RelayTerms {
  return {
    name: terms.label === undefined ? where : `${where}#${terms.label}`,
    weight: terms.weight,
    takes: terms.for,
    isBackup: terms.backup,
    maxConnections: terms.maxConnections,
    perSecond: terms.perSecond ?? null,
    perDay: terms.perDay ?? null,
    warmup: terms.warmup ?? null,
  }
}

function isDay(day: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d$/.test(day) &&
    !Number.isNaN(Date.parse(day)) &&
    new Date(day).toISOString().startsWith(day)
  )
}
