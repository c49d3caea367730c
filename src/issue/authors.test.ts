import { expect, test } from 'vitest'
import { parseAuthors, readAsNames } from './authors.js'

test.each([
  ['A Reyes', ['A Reyes']],
  ['A Reyes and B Lund', ['A Reyes', 'B Lund']],
  ['A Reyes, B Lund and C Oh', ['A Reyes', 'B Lund', 'C Oh']],
  ['A Reyes, B Lund, and C Oh', ['A Reyes', 'B Lund', 'C Oh']],
  ['A Reyes & B Lund', ['A Reyes', 'B Lund']],
  ['王小明、李雷', ['王小明', '李雷']],
  ['Ada Reyes, Jr., and Bo Lund III', ['Ada Reyes, Jr.', 'Bo Lund III']],
  ["Zoë d'Angelo", ['Zoë d’Angelo']],
  ['Alexander Sanders', ['Alexander Sanders']],
])('%s', (text, names) => {
  expect(parseAuthors(text)?.map(({ name }) => name)).toEqual(names)
})

test('names in Arabic are parted by its comma', () => {
  expect(parseAuthors('ليلى حداد، سامر النجار')?.map(({ name }) => name)).toEqual([
    'ليلى حداد',
    'سامر النجار',
  ])
})

test('a name may be a link', () => {
  expect(parseAuthors('[Ada Reyes](https://example.com/ada), Bo Lund')).toEqual([
    { name: 'Ada Reyes', url: 'https://example.com/ada' },
    { name: 'Bo Lund', url: null },
  ])
})

test.each(['', 'A, , B', 'A and', '[A](javascript:alert(1))', '<b>A</b>', '12'])(
  '%j names no authors',
  (text) => {
    expect(parseAuthors(text)).toBeNull()
  },
)

test.each([
  ['Ludwig van der Berg', true],
  ['Ana de la Cruz and bell hooks', false],
  ['Monday the port', false],
  ['2030', false],
])('%s reads as names: %s', (text, isNames) => {
  expect(readAsNames(parseAuthors(text) ?? [{ name: text, url: null }])).toBe(isNames)
})
