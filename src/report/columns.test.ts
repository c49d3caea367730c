import { expect, test } from 'vitest'
import { alignColumns } from './columns.js'

test('words stand left, numbers right with separators, and no line ends in blanks', () => {
  const lines = alignColumns([
    ['state', 'people', 'why'],
    ['sent', 985, ''],
    ['excluded', 12_345, 'suppressed'],
  ])

  expect(lines).toEqual(['state     people  why', 'sent         985', 'excluded  12,345  suppressed'])
})

test('wide characters count as two columns, and nothing steers the terminal', () => {
  expect(
    alignColumns([
      ['港口', 1],
      ['ab\x1b[31mcd', 2],
    ]),
  ).toEqual(['港口      1', 'ab[31mcd  2'])
})

test('no rows make no lines', () => {
  expect(alignColumns([])).toEqual([])
})
