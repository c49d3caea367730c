import { expect, test } from 'vitest'
import { parseJson } from './json.js'

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
