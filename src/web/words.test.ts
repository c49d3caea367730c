import { expect, test } from 'vitest'
import { wordsFor, wordsIn } from './words.js'

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['EN-gb', 'en'],
  ['fr', 'en'],
  ['', 'en'],
])('an issue in "%s" gets pages in %s', (lang, said) => {
  expect(wordsIn(lang).lang).toBe(said)
})

test.each([
  ['de-CH,de;q=0.9,en;q=0.8', 'de'],
  ['fr-FR, de;q=0.4, en;q=0.7', 'en'],
  ['en;q=0, de;q=0.1', 'de'],
  ['de;q=high', 'en'],
  [`${'x,'.repeat(100_000)}de`, 'en'],
  ['', 'en'],
])('a reader who accepts "%.30s" is answered in %s', (header, said) => {
  expect(wordsFor(header).lang).toBe(said)
})
