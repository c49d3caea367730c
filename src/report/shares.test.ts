import { expect, test } from 'vitest'
import { people, percentOf, shareOf } from './shares.js'

test.each<[number, number, string | null]>([
  [0, 997, '0 %'],
  [1, 997, '0.1 %'],
  [2, 12_297, '0.02 %'],
  [1, 1_000_000, '<0.01 %'],
  [88, 997, '8.8 %'],
  [312, 997, '31.3 %'],
  [997, 997, '100 %'],
  [999_999, 1_000_000, '99.9 %'],
  [0, 0, null],
])('%i of %i is %s', (count, whole, text) => {
  expect(percentOf(count, whole)).toBe(text)
})

test('a share says what it is of, and nothing of nothing', () => {
  expect(shareOf(312, 12_297, 'sent')).toBe('2.5 % of 12,297 sent')
  expect(shareOf(0, 0, 'sent')).toBe('')
  expect([people(1), people(0), people(1_200)]).toEqual(['1 person', 'nobody', '1,200 people'])
})
