import { expect, test } from 'vitest'
import { openSlots } from './slots.js'

const NO_MOST = () => Number.POSITIVE_INFINITY

/** A lane whose replies have come quickly. */
function prove(slots: ReturnType<typeof openSlots>, lane: string): void {
  slots.take(lane)
  slots.free(lane, 5)
}

function takeAll(slots: ReturnType<typeof openSlots>, lane: string): number {
  let taken = 0
  while (slots.take(lane)) taken += 1
  return taken
}

/** Resolved by now? */
async function isServed(turn: Promise<boolean>): Promise<boolean> {
  return Promise.race([turn, new Promise<boolean>((resolve) => setImmediate(resolve, false))])
}

test('a lane that has had no reply leaves the last quarter; one whose replies come quickly may have all', () => {
  const slots = openSlots({ total: () => 16, most: NO_MOST })
  expect(takeAll(slots, 'slow')).toBe(12)

  const others = openSlots({ total: () => 16, most: NO_MOST })
  prove(others, 'quick')
  expect(takeAll(others, 'quick')).toBe(16)
})

test('beside a lane that waits for its replies another gets what it needs, at once', () => {
  const slots = openSlots({ total: () => 8, most: NO_MOST })
  takeAll(slots, 'slow')

  expect(slots.take('quick')).toBe(true)
  slots.free('quick', 5)
  expect(takeAll(slots, 'quick')).toBe(2)
})

test('a free one goes to the lane with the fewest, however long the others have waited', async () => {
  const slots = openSlots({ total: () => 4, most: NO_MOST })
  prove(slots, 'many')
  prove(slots, 'few')
  takeAll(slots, 'many')
  const more = slots.wait('many')
  const first = slots.wait('few')

  slots.free('many', 5)

  expect(await isServed(first)).toBe(true)
  expect(await isServed(more)).toBe(false)
  expect([slots.held('many'), slots.held('few')]).toEqual([3, 1])
})

test('a slow lane and a quick one end with half each, though the quick one gives back a thousand times as often', async () => {
  const slots = openSlots({ total: () => 8, most: NO_MOST })
  prove(slots, 'slow')
  prove(slots, 'quick')
  takeAll(slots, 'quick')
  for (let wanted = 0; wanted < 8; wanted++) void slots.wait('slow')

  for (let round = 0; round < 1_000; round++) {
    slots.free('quick', 5)
    if (!slots.take('quick')) void slots.wait('quick')
  }

  expect([slots.held('slow'), slots.held('quick')]).toEqual([4, 4])
})

test('no lane has more than its most, and lanes of the same count are served in turn', async () => {
  const slots = openSlots({ total: () => 10, most: (lane) => (lane === 'gmail' ? 2 : 10) })
  expect(takeAll(slots, 'gmail')).toBe(2)

  const waiting = slots.wait('gmail')
  expect(await isServed(waiting)).toBe(false)
  slots.free('gmail', 5)
  expect(await isServed(waiting)).toBe(true)
})

test('who waits for a lane that is shut is sent away', async () => {
  const slots = openSlots({ total: () => 1, most: NO_MOST })
  slots.take('gmail')
  const waiting = slots.wait('gmail')

  slots.dismiss('gmail')

  expect(await waiting).toBe(false)
})

test('who waits is served when there are more connections, though nobody has given one back', async () => {
  let total = 1
  const slots = openSlots({ total: () => total, most: NO_MOST })
  slots.take('slow')
  const turn = slots.wait('quick')
  total = 4

  slots.look()

  expect(await isServed(turn)).toBe(true)
})
