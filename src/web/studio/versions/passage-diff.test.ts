import { expect, test } from 'vitest'
import { diffPassages } from './passage-diff.js'

/** `up → down` of what was rewritten, by the spans alone. */
function told(before: readonly string[], after: readonly string[]): readonly string[] {
  const cut = (text = '', spans: readonly { start: number; end: number }[] = []) =>
    spans.map(({ start, end }) => text.slice(start, end)).join('|')
  return diffPassages(before, after).map((change) => {
    if (change.kind === 'removed') return `gone: ${before[change.was]}`
    if (change.kind === 'added') return `new: ${after[change.is]}`
    return `${cut(before[change.was], change.gone)} → ${cut(after[change.is], change.come)}`
  })
}

test('what is the same is not told, however it is spaced', () => {
  expect(diffPassages(['The quay.', 'Lamps  stay\n lit.'], ['The quay.', ' Lamps stay lit. '])).toEqual([])
})

test('a passage that was rewritten is one change, by its words', () => {
  expect(told(['The quay', 'The crane is up today.'], ['The quay', 'The tall crane is down today.'])).toEqual(
    ['up → tall|down'],
  )
})

test('words are found where they stand in either, though the space before them is another', () => {
  expect(told(['The   crane\n is up today.'], ['The crane is down today.'])).toEqual(['up → down'])
})

test('words that hold mark-up are words as others', () => {
  expect(
    told(['A <b>bold</b> word about the crane.'], ['A <img src=x onerror=y> word about the crane.']),
  ).toEqual(['b|bold</b> → img src=x onerror=y'])
})

test('what came and what is gone is told whole, in its place', () => {
  expect(told(['One.', 'Ferries stop at night.', 'Two.'], ['One.', 'Two.', 'A levy is due.'])).toEqual([
    'gone: Ferries stop at night.',
    'new: A levy is due.',
  ])
})

test('a passage that moved is gone from one place and new in the other', () => {
  expect(told(['One more.', 'Two ships.', 'Three.'], ['Two ships.', 'Three.', 'One more.'])).toEqual([
    'gone: One more.',
    'new: One more.',
  ])
})
