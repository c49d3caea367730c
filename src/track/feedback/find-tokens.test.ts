import { expect, test } from 'vitest'
import { makeKeys, messageIdLeft, signToken } from '../../link/token.js'
import { findLeaveTokens, findMessageIds, findReturnTokens } from './find-tokens.js'

const keys = makeKeys(['a secret of the tests, long enough'])
const token = signToken(keys, 'return', 42)

test.each([
  `${token}@bounces.example.com`,
  `bounces+${token}@example.com`,
  `BOUNCES+${token.toUpperCase()}@EXAMPLE.COM`,
  `bounces${token}@example.com`,
  `SRS0=ab12=xy=example.com=${token}@forwarder.test`,
  `<${token}@bounces.example.com>`,
])('a return Token is found in %s', (address) => {
  expect(findReturnTokens([address])).toContain(token)
})

test('an address without one has none', () => {
  expect(findReturnTokens(['alice@example.com', '', '@'])).toEqual([])
})

test('a leave Token is found in List-Unsubscribe, and only whole', () => {
  const leave = signToken(keys, 'leave', 42)

  expect(findLeaveTokens(`<https://example.com/news/u/${leave}>, <mailto:x@example.com>`)).toEqual([leave])
  expect(findLeaveTokens(`<https://example.com/u/${leave}a>`)).toEqual([])
  expect(findLeaveTokens(`<https://example.com/u/${leave.slice(1)}>`)).toEqual([])
})

test('the left side of our Message-IDs is found, and of no others', () => {
  const left = messageIdLeft(keys, 42)

  expect(findMessageIds(`<${left.toUpperCase()}@example.com> <other@example.com>`)).toEqual([left])
})

test('of a flood, twenty are kept', () => {
  const flood = Array.from({ length: 1_000 }, (_, id) => `${signToken(keys, 'return', id)}@example.com`)

  expect(findReturnTokens(flood)).toHaveLength(20)
})
