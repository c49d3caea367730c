import fc from 'fast-check'
import { expect, test } from 'vitest'
import { guard, unguard } from './guard.js'

test.each(['=HYPERLINK("https://evil.test")', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', "'x"])(
  'V43: %j gets an apostrophe in front',
  (field) => {
    expect(guard(field)).toBe(`'${field}`)
  },
)

test.each(['', 'a', 'a=b', ' =x', '1-2'])('%j stays as it is', (field) => {
  expect(guard(field)).toBe(field)
})

test('V43: whatever is guarded comes back, and nothing guarded begins a formula', () => {
  const field = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', ' ') })
  fc.assert(
    fc.property(field, (text) => {
      expect(unguard(guard(text))).toBe(text)
      expect(guard(text)).not.toMatch(/^[=+\-@\t\r]/)
    }),
  )
})
