import { expect, test } from 'vitest'
import { explainReason } from './reply-words.js'

test.each([
  ['550 5.1.1', '550 5.1.1 (no such mailbox)'],
  ['552 5.2.2', '552 5.2.2 (the mailbox is full)'],
  ['550 5.9.9', '550 5.9.9'],
  ['551', '551'],
  ['unsubscribed', 'unsubscribed'],
  ['550 5.1.1 and more', '550 5.1.1 and more'],
])('%s is told as %s', (reason, told) => {
  expect(explainReason(reason)).toBe(told)
})
