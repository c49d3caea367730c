import { describe, expect, test } from 'vitest'
import { makeKeys, signToken, verifyToken } from './link/token.js'
import { parseReturnPath, type ReturnPath, returnAddress, tokenInAddress } from './return-path.js'

const keys = makeKeys(['a secret of more than thirty-two characters'])

function parsed(pattern: string): ReturnPath {
  const read = parseReturnPath(pattern)
  if ('refused' in read) throw new Error(read.refused)
  return read
}

describe('a Token goes into an address and comes out of it', () => {
  test.each([
    'bounces+*@example.com',
    '*@bounces.example.com',
    'b*-news@example.com',
    'Bounces+*@Bücher.example',
  ])('%s', (pattern) => {
    const path = parsed(pattern)
    const token = signToken(keys, 'return', 4_711)

    const address = returnAddress(path, token)

    expect(tokenInAddress(path, address)).toBe(token)
    expect(verifyToken(keys, 'return', tokenInAddress(path, address.toUpperCase()) ?? '')).toBe(4_711)
    expect(address.slice(0, address.indexOf('@')).length).toBeLessThanOrEqual(64)
  })
})

test('an address of another pattern holds none', () => {
  const path = parsed('bounces+*@example.com')
  const token = signToken(keys, 'return', 1)

  const others = [
    `bounces+${token}@example.org`,
    `bounces-${token}@example.com`,
    `bounces+${token}x@example.com`,
    `bounces+${token.slice(1)}@example.com`,
    `bounces+${'1'.repeat(26)}@example.com`,
    `bounces+${token}@example.com.evil.example`,
    `bounces+@example.com`,
    'bounces@example.com',
    '',
  ]
  expect(others.map((address) => tokenInAddress(path, address))).toEqual(others.map(() => null))
})

test.each([
  ['bounces@example.com', /one \* before the @/],
  ['*', /has no @/],
  ['**@example.com', /one \* before the @/],
  ['bounces@*.example.com', /one \* before the @/],
  ['a*@*.example.com', /one \* before the @/],
  ['a b*@example.com', /blank/],
  [`${'x'.repeat(39)}*@example.com`, /64 octets/],
  ['*@', /like bounces\+\*@example\.com/],
  ['bücher+*@example.com', /ASCII/],
  ['<*@example.com>', /angle bracket/],
  ['*@example.com\r\nRCPT TO:<x@example.net>', /line break/],
])('%s is refused with what would be right', (pattern, expected) => {
  expect(parseReturnPath(pattern)).toEqual({ refused: expect.stringMatching(expected) })
})
