import { expect, test } from 'vitest'
import { peopleWords, sizeWords, splitSubject, timeWords, writtenOut } from './inbox-words.js'

test('marks that turn writing around are written out, wherever they stand', () => {
  expect(writtenOut('live\u202E evil')).toBe('live[U+202E] evil')
  expect(splitSubject('[Test] \u202Emoc.knab')).toEqual({ mark: '[Test]', rest: '[U+202E]moc.knab' })
  expect(peopleWords(['a\u2066@example.org'])).toBe('a[U+2066]@example.org')
})

test('a size has the unit that is read most easily', () => {
  expect([0, 999, 1_000, 82_499, 999_499, 999_500, 30_000_000].map(sizeWords)).toEqual([
    '0 B',
    '999 B',
    '1.0 KB',
    '82 KB',
    '999 KB',
    '1.0 MB',
    '30 MB',
  ])
})

test('today is a time, earlier a day, and long ago a year', () => {
  const now = new Date(2026, 10, 26, 15, 0).getTime()

  expect(timeWords(now - 5_000, now)).toBe('now')
  expect(timeWords(new Date(2026, 10, 26, 9, 5).getTime(), now)).toBe('09:05')
  expect(timeWords(new Date(2026, 10, 2, 9, 5).getTime(), now)).toBe('2 Nov')
  expect(timeWords(new Date(2025, 0, 2).getTime(), now)).toBe('2 Jan 2025')
})

test('many recipients are the first and a number', () => {
  expect([[], ['a@b.example'], ['a@b.example', 'c@d.example', 'e@f.example']].map(peopleWords)).toEqual([
    'nobody that is known',
    'a@b.example',
    'a@b.example and 2 more',
  ])
})

test('what marks a test is told apart from the subject', () => {
  expect(splitSubject('[Test 2/4: with city] Ports reopen')).toEqual({
    mark: '[Test 2/4: with city]',
    rest: 'Ports reopen',
  })
  expect(splitSubject('Testing [Test]')).toEqual({ mark: '', rest: 'Testing [Test]' })
})
