import { expect, test } from 'vitest'
import type { DiffBlock } from './api.js'
import { diffLine, diffText } from './text-diff.js'

/** `[-gone-]{+new+}`, a block a line. */
function written(blocks: readonly DiffBlock[]): readonly string[] {
  return blocks.map((block) =>
    block
      .map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `{+${text}+}` : `[-${text}-]`))
      .join(''),
  )
}

test('a word that is another is told alone', () => {
  const blocks = diffText(
    'One.\n\nThe crane is up today.\n\nTwo.\n',
    'One.\n\nThe crane is down today.\n\nTwo.\n',
  )

  expect(written(blocks)).toEqual(['One.', 'The crane is [-up -]{+down +}today.', 'Two.'])
})

test('a paragraph that is wrapped otherwise is the same', () => {
  const blocks = diffText(
    'The crane is up\nand the quay is shut.\n',
    'The crane is\nup and the quay\nis shut.\n',
  )

  expect(written(blocks)).toEqual(['The crane is\nup and the quay\nis shut.'])
})

test('in one that is wrapped otherwise a new word is told alone', () => {
  const blocks = diffText(
    'The crane is up\nand the quay is shut.\n',
    'The tall crane is\nup and the quay\nis shut.\n',
  )

  expect(blocks.flat().filter(({ kind }) => kind !== 'same')).toEqual([
    { kind: 'added', text: expect.stringContaining('tall') },
  ])
})

test('a new paragraph is told whole, and so is one that is gone', () => {
  expect(written(diffText('One.\n\nTwo.\n', 'One.\n\nBetween the two.\n\nTwo.\n'))).toEqual([
    'One.',
    '{+Between the two.+}',
    'Two.',
  ])
  expect(written(diffText('One.\n\nBetween the two.\n\nTwo.\n', 'One.\n\nTwo.\n'))).toEqual([
    'One.',
    '[-Between the two.-]',
    'Two.',
  ])
})

test('paragraphs that have nothing in common are not mixed word by word', () => {
  const blocks = diffText('A levy on cold boxes is due.\n', 'Ferries stop at night from Monday.\n')

  expect(written(blocks)).toEqual([
    '{+Ferries stop at night from Monday.+}',
    '[-A levy on cold boxes is due.-]',
  ])
})

test('what is gone at the end stays apart from what is before it', () => {
  expect(written(diffText('The crane is up again.\n', 'The crane is up\n'))).toEqual([
    'The crane is up[- again.-]',
  ])
})

test('Chinese is told by characters', () => {
  const blocks = diffText('港口今天关闭。\n', '港口明天关闭。\n')

  expect(written(blocks)).toEqual(['港口[-今-]{+明+}天关闭。'])
})

test('a line that is empty on one side is wholly new, or gone', () => {
  expect(diffLine('', 'New')).toEqual([{ kind: 'added', text: 'New' }])
  expect(diffLine('Old', '')).toEqual([{ kind: 'removed', text: 'Old' }])
  expect(diffLine('', '')).toEqual([])
})

test.each([
  [
    'all other paragraphs',
    (n: number) => `${n} ${'abc '.repeat(10)}\n\n`,
    (n: number) => `${'xyz '.repeat(10)}${n}\n\n`,
  ],
  ['one endless paragraph', (n: number) => `word${n} `, (n: number) => `word${n + 7} other `],
])('two texts of 100 KB, %s, are told apart in bounded time', (_what, before, after) => {
  const text = (piece: (n: number) => string) => {
    const pieces: string[] = []
    for (let n = 0, length = 0; length < 100_000; n++)
      length += pieces[pieces.push(piece(n)) - 1]?.length ?? 0
    return pieces.join('')
  }
  const started = performance.now()

  const blocks = diffText(text(before), text(after))

  expect(blocks.flat().some(({ kind }) => kind === 'added')).toBe(true)
  // Unbounded it takes minutes.
  expect(performance.now() - started).toBeLessThan(20_000)
})
