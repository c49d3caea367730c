import { expect, test } from 'vitest'
import { parseBytes, parseDuration } from './amount.js'

test.each([
  ['250ms', 250],
  ['90s', 90_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  [' 5m ', 300_000],
  ['5', null],
  ['5 m', null],
  ['-5m', null],
  ['5w', null],
  ['', null],
])('the duration "%s" is %s milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each([
  ['200MB', 200_000_000],
  ['1.5GB', 1_500_000_000],
  ['1 tb', 1_000_000_000_000],
  ['0kB', 0],
  ['200', null],
  ['200Mb/s', null],
  ['-1GB', null],
  ['plenty', null],
  ['', null],
])('the size "%s" is %s bytes', (text, size) => {
  expect(parseBytes(text)).toBe(size)
})
