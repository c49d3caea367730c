import { expect, test } from 'vitest'
import { parseJson, writeJson } from './json.js'

test.each([
  ['{"a":[1]}', { a: [1] }],
  ['null', null],
  ['', undefined],
  ['{', undefined],
  ['undefined', undefined],
  ['<p>{}</p>', undefined],
])('%j is %j', (text, value) => {
  expect(parseJson(text)).toEqual(value)
})

test.each([
  [{ text: 'whole \u{1f600}' }, '{"text":"whole \u{1f600}"}'],
  [{ text: 'half \ud83d' }, '{"text":"half \ufffd"}'],
  [{ text: 'other half \ude00', list: ['\0'] }, '{"text":"other half \ufffd","list":["\ufffd"]}'],
  [{ text: 'C:\\ud83d' }, '{"text":"C:\\\\ud83d"}'],
])('%j is written as what every database reads', (value, json) => {
  expect(writeJson(value)).toBe(json)
})
