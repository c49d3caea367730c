/**
 * Throttle: how far a lane is slowed down because its receiver asked for it. Halved when it says "slow down", once for
 * all that was under way; then a step up at a time as long as it accepts. While it gives no other answer, one message at
 * a time probes it, at pauses that double: a few a minute, then fewer.
 * Times are milliseconds of a clock that is never set back.
 */

import type { LaneLimit } from './limit.js'

const FIRST_PAUSE_MS = 2_000
const MAX_PAUSE_MS = 300_000
/** A pause is up to that much longer, so that lanes stopped together do not come back together. */
const JITTER = 0.1
/** One step up at most in that time; twenty of them lead back to where it was. */
const CLIMB_MS = 3_000
const STEPS = 20
/** A message in ten seconds: slower than that it is not worth a lane's life. */
const SLOWEST = 0.1
const HOUR_MS = 3_600_000

/** What some receivers mean by it, by the words of their reply; else the pauses above. */
const LONGER: readonly { readonly says: RegExp; readonly pauseMs: number }[] = [
  // Yahoo: "All messages from … will be permanently deferred; Retrying will NOT succeed" comes next.
  { says: /\[?TSS?0?4\b/, pauseMs: 2 * HOUR_MS },
  // Gmail: "an unusual rate of … mail originating from your IP address / DKIM domain".
  { says: /\b4\.7\.28\b/, pauseMs: HOUR_MS / 4 },
  // Microsoft: "temporarily rate limited due to IP reputation" (S775).
  { says: /\b4\.7\.650\b|rate limited due to IP reputation/, pauseMs: HOUR_MS / 4 },
]

export interface Throttle {
  /** Messages a second, all workers together; null: as the lane's limit says. */
  readonly perSecond: number | null
  /** Where climbing leads to: what it did before, or what its limit says. */
  readonly goalPerSecond: number
  readonly connections: number | null
  /** Refusals in a row, with no other answer between. */
  readonly strikes: number
  /** Why, in the receiver's words. */
  readonly reason: string | null
  readonly suspendedUntil: number
  /** Since when nothing was accepted; null: it accepts. */
  readonly slowedSince: number | null
  readonly changedAt: number
}

export const UNTHROTTLED: Throttle = {
  perSecond: null,
  goalPerSecond: 0,
  connections: null,
  strikes: 0,
  reason: null,
  suspendedUntil: Number.NEGATIVE_INFINITY,
  slowedSince: null,
  changedAt: Number.NEGATIVE_INFINITY,
}

/** What the lane was doing when its receiver had enough. */
export interface Slowdown {
  /** When the message that was refused began. */
  readonly beganAt: number
  readonly now: number
  /** The reply in one line. */
  readonly text: string
  readonly limit: LaneLimit
  /** Messages a second begun lately, all workers together. */
  readonly seenPerSecond: number
  /** Connections it might have had. */
  readonly connections: number
  /** 0 ≤ x < 1. */
  readonly random: () => number
}

/** After a "slow down". The same object when that is no news: others that were under way have said it before. */
export function slowDown(throttle: Throttle, slowdown: Slowdown): Throttle {
  const { beganAt, now, text, limit, seenPerSecond, connections, random } = slowdown
  const longer = LONGER.find(({ says }) => says.test(text))?.pauseMs ?? 0
  if (beganAt < throttle.changedAt && throttle.strikes > 0)
    return now + longer > throttle.suspendedUntil + FIRST_PAUSE_MS
      ? { ...throttle, reason: text, suspendedUntil: now + longer }
      : throttle
  const strikes = throttle.strikes + 1
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (strikes - 1), MAX_PAUSE_MS)
  const before = throttle.perSecond ?? limit.perSecond ?? seenPerSecond
  // A probe that fails says nothing of how fast is too fast.
  const part = throttle.strikes > 0 ? 1 : 1 / 2
  return {
    perSecond: Math.max(before * part, SLOWEST),
    goalPerSecond: throttle.perSecond === null ? Math.max(before, SLOWEST) : throttle.goalPerSecond,
    connections: Math.max(Math.floor((throttle.connections ?? connections) * part), 1),
    strikes,
    reason: text,
    suspendedUntil: now + Math.max(pauseMs, longer) * (1 + JITTER * random()),
    slowedSince: throttle.slowedSince ?? now,
    changedAt: now,
  }
}

export interface Answer {
  readonly beganAt: number
  readonly now: number
  readonly isAccepted: boolean
  readonly connections: number
}

/** After any other answer: the lane is open again, and climbs while it accepts. The same object when nothing changes. */
export function speedUp(throttle: Throttle, { beganAt, now, isAccepted, connections }: Answer): Throttle {
  if (throttle === UNTHROTTLED || beganAt < throttle.changedAt) return throttle
  if (throttle.strikes > 0)
    return {
      ...throttle,
      strikes: 0,
      slowedSince: isAccepted ? null : throttle.slowedSince,
      changedAt: now,
    }
  if (!isAccepted) return throttle
  if (now - throttle.changedAt < CLIMB_MS)
    return throttle.slowedSince === null ? throttle : { ...throttle, slowedSince: null }
  const perSecond = climb(throttle.perSecond, throttle.goalPerSecond)
  const most = climb(throttle.connections, connections, Math.ceil(connections / STEPS))
  if (perSecond === null && most === null) return UNTHROTTLED
  return { ...throttle, perSecond, connections: most, slowedSince: null, changedAt: now }
}

/** A step up; null when it is back at its goal. */
function climb(value: number | null, goal: number, step = goal / STEPS): number | null {
  return value === null || value + step >= goal ? null : value + step
}
