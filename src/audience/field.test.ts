import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanName, isAttributeName, suggestAttributeName } from './field.js'

describe('a name is one clean line', () => {
  test.each([
    ['  Alice  ', 'Alice'],
    ['A\r\nBcc: e@x.test', 'A Bcc: e@x.test'],
    ['A\u2028B\u0000C\tD', 'A B C D'],
    ['abc\u202egnp.exe', 'abcgnp.exe'],
    ['Jo\u0308rg', 'Jörg'],
    ['{{subscriber.secret}} <b>', '{{subscriber.secret}} <b>'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    ['x'.repeat(300), 'x'.repeat(200)],
    ['🙂'.repeat(300), '🙂'.repeat(200)],
  ])('%j becomes %j', (text, name) => {
    expect(cleanName(text)).toBe(name)
  })

  test('whatever comes in, and a second cleaning changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const name = cleanName(text)
        expect(name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u)
        expect(cleanName(name)).toBe(name)
      }),
    )
  })
})

test('an attribute can be named in an Issue', () => {
  expect(['city', 'member_since', 'a1'].filter(isAttributeName)).toEqual(['city', 'member_since', 'a1'])
  expect(['City', 'member since', '1a', '_a', '__proto__', ''].filter(isAttributeName)).toEqual([])
})

test.each([
  ['First Name', 'first_name'],
  ['Größe (cm)', 'gro_e_cm'],
  ['2nd', 'nd'],
  ['名字', ''],
])('for the column %j the name %j is suggested', (column, name) => {
  expect(suggestAttributeName(column)).toBe(name)
})
