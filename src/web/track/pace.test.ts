import { expect, test } from 'vitest'
import { openPace } from './pace.js'

/** A pace on a clock that stands until it is set; answers wait until they are let go. */
function openStill() {
  let time = 0
  let waits: number[] = []
  let letGo: (() => void)[] = []
  const pace = openPace({
    clock: () => time,
    sleep: (ms) => {
      waits.push(ms)
      return new Promise<void>((resolve) => letGo.push(resolve))
    },
  })
  return {
    /** Ms that each of so many waits which has to. */
    ask(deliveryId: number, count: number): readonly number[] {
      waits = []
      for (let one = 0; one < count; one++) pace.turn(deliveryId)
      return waits
    },
    async pass(ms: number): Promise<void> {
      time += ms
      for (const go of letGo) go()
      letGo = []
      await Promise.resolve()
    },
  }
}

test('a hundred at once wait for nothing, nor do a hundred of another Delivery', () => {
  const { ask } = openStill()

  expect(ask(1, 100)).toEqual([])
  expect(ask(2, 100)).toEqual([])
})

test('beyond that answers are spread over time, and the last waits half a second, however many there are', () => {
  const { ask } = openStill()

  const waited = ask(1, 5_000)

  expect(waited).toHaveLength(4_900)
  expect(waited.slice(0, 3)).toEqual([2, 4, 6])
  expect(waited.at(-1)).toBe(500)
  expect(Math.max(...waited)).toBe(500)
})

test('five hundred a second, minute after minute, is no more than is let through', async () => {
  const { ask, pass } = openStill()
  const waited: number[] = []
  for (let request = 0; request < 50_000; request++) {
    waited.push(...ask(1, 1))
    await pass(2)
  }

  expect(waited).toEqual([])
})

test('a thousand a second wait, however long it goes on', async () => {
  const { ask, pass } = openStill()
  let last: readonly number[] = []
  for (let request = 0; request < 10_000; request++) {
    last = ask(1, 1)
    await pass(1)
  }

  expect(last).toEqual([500])
})

test('who has been quiet for a second is as good as new', async () => {
  const { ask, pass } = openStill()
  ask(1, 1_000)

  await pass(1_000)

  expect(ask(1, 100)).toEqual([])
})

test('when more wait than memory should hold, the others are answered at once', async () => {
  const { ask, pass } = openStill()

  expect(ask(1, 12_000)).toHaveLength(10_000)
  await pass(1_000)
  expect(ask(1, 12_000)).toHaveLength(10_000)
})
