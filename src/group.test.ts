import { expect, test } from 'vitest'
import { groupBy } from './group.js'

test('groups stand in the order of their first ones, and so does what is in them', () => {
  const words = ['pier', 'quay', 'port', 'lock', 'quarry']

  const groups = groupBy(words, ([first]) => first)

  expect([...groups]).toEqual([
    ['p', ['pier', 'port']],
    ['q', ['quay', 'quarry']],
    ['l', ['lock']],
  ])
})

test('of nothing there is no group', () => {
  expect(groupBy([], String).size).toBe(0)
})
