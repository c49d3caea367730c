import { expect, test } from 'vitest'
import { keepBells } from './bells.js'

test('a Batch that was rung and not taken is rung again after half a second, then at growing distances', () => {
  let now = 0
  const bells = keepBells(() => now)
  const forgotten = [{ id: 1, fence: 0 }]
  const rungAt: number[] = []

  for (; now < 40_000; now += 100) {
    const due = bells.due(forgotten)
    if (due.length > 0) rungAt.push(now)
    bells.rung(due)
  }

  expect(rungAt).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 23_500, 31_500, 39_500])
})

test('a Batch that was taken in between, or that nobody had rung for, is rung at once', () => {
  const bells = keepBells(() => 1_000)
  bells.rung([{ id: 1, fence: 0 }])

  expect(bells.due([{ id: 1, fence: 0 }])).toEqual([])
  expect(
    bells.due([
      { id: 1, fence: 1 },
      { id: 2, fence: 0 },
    ]),
  ).toHaveLength(2)
})

test('a ring that failed is no ring', () => {
  const bells = keepBells(() => 1_000)

  expect(bells.due([{ id: 1, fence: 0 }])).toHaveLength(1)
  expect(bells.due([{ id: 1, fence: 0 }])).toHaveLength(1)
})
