import { expect, test } from 'vitest'
import { openMemory } from './memory.js'

test('a piece that was given back is used again', () => {
  const memory = openMemory()
  const first = memory.take(80_000)

  memory.giveBack(first)

  expect(memory.take(79_000).buffer).toBe(first.buffer)
})

test('no piece is in two hands, even when it is given back twice or was never taken', () => {
  const memory = openMemory()
  const first = memory.take(1_000)
  memory.giveBack(first)
  memory.giveBack(first)
  memory.giveBack(Buffer.from('of the shared pool'))

  const taken = [memory.take(1_000), memory.take(1_000), memory.take(1_000)]

  expect(new Set(taken.map(({ buffer }) => buffer)).size).toBe(3)
})

test('a piece that is too small is not used for a larger message', () => {
  const memory = openMemory()
  memory.giveBack(memory.take(1_000))

  expect(memory.take(100_000)).toHaveLength(100_000)
})
