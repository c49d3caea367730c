/**
 * Pace: when a message of a lane may begin. A turn is a connection and, where the lane has a rate, a time; a lane that may
 * begin nothing for a while is told so, and holds neither. What receivers answer slows a lane down or lets it climb.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Permits } from '../../queue/permits.js'
import { isLaneSlowed, type Outcome } from '../outcome.js'
import { withoutAddresses } from '../reply-rules.js'
import { type LaneLimit, type LaneLimits, limitOf } from './limit.js'
import { type Meter, openMeter } from './meter.js'
import type { Shares } from './shares.js'
import type { LaneSight } from './sight.js'
import { openSlots } from './slots.js'
import { slowDown, speedUp, type Throttle, UNTHROTTLED } from './throttle.js'
import { openTimeline, type Timeline } from './timeline.js'

/** A lane that may begin nothing for longer holds no Batch meanwhile. */
const PATIENCE_MS = 3_000
/** Batches of one lane at once: while the last messages of one wait for their replies, the next keeps the wire busy. */
const BATCHES_AT_ONCE = 4
/** Of a lane with a rate: what another could take is not held by us. */
const BATCHES_WITH_RATE = 2

export interface Turn {
  readonly lane: string
  readonly beganAt: number
  /** Messages of the lane on one connection. */
  readonly perConnection: number | null
  /** The message is off the wire: its connection is free. */
  end(): void
}

export interface Pace {
  /** The next turn of the lane; null: it may begin nothing for a while, or this process ends. */
  take(lane: string): Promise<Turn | null>
  /** Learns from what became of the turn's message. */
  note(turn: Turn, outcome: Outcome): void
  /** How long the lane may begin nothing, ms; 0: it may. */
  opensInMs(lane: string): number
  /** Batches of the lane that may be held at once. */
  batchesAtOnce(lane: string): number
  throttleOf(lane: string): Throttle
  /** As others have written it. */
  adopt(lane: string, throttle: Throttle): void
  seen(): readonly (LaneSight & { readonly lane: string })[]
  /** To be called every few seconds: that a relay has come back, nothing here is told. */
  look(): void
  /** Nobody is given a turn any more. */
  close(): void
}

export interface PaceOptions {
  readonly limits: LaneLimits
  /** Connections there are; may change. */
  readonly connections: () => number
  /** Those that may carry messages of the lane. */
  readonly connectionsFor: (lane: string) => number
  readonly shares: Shares
  readonly permits: Permits
  readonly monotonic: () => number
  readonly random: () => number
  /** A throttle was changed here: for others to know. */
  readonly onChange: (lane: string, throttle: Throttle) => void
}

interface Line {
  readonly lane: string
  readonly limit: LaneLimit
  readonly timeline: Timeline
  readonly meter: Meter
  throttle: Throttle
  /** Its rate lets nothing begin before. */
  dryUntil: number
}

export function openPace(options: PaceOptions): Pace {
  const { limits, connections, connectionsFor, shares, permits, monotonic, random, onChange } = options
  const lines = new Map<string, Line>()
  const stop = new AbortController()
  const slots = openSlots({ total: connections, most: (lane) => mostOf(lineOf(lane)) })

  function lineOf(lane: string): Line {
    const known = lines.get(lane)
    if (known !== undefined) return known
    const line: Line = {
      lane,
      limit: limitOf(limits, lane),
      timeline: openTimeline({ name: `lane:${lane}`, monotonic, shares, permits }),
      meter: openMeter(monotonic),
      throttle: UNTHROTTLED,
      dryUntil: Number.NEGATIVE_INFINITY,
    }
    lines.set(lane, line)
    return line
  }

  /** While nothing but refusals came, one message at a time finds out. */
  function mostOf({ lane, throttle, limit }: Line): number {
    if (throttle.strikes > 0) return 1
    return Math.min(
      throttle.connections ?? limit.connections ?? Number.POSITIVE_INFINITY,
      connectionsFor(lane),
    )
  }

  function rateOf({ throttle, limit }: Line): number | null {
    if (throttle.perSecond === null) return limit.perSecond
    return Math.min(throttle.perSecond, limit.perSecond ?? Number.POSITIVE_INFINITY)
  }

  function opensInMs(line: Line): number {
    return Math.max(line.throttle.suspendedUntil, line.dryUntil) - monotonic()
  }

  /** Waits for a time; false: the lane is shut meanwhile. */
  async function untilDue(line: Line, perSecond: number): Promise<boolean> {
    for (;;) {
      const waitMs = await line.timeline.dueIn(perSecond)
      if (waitMs <= 0) return true
      if (waitMs > PATIENCE_MS) {
        line.dryUntil = monotonic() + waitMs
        return false
      }
      // Aborting the wait is how it ends early.
      await wait(waitMs, undefined, { signal: stop.signal }).catch(() => {})
      if (stop.signal.aborted || opensInMs(line) > 0) return false
    }
  }

  function begin(line: Line): Turn {
    const beganAt = monotonic()
    line.meter.mark()
    return {
      lane: line.lane,
      beganAt,
      perConnection: line.limit.perConnection,
      end: () => slots.free(line.lane, monotonic() - beganAt),
    }
  }

  function change(line: Line, throttle: Throttle): void {
    if (throttle === line.throttle) return
    line.throttle = throttle
    if (opensInMs(line) > 0) slots.dismiss(line.lane)
    onChange(line.lane, throttle)
  }

  return {
    async take(lane) {
      const line = lineOf(lane)
      for (;;) {
        if (stop.signal.aborted || opensInMs(line) > 0) return null
        const rate = rateOf(line)
        if (rate !== null && !(await untilDue(line, rate))) return null
        if (!slots.take(lane) && !(await slots.wait(lane))) continue
        // The time was right when the wait for the connection began.
        if (opensInMs(line) <= 0 && (rateOf(line) === null || line.timeline.spend())) return begin(line)
        slots.free(lane, null)
      }
    },
    note(turn, outcome) {
      const line = lineOf(turn.lane)
      const now = monotonic()
      const seats = Math.min(line.limit.connections ?? Number.POSITIVE_INFINITY, connectionsFor(line.lane))
      const { beganAt } = turn
      if (isLaneSlowed(outcome))
        change(
          line,
          slowDown(line.throttle, {
            beganAt,
            now,
            text: withoutAddresses(outcome.text),
            limit: line.limit,
            seenPerSecond: line.meter.perSecond() * shares.workers(),
            connections: seats,
            random,
          }),
        )
      else if (outcome.kind === 'sent' || ('code' in outcome && outcome.code !== null))
        change(
          line,
          speedUp(line.throttle, { beganAt, now, isAccepted: outcome.kind === 'sent', connections: seats }),
        )
    },
    opensInMs: (lane) => Math.max(opensInMs(lineOf(lane)), 0),
    batchesAtOnce(lane) {
      const line = lineOf(lane)
      if (line.throttle.strikes > 0) return 1
      return rateOf(line) === null ? BATCHES_AT_ONCE : BATCHES_WITH_RATE
    },
    throttleOf: (lane) => lineOf(lane).throttle,
    adopt(lane, throttle) {
      const line = lineOf(lane)
      line.throttle = throttle
      if (opensInMs(line) > 0) slots.dismiss(lane)
    },
    seen: () =>
      [...lines.values()].map(({ lane, meter }) => ({
        lane,
        underWay: slots.held(lane),
        perSecond: meter.perSecond(),
      })),
    look: slots.look,
    close() {
      stop.abort()
      for (const lane of lines.keys()) slots.dismiss(lane)
    },
  }
}
