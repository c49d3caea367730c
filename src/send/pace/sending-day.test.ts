import { expect, test } from 'vitest'
import { beginOfDay, dayLimit, nextDay, WARM_UP } from './sending-day.js'

const at = (time: string) => Date.parse(`${time}Z`)

test('a sending day begins at midnight UTC', () => {
  expect(beginOfDay(at('2026-12-01T23:59:59'))).toBe(at('2026-12-01T00:00:00'))
  expect(nextDay(at('2026-12-31T12:00:00'))).toBe(at('2027-01-01T00:00:00'))
})

test('a warm-up gives each day its number, nothing before it, and no limit when it is through', () => {
  const terms = { perDay: null, warmup: '2026-12-01' }

  expect(dayLimit(terms, at('2026-11-30T23:59:59'))).toBe(0)
  expect(dayLimit(terms, at('2026-12-01T00:00:00'))).toBe(200)
  expect(dayLimit(terms, at('2026-12-03T12:00:00'))).toBe(800)
  expect(dayLimit(terms, at('2026-12-19T12:00:00'))).toBe(900_000)
  expect(dayLimit(terms, at('2026-12-20T00:00:00'))).toBeNull()
})

test('of two limits the lower one counts', () => {
  const terms = { perDay: 1_000, warmup: '2026-12-01' }

  expect(
    [1, 4, 30].map((day) => dayLimit(terms, at(`2026-12-${String(day).padStart(2, '0')}T08:00:00`))),
  ).toEqual([200, 1_000, 1_000])
  expect(dayLimit({ perDay: null, warmup: null }, at('2026-12-01T00:00:00'))).toBeNull()
})

test('the plan grows from day to day, never to more than twice the day before', () => {
  for (const [day, count] of WARM_UP.entries()) {
    const before = WARM_UP[day - 1] ?? count / 2
    expect(count).toBeGreaterThan(before)
    expect(count).toBeLessThanOrEqual(before * 2)
  }
})
