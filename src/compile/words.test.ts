import { expect, test } from 'vitest'
import { say, wordsOf } from './words.js'
import { WORDS_BY_LANGUAGE } from './words-by-language.js'

test('an issue is spoken around in its own language, whatever its region', () => {
  expect(wordsOf('de').unsubscribe).toBe('Abbestellen')
  expect(wordsOf('de-AT').unsubscribe).toBe('Abbestellen')
  expect(wordsOf('pt-BR').inThisIssue).toBe('Nesta edição')
  expect(wordsOf('nb-NO').by).toBe('Av {}')
  expect(wordsOf('no').by).toBe('Av {}')
})

test('Chinese is told apart by its script', () => {
  expect(wordsOf('zh').unsubscribe).toBe('退订')
  expect(wordsOf('zh-TW').unsubscribe).toBe('取消訂閱')
  expect(wordsOf('zh-Hant-HK').unsubscribe).toBe('取消訂閱')
  expect(wordsOf('zh-Hans-SG').unsubscribe).toBe('退订')
})

test('a language that has no words here is spoken to in English', () => {
  expect(wordsOf('cy')).toEqual(wordsOf('en'))
  expect(wordsOf('und')).toEqual(wordsOf('en'))
})

test('a value goes in as it is', () => {
  expect(say('By {}', '$& {x}')).toBe('By $& {x}')
  expect(say(wordsOf('ja').number, 12)).toBe('第12号')
})

test.each(Object.entries(WORDS_BY_LANGUAGE))(
  'the words of %s are all there, with a place for what goes in',
  (_lang, words) => {
    const withPlace = Object.entries(words)
      .filter(([, text]) => text.split('{}').length === 2)
      .map(([key]) => key)

    expect(Object.keys(words)).toEqual(Object.keys(WORDS_BY_LANGUAGE.en))
    expect(withPlace).toEqual(['by', 'subscribed', 'number', 'linkTo'])
    expect(Object.values(words).every((text) => text.trim() !== '')).toBe(true)
  },
)
