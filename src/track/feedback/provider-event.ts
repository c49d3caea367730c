/**
 * What a provider that sends for us reports of one recipient, by webhook. It has read the receiver's answer already, so where the
 * answer says nothing its word counts; where the answer does, ours.
 */

import { z } from 'zod'
import { isTelling, readBounced } from './fault.js'
import type { Claim, Feedback } from './feedback.js'
import { findLeaveTokens, findMessageIds, findReturnTokens } from './find-tokens.js'

export interface ProviderEvent {
  /** The provider's own, the same when it reports the same again. */
  readonly id: string
  readonly feedback: Feedback
}

/** One event of a batch, `null` for what is not about delivery; `malformed`: which field is wrong, and what would be right. */
export type ProviderReading =
  | { readonly kind: 'events'; readonly events: readonly ProviderEvent[] }
  | { readonly kind: 'malformed'; readonly why: string }

/** Of one request; SendGrid sends up to a megabyte of them. */
export const MAX_EVENTS = 5_000

export interface ProviderBounce {
  /** The provider gives the address up. */
  readonly isPermanent: boolean
  readonly status: string | null
  readonly said: string
  readonly recipient: string
}

export function readProviderBounce({ isPermanent, status, said, recipient }: ProviderBounce): Claim {
  const bounced = readBounced({ status, said, recipient })
  if (isPermanent) return isTelling(said) || status !== null ? bounced : { ...bounced, fault: 'hard' }
  return bounced.fault === 'hard' ? { ...bounced, fault: 'soft' } : bounced
}

/** `names`: where a Token or Message-ID of ours may stand, such as the sender of the envelope. */
export function providerEvent(id: string, claim: Claim, names: readonly string[]): ProviderEvent {
  const known = names.map((name) => name.slice(0, 10_000))
  return {
    id: id.slice(0, 500),
    feedback: {
      source: 'webhook',
      claims: [claim],
      returnTokens: findReturnTokens(known),
      leaveTokens: known.flatMap(findLeaveTokens).slice(0, 20),
      messageIds: known.flatMap(findMessageIds).slice(0, 20),
    },
  }
}

/** Which field, in the words of the schema. */
export function malformed(error: z.ZodError): ProviderReading {
  const [first] = error.issues
  const where = first?.path.join('.') ?? ''
  return { kind: 'malformed', why: `${where === '' ? 'the body' : where}: ${first?.message ?? 'is wrong'}` }
}

/** Any text that a provider sends: cut, never refused for its length. */
export const text = z.string().transform((value) => value.slice(0, 2_000))
export const optionalText = z
  .union([text, z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? '')
