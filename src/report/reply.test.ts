import { expect, test } from 'vitest'
import { writeReply } from './reply.js'

test.each([
  [550, '5.1.1 No such user', '550 5.1.1 No such user'],
  [550, '550 5.1.1 No such user', '550 5.1.1 No such user'],
  [250, null, '250'],
  [null, 'connection refused', 'connection refused'],
  [null, null, null],
])('%j and %j: %j', (code, text, words) => {
  expect(writeReply({ code, text })).toBe(words)
})
