import { expect, test } from 'vitest'
import { parseAddress } from '../address.js'
import { foldAddress } from './fold.js'

const fold = (text: string) => {
  const parsed = parseAddress(text)
  return parsed.kind === 'address' ? foldAddress(parsed) : null
}

test.each(['Alice.Smith@gmail.com', 'a.l.i.c.e.smith+news@googlemail.com', 'ALICESMITH+a+b@GMail.com'])(
  '%s is one mailbox at Gmail',
  (text) => {
    expect(fold(text)).toBe('alicesmith@gmail.com')
  },
)

test('elsewhere a plus is folded and a dot is not', () => {
  expect(fold('Alice.Smith+news@example.org')).toBe('alice.smith@example.org')
  expect(fold('+alice@example.org')).toBe('+alice@example.org')
})
