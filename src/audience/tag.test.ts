import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTag } from './tag.js'

test.each([
  [' Press \t corps ', 'press corps'],
  ['VIP', 'vip'],
  ['Jo\u0308rg', 'jörg'],
])('%j is the tag %j', (text, ok) => {
  expect(readTag(text)).toEqual({ ok })
})

test.each([
  [' \n', '"" is no tag; write a word or a few'],
  ['a,b', '"a,b" is no tag; leave the commas and quotes out'],
  ['a"b', '"a\\"b" is no tag; leave the commas and quotes out'],
  ['x'.repeat(61), `"${'x'.repeat(60)}…" has 61 characters; 60 are the most of a tag`],
])('%j is no tag', (text, problem) => {
  expect(readTag(text)).toEqual({ problem })
})

test('a tag that was read is read the same again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const first = readTag(text)
      if ('ok' in first) expect(readTag(first.ok)).toEqual(first)
    }),
  )
})
