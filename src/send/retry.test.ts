import { expect, test } from 'vitest'
import { retryDelay } from './retry.js'

test('the wait follows the schedule, a little jittered, and ends', () => {
  const policy = { scheduleMs: [1_000, 5_000], random: () => 0.5 }

  expect([1, 2, 3].map((attempt) => retryDelay(attempt, policy))).toEqual([1_050, 5_250, null])
})
