import { expect, test } from 'vitest'
import { maskAddress } from './mask.js'

test.each([
  ['alice@example.com', 'a…e@example.com'],
  ['bob@example.com', 'b…b@example.com'],
  ['al@example.com', 'a…@example.com'],
  ['a@example.com', 'a…@example.com'],
  ['😀x😀@example.com', '😀…😀@example.com'],
])('of %s is shown %s', (address, shown) => {
  expect(maskAddress(address)).toBe(shown)
})
