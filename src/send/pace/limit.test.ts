import { describe, expect, test } from 'vitest'
import { InputError } from '../../errors.js'
import { limitOf, readPace, writeLimit } from './limit.js'

test('without a word each lane begins with what its provider bears, and the rest with no limit', () => {
  const limits = readPace('')

  expect(limitOf(limits, 'yahoo')).toEqual({ perSecond: null, connections: 5, perConnection: 20 })
  expect(limitOf(limits, 'apple')).toEqual({ perSecond: null, connections: 10, perConnection: 5 })
  expect(limitOf(limits, 'other')).toEqual({ perSecond: null, connections: null, perConnection: null })
})

test('what is said of a lane replaces its value, what is not said stays', () => {
  const limits = readPace('gmail=20/s, 2 connections;\n yahoo = 600/m\nother=90/h,7 per connection')

  expect(limitOf(limits, 'gmail')).toEqual({ perSecond: 20, connections: 2, perConnection: 50 })
  expect(limitOf(limits, 'yahoo')).toEqual({ perSecond: 10, connections: 5, perConnection: 20 })
  expect(limitOf(limits, 'other')).toEqual({ perSecond: 0.025, connections: null, perConnection: 7 })
  expect(limitOf(readPace('yahoo=none'), 'yahoo').connections).toBeNull()
})

describe('what can be mended is said', () => {
  test.each([
    ['gmial=20/s', '"gmial" is no lane'],
    ['gmail', '"gmail" is not a lane with its limits'],
    ['gmail=', 'is not a lane with its limits'],
    ['gmail=20', '"20" is not a limit; write one like'],
    ['gmail=20/d', '"20/d" is not a limit'],
    ['gmail=0/s', 'lets nothing through'],
    ['gmail=0.5/h', 'lets nothing through in an hour; write at least 1/h'],
    ['gmail=0 connections', 'lets nothing through'],
    ['gmail=1/s;gmail=2/s', 'names gmail twice'],
    ['gmail=1=2', 'is not a lane with its limits'],
  ])('%s', (text, complaint) => {
    expect(() => readPace(text)).toThrow(complaint)
  })

  test('all of it at once', () => {
    try {
      readPace('a=1/s;gmail=x,y')
      expect.unreachable()
    } catch (error) {
      expect(error instanceof InputError && error.message.split('\n').length).toBe(3)
    }
  })
})

test('a limit is written in the unit in which there is at least one', () => {
  expect(writeLimit({ perSecond: 20, connections: 5 })).toBe('20/s, 5 connections')
  expect(writeLimit({ perSecond: 0.5, connections: 1 })).toBe('30/m, 1 connection')
  expect(writeLimit({ perSecond: 1 / 3_600, connections: null })).toBe('1/h')
  expect(writeLimit({ perSecond: null, connections: null })).toBe('none')
})
