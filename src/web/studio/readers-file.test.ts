import { expect, test } from 'vitest'
import type { AttributeType } from '../../issue/publication.js'
import { parseReaders } from './readers-file.js'

const ATTRIBUTES: readonly AttributeType[] = [
  { name: 'city', kind: 'text' },
  { name: 'orders', kind: 'number' },
  { name: 'donor', kind: 'yesNo' },
]

function problemsOf(source: string, attributes = ATTRIBUTES): readonly string[] {
  return parseReaders(source, attributes).problems.map(
    ({ where, line, message }) => `${where}:${line}: ${message}`,
  )
}

test('readers are names with values below them, each in its one form', () => {
  const { readers, problems } = parseReaders(
    'Ines, who gives:\n  name: Ines Varga\n  orders: 012.50\n  donor: true\nNobody at all:\n',
    ATTRIBUTES,
  )

  expect(problems).toEqual([])
  expect(readers).toEqual([
    { label: 'Ines, who gives', values: { name: 'Ines Varga', orders: '12.5', donor: 'yes' } },
    { label: 'Nobody at all', values: {} },
  ])
  expect(parseReaders('', ATTRIBUTES)).toEqual({ readers: [], problems: [] })
})

test('where nothing is declared every value is text', () => {
  expect(parseReaders('A:\n  orders: many\n', []).readers).toEqual([
    { label: 'A', values: { orders: 'many' } },
  ])
})

test.each([
  ['a value of another type', 'A:\n  orders: many\n', '2: "orders": "many" is no number; write it as 1234.5'],
  [
    'a slip in a name',
    'A:\n  citty: Rye\n',
    '2: "citty" is no attribute that newsletter.yaml declares; did you mean "city"?',
  ],
  ['no address', 'A:\n  address: ines\n', '2: "address": "ines" has no @'],
  ['a list', 'A:\n  - name\n', '1: a reader wants values below it, as in name: Ines Varga'],
  [
    'a list of all',
    '- A\n',
    '1: write a reader a line and their values below, as in Ines: and then name: Ines Varga',
  ],
  ['values within values', 'A:\n  city:\n    of: Rye\n', '2: "city" wants text, as in city: Marrow'],
  ['twice the same', 'A:\n  city: Rye\nA:\n  city: Ely\n', '3: this key is there twice; keep one'],
])('%s is told with its line', (_what, source, problem) => {
  expect(problemsOf(source)).toEqual([`issues/readers.yaml:${problem}`])
})

test('who is written well stays when another is not', () => {
  const { readers, problems } = parseReaders('A:\n  city: Rye\nB:\n  orders: many\n  city: Ely\n', ATTRIBUTES)

  expect(problems).toHaveLength(1)
  expect(readers).toEqual([
    { label: 'A', values: { city: 'Rye' } },
    { label: 'B', values: { city: 'Ely' } },
  ])
})
