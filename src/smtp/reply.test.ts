import { expect, test } from 'vitest'
import { causeOf, readReply } from './reply.js'

test.each([
  ['250 2.0.0 kept', 250, '250 2.0.0 kept'],
  ['250', 250, '250'],
  ['550-5.1.1 no such user\n550 5.1.1 see example.org', 550, '550 5.1.1 no such user see example.org'],
  ['550-no such user\n550-\n550 really', 550, '550 no such user really'],
  ['421 \u0007bell\tand\u2028more', 421, '421 bell and more'],
])('reads %j as its code and one line', (response, code, text) => {
  expect(readReply(response)).toEqual({ code, text })
})

test.each(['', 'hello', '25', '2500 x', 'x250 y'])('does not take %j for a reply', (response) => {
  expect(readReply(response)).toBeNull()
})

test('keeps a bounded piece of an endless reply', () => {
  expect(readReply(`550 ${'x'.repeat(50_000)}`)?.text).toHaveLength(1_000)
})

test('names the cause of a lost connection: the reply, else the message, else the code', () => {
  expect(causeOf(Object.assign(new Error('Invalid greeting'), { response: '554 5.3.2 no service' }))).toBe(
    '554 5.3.2 no service',
  )
  expect(causeOf(new Error('connect ECONNREFUSED 127.0.0.1:1'))).toBe('connect ECONNREFUSED 127.0.0.1:1')
  expect(causeOf(Object.assign(new Error(''), { code: 'ESOCKET', originalCode: 'ECONNREFUSED' }))).toBe(
    'ECONNREFUSED',
  )
})
