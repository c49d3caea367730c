import { expect, test } from 'vitest'
import { readTopics } from './topic.js'

test('topics are names with titles; without one the name is the title', () => {
  expect(readTopics(' harbour: Harbour  news , fishing:Fishing, rail,')).toEqual([
    { name: 'harbour', title: 'Harbour news' },
    { name: 'fishing', title: 'Fishing' },
    { name: 'rail', title: 'rail' },
  ])
  expect(readTopics('')).toEqual([])
})

test.each([
  [
    'Harbour',
    '--topics: "Harbour" names no topic; use small letters, digits, - and _, as in harbour: Harbour news',
  ],
  [
    'a b: A',
    '--topics: "a b" names no topic; use small letters, digits, - and _, as in harbour: Harbour news',
  ],
  ['harbour:', '--topics: "harbour" wants a title of up to 100 characters behind its colon'],
  ['a, b, a: A', '--topics: "a" is there twice; keep one'],
  [Array.from({ length: 21 }, (_, at) => `t${at}`).join(), '--topics: names 21 topics; 20 are the most'],
])('%j is refused', (text, message) => {
  expect(() => readTopics(text)).toThrow(message)
})
