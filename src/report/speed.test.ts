import { expect, test } from 'vitest'
import { inSpans, MINUTE_MS, type Minute, speedOf } from './speed.js'

function minute(number: number, given: Partial<Minute> = {}): Minute {
  return {
    minute: number,
    sent: 60,
    deferred: 0,
    firstAt: number * MINUTE_MS,
    lastAt: (number + 1) * MINUTE_MS,
    ...given,
  }
}

test('a pause of a day makes a Send no slower', () => {
  expect(speedOf([minute(10), minute(11), minute(10 + 24 * 60)])).toBe(1)
})

test('a Send of some seconds is measured by them', () => {
  const began = 10 * MINUTE_MS + 20_000

  expect(speedOf([minute(10, { sent: 30, firstAt: began, lastAt: began + 10_000 })])).toBe(3)
})

test('one message is one a second, and none is no speed', () => {
  const at = 10 * MINUTE_MS + 20_000

  expect(speedOf([minute(10, { sent: 1, firstAt: at, lastAt: at + 3 })])).toBe(1)
  expect(speedOf([minute(10, { sent: 0, deferred: 4 })])).toBe(null)
  expect(speedOf([])).toBe(null)
})

test('what was answered in a minute but meant in the one before counts the time between', () => {
  const reply = 10 * MINUTE_MS + 1_000

  expect(speedOf([minute(10, { sent: 60, firstAt: reply - 6_000, lastAt: reply })])).toBe(10)
})

test('spans grow with the time it took, and lose nobody', () => {
  const short = Array.from({ length: 100 }, (_, at) => minute(at))
  const long = Array.from({ length: 1_000 }, (_, at) => minute(at, { deferred: 1 }))

  expect(inSpans(short)).toHaveLength(100)
  expect(inSpans(long)).toHaveLength(67)
  expect(inSpans(long)[1]).toEqual({
    at: '1970-01-01T00:15:00.000Z',
    spanMs: 900_000,
    sent: 900,
    deferred: 15,
  })
  expect(inSpans(long).reduce((sum, { sent }) => sum + sent, 0)).toBe(60_000)
})
