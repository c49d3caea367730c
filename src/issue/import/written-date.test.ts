import { expect, test } from 'vitest'
import { readWrittenDate } from './written-date.js'

test.each([
  ['5 June 2022', '2022-06-05'],
  ['Sunday, 5th June 2022', '2022-06-05'],
  ['June 5, 2022', '2022-06-05'],
  ['Sun, Jun 5th, 2022', '2022-06-05'],
  ['Tuesday 1 Sept. 2026', '2026-09-01'],
  ['2022-06-05', '2022-06-05'],
  ['29 February 2024', '2024-02-29'],
  ['29 February 2023', null],
  ['31 June 2022', null],
  ['5 Juno 2022', null],
  ['Marching 5, 2022', null],
  ['On 5 June 2022 the port closed', null],
  ['', null],
])('%j is %j', (text, date) => {
  expect(readWrittenDate(text)).toBe(date)
})
