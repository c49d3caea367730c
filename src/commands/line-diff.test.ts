import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffLines } from './line-diff.js'

const show = (before: string, after: string) => diffLines(before, after).map(({ sign, line }) => sign + line)

test('what is gone stands before what came in its place', () => {
  expect(show('a\nb\nc', 'a\nx\nc')).toEqual(['-b', '+x'])
  expect(show('a\nb\nc\nd', 'a\nc\nd\ne')).toEqual(['-b', '+e'])
  expect(show('a', 'a\nb')).toEqual(['+b'])
  expect(show('same', 'same')).toEqual([])
})

test('taking the lines away and putting the others in makes one text of the other', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const changed = diffLines(before.join('\n'), after.join('\n'))
      const count = (all: readonly string[], line: string) => all.filter((one) => one === line).length
      for (const line of ['a', 'b', 'c']) {
        const less = changed.filter((one) => one.sign === '-' && one.line === line).length
        const more = changed.filter((one) => one.sign === '+' && one.line === line).length
        expect(count(before, line) - less + more).toBe(count(after, line))
      }
    }),
  )
})

test('two long texts without a line in common are shown whole', () => {
  const [before, after] = ['a', 'b'].map((line) => `${line}\n`.repeat(3_000).trimEnd())

  expect(diffLines(before ?? '', after ?? '')).toHaveLength(6_000)
})
