import { expect, test } from 'vitest'
import { groupSize } from './group-size.js'

test('what has waited for nothing goes all at once', () => {
  expect(groupSize({ before: 0, waiting: 64 })).toBe(64)
})

test.each([1, 17, 47, 63])(
  'sixty-four readers who ask again as soon as they are answered come in two groups of one size, though %i came first',
  (first) => {
    let before = first
    for (let commits = 0; commits < 2; commits++) before = groupSize({ before, waiting: 64 - before })

    expect(before).toBe(32)
  },
)

test('nothing that waits is left behind when nobody else comes', () => {
  let [before, waiting] = [32, 40]
  for (let commits = 0; commits < 3; commits++) {
    const taken = Math.min(waiting, groupSize({ before, waiting }))
    ;[before, waiting] = [taken, waiting - taken]
  }

  expect(waiting).toBe(0)
})

test('a commit has an end, however many wait', () => {
  expect(groupSize({ before: 1_000, waiting: 20_000 })).toBe(1_000)
})
