import { expect, test } from 'vitest'
import { addDays, dayAt, startOfDay, startOfMonth } from './calendar.js'

const BERLIN = 'Europe/Berlin'

test('a day is the zone’s own', () => {
  const justAfterMidnight = Date.UTC(2026, 5, 30, 22, 30)

  expect(dayAt(justAfterMidnight, BERLIN)).toBe('2026-07-01')
  expect(dayAt(justAfterMidnight, 'UTC')).toBe('2026-06-30')
  expect(startOfMonth(justAfterMidnight, BERLIN)).toBe(Date.UTC(2026, 5, 30, 22))
  expect(startOfMonth(justAfterMidnight, 'UTC')).toBe(Date.UTC(2026, 5, 1))
})

test('a day of which the clocks skip the beginning begins later', () => {
  expect(startOfDay('2018-11-04', 'America/Sao_Paulo')).toBe(Date.UTC(2018, 10, 4, 3))
})

test('days go on over the ends of months', () => {
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01')
})
