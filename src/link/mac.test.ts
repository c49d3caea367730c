import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { macOf, makeMacKey } from './mac.js'

test('RFC 4231, test case 2: a key shorter than a block', () => {
  const mac = macOf(makeMacKey(Buffer.from('Jefe')), Buffer.from('what do ya want for nothing?'))

  expect(Buffer.from(mac, 'latin1').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test('whatever the key and the message, it is what Node’s own HMAC says', () => {
  const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
  fc.assert(
    fc.property(bytes(64), bytes(300), (key, message) => {
      const expected = createHmac('sha256', key).update(message).digest('binary')
      expect(macOf(makeMacKey(key), message)).toBe(expected)
    }),
  )
})

test('a key longer than a block is refused rather than cut', () => {
  expect(() => makeMacKey(new Uint8Array(65))).toThrow('65 bytes')
})
