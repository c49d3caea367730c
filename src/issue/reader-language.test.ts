import { expect, test } from 'vitest'
import { acceptedLanguage, readerLanguage } from './reader-language.js'

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['EN-gb', 'en'],
  ['fr-CA', 'fr'],
  ['es', 'es'],
  ['pl', 'en'],
  ['', 'en'],
])('an issue in "%s" gets pages in %s', (tag, lang) => {
  expect(readerLanguage(tag)).toBe(lang)
})

test.each([
  ['de-CH,de;q=0.9,en;q=0.8', 'de'],
  ['pl, de;q=0.4, en;q=0.7', 'en'],
  ['en;q=0, de;q=0.1', 'de'],
  ['de;q=high', null],
  [`${'x,'.repeat(100_000)}de`, null],
  ['pl', null],
  ['', null],
])('a reader who accepts "%.30s" is answered in %s', (header, lang) => {
  expect(acceptedLanguage(header)).toBe(lang)
})
