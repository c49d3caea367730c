import { expect, test } from 'vitest'
import { countCharacters, cutPieces } from './cut.js'

const wordsOf = (pieces: ReturnType<typeof cutPieces>) =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : piece.shown)).join('')

test('what fits is whole', () => {
  expect(cutPieces(['Shore power'], 11)).toEqual(['Shore power'])
  expect(cutPieces([], 11)).toEqual([])
})

test('what does not fit ends with an ellipsis, which counts', () => {
  expect(wordsOf(cutPieces(['Shore power before berths'], 11))).toBe('Shore powe…')
  expect(countCharacters(cutPieces(['Shore power before berths'], 11))).toBe(11)
})

test('a family, a flag and an accent are each one character, and never cut in two', () => {
  const family = '👩‍👩‍👧'

  expect(countCharacters([`${family}🇳🇱é`])).toBe(3)
  expect(wordsOf(cutPieces([`${family}🇳🇱é and more`], 3))).toBe(`${family}🇳🇱…`)
})

test('a hole stays a hole on this side of the cut, and is gone beyond it', () => {
  const hole = { name: 'name', kind: 'filled', shown: 'Wolfeschlegelstein' } as const

  expect(cutPieces(['Dear ', hole, ', hello'], 10)).toEqual(['Dear ', { ...hole, shown: 'Wolf' }, '…'])
  expect(wordsOf(cutPieces(['Dear friend of ours ', hole], 10))).toBe('Dear frie…')
})
