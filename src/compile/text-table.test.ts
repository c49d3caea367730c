import { describe, expect, test } from 'vitest'
import { markPerson } from './holed.js'
import { type TextTable, writeTable } from './text-table.js'

const words = { colon: ': ' }
const table: TextTable = {
  head: ['Seal', 'Life', ''],
  body: [
    ['Nitrile', '6 years', 'x'],
    ['Silicone', '', 'yy'],
  ],
  aligns: [null, 'right', 'center'],
}

describe('a table in the text part', () => {
  test('that fits stands in columns, each aligned as the editor said', () => {
    expect(writeTable(table, 21, words)).toBe(
      'Seal         Life\n--------  -------  --\nNitrile   6 years  x\nSilicone           yy',
    )
  })

  test('that is a head and nothing else is wrapped too', () => {
    const head = ['one two three', 'four five six seven']

    expect(writeTable({ head, body: [], aligns: [] }, 16, words)).toBe(
      'one two three\nfour five six\n  seven',
    )
  })

  test('without a head has no rule', () => {
    expect(writeTable({ head: ['', ''], body: [['a', 'b']], aligns: [] }, 78, words)).toBe('a  b')
  })

  test('that is too wide is a line a cell, and empty cells say nothing', () => {
    expect(writeTable(table, 20, words)).toBe('Seal: Nitrile\nLife: 6 years\nx\n\nSeal: Silicone\nyy')
  })

  test('goes on with a long cell below it', () => {
    const long = { head: ['Seal'], body: [['a word and another']], aligns: [null] }

    expect(writeTable(long, 14, words)).toBe('Seal: a word\n  and another')
  })

  test('keeps a head that stands above empty cells alone', () => {
    expect(writeTable({ head: ['A long one', 'Empty'], body: [['x', '']], aligns: [] }, 5, words)).toContain(
      'Empty',
    )
    expect(writeTable({ head: ['A long one', 'B'], body: [], aligns: [] }, 12, words)).toBe('A long one\nB')
  })

  test('with a hole has no columns: nobody knows how wide it will be', () => {
    const holed = {
      head: ['A', 'B'],
      body: [['x', markPerson({ kind: 'person', name: 'n', fallback: '' })]],
      aligns: [],
    }

    expect(writeTable(holed, 78, words)).toMatch(/^A: x\nB: /)
  })
})
