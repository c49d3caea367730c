import { expect, test } from 'vitest'
import { openSeldom } from './seldom.js'

test('what goes on and on is due at once, and again each time that its time is over', () => {
  let now = 0
  const isDue = openSeldom(10, () => now)
  const due: number[] = []

  for (now = 7; now < 30; now += 1) if (isDue()) due.push(now)

  expect(due).toEqual([7, 17, 27])
})

test('one thing keeps no other from being due', () => {
  const isDue = openSeldom(10, () => 0)

  expect(['tide', 'fog', 'tide', 'fog'].map((what) => isDue(what))).toEqual([true, true, false, false])
})
