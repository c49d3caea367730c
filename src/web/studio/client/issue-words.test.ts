import { expect, test } from 'vitest'
import type { IssueLine } from '../api.js'
import { dayWords, findingWords, listWords, matches, momentWords } from './issue-words.js'

const NOW = new Date(2026, 10, 26, 14, 30)

test.each([
  ['2026-11-26', 'today'],
  ['2026-11-27', 'tomorrow'],
  ['2026-11-24', '2 days ago'],
  ['2026-11-10', '2 weeks ago'],
  ['2026-08-26', '3 months ago'],
  ['2024-11-26', '2 years ago'],
])('the day %s is %s', (day, words) => {
  expect(dayWords(day, NOW)).toBe(words)
})

test.each([
  [20_000, 'just now'],
  [-5 * 60_000, '5 minutes ago'],
  [3 * 3_600_000, 'in 3 hours'],
  [-24 * 3_600_000, 'yesterday'],
])('what is %s ms away is %s', (ms, words) => {
  expect(momentWords(NOW.getTime() + ms, NOW)).toBe(words)
})

test('findings are counted in words, and notes are none', () => {
  expect(findingWords({ errors: 1, warnings: 1_200 })).toBe('1 error, 1,200 warnings')
  expect(findingWords({ errors: 0, warnings: 0 })).toBe('')
})

const send = { id: 1, reason: null, at: 0 } as const

const issue: IssueLine = {
  slug: '2026-11-24-cafe',
  file: 'issues/2026-11-24-cafe.md',
  title: 'Café on the quay',
  number: 42,
  date: '2026-11-24',
  subject: null,
  problems: [],
  findings: null,
  isCounted: false,
  state: 'sending',
  sends: [
    { ...send, list: 'quay', state: 'sending' },
    { ...send, list: 'harbour', state: 'finished' },
    { ...send, list: 'quay', state: 'cancelled' },
  ],
}

test('lists that are not all as far say how far each is, by its newest Send', () => {
  expect(listWords(issue)).toBe('quay (sending), harbour (finished)')
  expect(listWords({ ...issue, sends: issue.sends.slice(0, 1) })).toBe('quay')
})

test('an issue is found by parts of words, whatever their accents and their order', () => {
  expect(matches(issue, 'quay CAFE')).toBe(true)
  expect(matches(issue, 'sending 42')).toBe(true)
  expect(matches(issue, 'harbour')).toBe(true)
  expect(matches(issue, 'quay zebra')).toBe(false)
  expect(matches(issue, '')).toBe(true)
})
