import { expect, test } from 'vitest'
import { readRhythm } from './rhythm.js'

const DAY_MS = 86_400_000
const every = (days: number, count = 6) =>
  Array.from({ length: count }, (_, n) => (1_000 - n * days) * DAY_MS)

test.each([
  [1, 'daily'],
  [7, 'weekly'],
  [14, 'fortnightly'],
  [30, 'monthly'],
  [91, 'rarely'],
])('one every %d days comes %s', (days, rhythm) => {
  expect(readRhythm(every(days))).toBe(rhythm)
})

test('a break changes nothing, and two are too few to say', () => {
  expect(readRhythm([100, 93, 40, 33, 26].map((day) => day * DAY_MS))).toBe('weekly')
  expect(readRhythm(every(7, 2))).toBeNull()
})
