import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { SeenAddresses } from './seen.js'

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

test('an address is new on its first line and known on every later one', () => {
  const seen = new SeenAddresses()

  expect(seen.addOrFind(hashOf('alice'), 2)).toBeNull()
  expect(seen.addOrFind(hashOf('bob'), 3)).toBeNull()
  expect(seen.addOrFind(hashOf('alice'), 4)).toBe(2)
  expect(seen.addOrFind(hashOf('alice'), 5)).toBe(2)
})

test('none of 50,000 addresses is forgotten or mistaken for another', () => {
  const seen = new SeenAddresses()
  const lines = Array.from({ length: 50_000 }, (_, index) => index + 1)

  const first = lines.map((line) => seen.addOrFind(hashOf(String(line)), line))
  const second = lines.map((line) => seen.addOrFind(hashOf(String(line)), line + 50_000))

  expect(first.every((found) => found === null)).toBe(true)
  expect(second).toEqual(lines)
})

test('an address can be asked for without naming it', () => {
  const seen = new SeenAddresses()
  seen.addOrFind(hashOf('alice'), 2)

  expect([seen.has(hashOf('alice')), seen.has(hashOf('bob')), seen.size]).toEqual([true, false, 1])
  expect(seen.addOrFind(hashOf('bob'), 3)).toBeNull()
})
