import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readConfig } from '../config.js'
import { type RetryPolicy, retryDelay, slowedDelay } from './retry.js'

const MAX_DELAY_MS = 7 * 86_400_000

test('the wait follows the schedule, a little jittered, and ends', () => {
  const policy = { scheduleMs: [1_000, 5_000], random: () => 0.5 }

  expect([1, 2, 3].map((attempt) => retryDelay(attempt, policy))).toEqual([1_050, 5_250, null])
})

/** A Delivery deferred at every Attempt, on a clock that stands still between them: when each Attempt is. */
function attemptTimes(policy: RetryPolicy, limit = 100): readonly number[] {
  const times = [0]
  for (;;) {
    const delay = retryDelay(times.length, policy)
    if (delay === null || times.length > limit) return times
    times.push((times.at(-1) ?? 0) + delay)
  }
}

const growing = fc
  .uniqueArray(fc.integer({ min: 1, max: MAX_DELAY_MS }), { minLength: 1, maxLength: 12 })
  .map((waits) => waits.sort((a, b) => a - b))
const seeded = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))

function randomOf(stream: Iterator<number>): () => number {
  return () => stream.next().value ?? 0
}

test('V31: waits of a growing schedule never shrink, are jittered by a tenth at most, capped at 7 days, and end', () => {
  fc.assert(
    fc.property(growing, seeded, (scheduleMs, stream) => {
      const times = attemptTimes({ scheduleMs, random: randomOf(stream) })

      const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0))
      expect(waits).toHaveLength(scheduleMs.length)
      for (const [index, wait] of waits.entries()) {
        const scheduled = scheduleMs[index] ?? 0
        expect(wait).toBeGreaterThanOrEqual(Math.max(scheduled, waits[index - 1] ?? 0))
        expect(wait).toBeLessThanOrEqual(Math.min(scheduled * 1.1, MAX_DELAY_MS))
      }
    }),
  )
})

test('those that were deferred together are not due together, even when all waits are the same', () => {
  let seed = 0
  const random = () => (seed++ % 97) / 97
  const policy = { scheduleMs: [300_000, 300_000, 300_000], random }

  const due = Array.from({ length: 97 }, () => attemptTimes(policy)[1])

  expect(new Set(due).size).toBe(97)
})

test('the schedule that nobody has set ends after 6 waits and a day and a half', () => {
  const { retryScheduleMs } = readConfig({ root: import.meta.dirname, env: {} })
  const times = attemptTimes({ scheduleMs: retryScheduleMs, random: () => 0 })

  expect(times).toHaveLength(7)
  expect((times.at(-1) ?? 0) / 3_600_000).toBeCloseTo(34.6, 1)
})

test('a "slow down" long after the first attempt is no end for who was paused in between', () => {
  const policy = { scheduleMs: [60_000, 600_000], random: () => 0 }
  const ageMs = 5 * 86_400_000

  expect(slowedDelay({ times: 1, ageMs }, policy)).toBe(60_000)
  expect(slowedDelay({ times: 3, ageMs }, policy)).toBeNull()
  expect(slowedDelay({ times: 3, ageMs: 0 }, policy)).toBe(240_000)
})
