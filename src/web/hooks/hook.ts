/** Hook: a provider's POST, as read and judged before anything is taken from it. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { ProviderReading } from '../../track/feedback/provider-event.js'

/** A batch of SendGrid's, the largest of them. */
export const MAX_HOOK_BYTES = 1_048_576
/** Clocks differ. */
export const NEWEST_MS = 300_000

export interface HookRequest {
  readonly body: Buffer
  /** '' when there is none of that name. */
  readonly header: (name: string) => string
  /** Of the path, '' when there is none. */
  readonly secret: string
  /** Ms since 1970. */
  readonly now: number
}

export type HookReading =
  | ProviderReading
  /** Nothing proves that the provider sent it. */
  | { readonly kind: 'unproven'; readonly why: string }
  /** It is proven, but no report: a question of the provider's, which is answered now. */
  | { readonly kind: 'answered'; readonly words: string }
  /** It can't be judged for now, so the provider shall come again. */
  | { readonly kind: 'later'; readonly why: string }

export type ReadHook = (request: HookRequest) => Promise<HookReading> | HookReading

export function unproven(why: string): HookReading {
  return { kind: 'unproven', why }
}

/** In a time that says nothing of where they differ, not even in length. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** Unix seconds of a signature that may still be believed: as long as its provider tries again. */
export function isFresh(
  seconds: string,
  { now, oldestMs }: { readonly now: number; readonly oldestMs: number },
): boolean {
  if (!/^\d{9,11}$/.test(seconds)) return false
  const at = Number(seconds) * 1_000
  return at >= now - oldestMs && at <= now + NEWEST_MS
}

export const NO_JSON: HookReading = { kind: 'malformed', why: 'the body is not JSON' }
