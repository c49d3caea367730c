import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  hashAddress,
  makeKeys,
  RETURN_TOKEN_LENGTH,
  signToken,
  TOKEN_LENGTH,
  TOKEN_PURPOSES,
  verifyToken,
} from './token.js'

const older = 'an older secret of more than 32 characters'
const newer = 'a newer secret of more than 32 characters!'
const keys = makeKeys([newer, older])

test('a Token leads back to the Delivery it was made for, for its own purpose only', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 40 - 1 }),
      fc.constantFrom(...TOKEN_PURPOSES),
      (id, purpose) => {
        const token = signToken(keys, purpose, id)

        expect(token).toHaveLength(purpose === 'return' ? RETURN_TOKEN_LENGTH : TOKEN_LENGTH)
        for (const other of TOKEN_PURPOSES)
          expect(verifyToken(keys, other, token)).toBe(other === purpose ? id : null)
      },
    ),
  )
})

test('no changed character verifies, whatever it is changed to', () => {
  for (const purpose of TOKEN_PURPOSES) {
    const token = signToken(keys, purpose, 123_456)
    for (let place = 0; place < token.length; place++) {
      for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. ') {
        const changed = token.slice(0, place) + character + token.slice(place + 1)
        const same = purpose === 'return' ? changed.toLowerCase() === token : changed === token

        expect(verifyToken(keys, purpose, changed)).toBe(same ? 123_456 : null)
      }
    }
  }
})

test('a return Token survives case folding', () => {
  expect(verifyToken(keys, 'return', signToken(keys, 'return', 7).toUpperCase())).toBe(7)
})

test('Tokens of an older key still verify, those of a foreign key do not', () => {
  expect(verifyToken(keys, 'read', signToken(makeKeys([older]), 'read', 9))).toBe(9)
  expect(
    verifyToken(keys, 'read', signToken(makeKeys(['a foreign secret of more than 32 chars!!']), 'read', 9)),
  ).toBeNull()
})

test('a Suppression made before a new key is still found', () => {
  expect(hashAddress(keys, 'bob@example.org')).toBe(hashAddress(makeKeys([older]), 'bob@example.org'))
})
