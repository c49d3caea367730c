import { expect, test } from 'vitest'
import { foldText } from './fold.js'

test.each([
  ['KÖLN', 'Köln'],
  ['Jo\u0308rg', 'JÖRG'],
  ['Ålesund', 'åLESUND'],
  ['ΣΟΦΙΑ', 'σοφια'],
  ['Đakovo', 'đAKOVO'],
  ['ЖУРНАЛ', 'журнал'],
])('%s and %s are the same', (one, other) => {
  expect(foldText(one)).toBe(foldText(other))
})

test.each([
  ['Köln', 'Koln'],
  ['Straße', 'STRASSE'],
  ['İstanbul', 'istanbul'],
  ['ısparta', 'Isparta'],
  ['ς', 'σ'],
])('%s and %s are not', (one, other) => {
  expect(foldText(one)).not.toBe(foldText(other))
})

test('what is folded stays as it is', () => {
  for (let code = 1; code < 0x1_ffff; code++) {
    if (code >= 0xd800 && code < 0xe000) continue
    const folded = foldText(String.fromCodePoint(code))
    if (foldText(folded) !== folded) throw new Error(`U+${code.toString(16)}`)
  }
})
