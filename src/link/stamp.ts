/**
 * Stamp: shows that a form came from a page of ours, when, and with which fixed values. It is no credential: whoever
 * opens the page has one. What it keeps out is a form of somebody else's, and one that is older than a day.
 */

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keys } from './token.js'

const MAC_BYTES = 12
/** A form may stay open over night. */
export const MAX_STAMP_MS = 24 * 3_600_000
const STAMP = /^([0-9a-z]{1,11})\.([\w-]{16})$/

/** `fixed`: what the form carries that its person does not type. */
export function makeStamp({ signing }: Keys, fixed: readonly (string | number)[], now: number): string {
  return `${Math.floor(now).toString(36)}.${macOf(signing, fixed, now).toString('base64url')}`
}

/** How old it is, ms; null when it is none of ours for these values, or too old. */
export function readStamp(
  { ring }: Keys,
  stamp: string,
  { fixed, now }: { readonly fixed: readonly (string | number)[]; readonly now: number },
): number | null {
  const [, time = '', mac = ''] = STAMP.exec(stamp) ?? []
  const madeAt = Number.parseInt(time, 36)
  const ageMs = now - madeAt
  if (!(ageMs >= 0 && ageMs <= MAX_STAMP_MS)) return null
  const given = Buffer.from(mac, 'base64url')
  const isOurs = ring.some((key) => {
    const right = macOf(key, fixed, madeAt)
    return given.length === right.length && timingSafeEqual(given, right)
  })
  return isOurs ? ageMs : null
}

function macOf({ stamp }: Keys['signing'], fixed: readonly (string | number)[], time: number): Buffer {
  return createHmac('sha256', stamp)
    .update(JSON.stringify([Math.floor(time), ...fixed]))
    .digest()
    .subarray(0, MAC_BYTES)
}
