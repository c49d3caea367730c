/**
 * What differs between two texts, as a person would tell it: paragraph by paragraph, word by word in those that are much the
 * same. How a paragraph is wrapped makes no difference. Bounded: what differs too much is told whole.
 */

import { type ArrayChange, diffArrays } from 'diff'
import type { DiffBlock, DiffPiece } from './api.js'
import { likeness, normalised, wordSet, wordsOf } from './text-words.js'

/** Paragraphs, and words of one, that may differ before no more is looked for; the time grows with their square. */
const MAX_PARAGRAPHS = 500
const MAX_WORDS = 400
/** Paragraphs on both sides of a change, multiplied: more are not tried one against the other. */
const MAX_PAIRS = 4_000
/** Of the words of both, how many they share who are one paragraph that was rewritten. */
const LIKENESS = 0.35

interface Paragraph {
  readonly text: string
  readonly words: ReadonlySet<string>
}

/** In the order of `after`, what is gone where it stood. */
export function diffText(before: string, after: string): readonly DiffBlock[] {
  const [old, now] = [paragraphsOf(before), paragraphsOf(after)]
  const blocks: DiffBlock[] = []
  let hunk: { gone: readonly string[]; come: readonly string[] } = { gone: [], come: [] }
  const close = () => {
    blocks.push(...tellHunk(hunk.gone, hunk.come))
    hunk = { gone: [], come: [] }
  }
  for (const { kind, was, is } of align(old, now, { normalise: squeeze, most: MAX_PARAGRAPHS })) {
    if (kind === 'removed') hunk.gone = [...hunk.gone, ...was]
    else if (kind === 'added') hunk.come = [...hunk.come, ...is]
    else {
      close()
      blocks.push(...is.map((text): DiffBlock => [{ kind: 'same', text }]))
    }
  }
  close()
  return blocks
}

/** One line, such as a subject, word by word. */
export function diffLine(before: string, after: string): DiffBlock {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: after }]
  const isLike = likeness(wordSet(before), wordSet(after)) >= LIKENESS
  return isLike ? diffWords(before, after) : wholly(before, after)
}

interface Run {
  readonly kind: DiffPiece['kind']
  /** Of what was before; empty for what was added. */
  readonly was: readonly string[]
  /** Of what is now; empty for what was removed. */
  readonly is: readonly string[]
}

/** In order; all removed and all added when more than `most` differ. */
function align(
  old: readonly string[],
  now: readonly string[],
  { normalise, most }: { readonly normalise: (text: string) => string; readonly most: number },
): readonly Run[] {
  const changes = diffArrays(old.map(normalise), now.map(normalise), { maxEditLength: most })
  if (changes === undefined)
    return [
      { kind: 'removed', was: old, is: [] },
      { kind: 'added', was: [], is: now },
    ]
  let [before, after] = [0, 0]
  return changes.map((change): Run => {
    const [was, is] = [
      spanOf(old, before, !change.added && change),
      spanOf(now, after, !change.removed && change),
    ]
    before += was.length
    after += is.length
    return { kind: change.added ? 'added' : change.removed ? 'removed' : 'same', was, is }
  })
}

function spanOf(
  all: readonly string[],
  from: number,
  change: ArrayChange<string> | false,
): readonly string[] {
  return change === false ? [] : all.slice(from, from + change.value.length)
}

function paragraphsOf(text: string): readonly string[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n(?:[ \t]*\n)+/)
    .map((one) => one.replace(/^\n+|\s+$/g, ''))
    .filter((one) => one !== '')
}

function paragraph(text: string): Paragraph {
  return { text, words: wordSet(text) }
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function tellHunk(gone: readonly string[], come: readonly string[]): readonly DiffBlock[] {
  if (gone.length * come.length <= MAX_PAIRS) return pairUp(gone.map(paragraph), come.map(paragraph))
  return [...gone.map(goneBlock), ...come.map((text): DiffBlock => [{ kind: 'added', text }])]
}

/** Each that came beside the one that it was; those between are gone, or new. */
function pairUp(gone: readonly Paragraph[], come: readonly Paragraph[]): readonly DiffBlock[] {
  const blocks: DiffBlock[] = []
  let next = 0
  const tellGone = (end: number) => blocks.push(...gone.slice(next, end).map(({ text }) => goneBlock(text)))
  for (const one of come) {
    const at = likest(gone, { one, from: next })
    if (at === -1) blocks.push([{ kind: 'added', text: one.text }])
    else {
      tellGone(at)
      blocks.push(diffWords(gone[at]?.text ?? '', one.text))
      next = at + 1
    }
  }
  tellGone(gone.length)
  return blocks
}

function goneBlock(text: string): DiffBlock {
  return [{ kind: 'removed', text }]
}

/** Its index; -1 when none is like it. */
function likest(
  gone: readonly Paragraph[],
  { one, from }: { readonly one: Paragraph; readonly from: number },
): number {
  let best = { at: -1, likeness: LIKENESS }
  for (const [index, other] of gone.slice(from).entries()) {
    const alike = likeness(other.words, one.words)
    if (alike > best.likeness) best = { at: from + index, likeness: alike }
  }
  return best.at
}

/** White space belongs to the word before it, and makes no difference. */
function diffWords(before: string, after: string): DiffBlock {
  const runs = align(wordsOf(before), wordsOf(after), { normalise: normalised, most: MAX_WORDS })
  let gap = ''
  return runs.map(({ kind, was, is }): DiffPiece => {
    const text = (kind === 'removed' ? gap : '') + (kind === 'removed' ? was : is).join('')
    // What was between words stands before what is gone, where nothing is between them now.
    gap = kind === 'same' && !/\s$/.test(text) ? (/\s+$/.exec(was.at(-1) ?? '')?.[0] ?? '') : ''
    return { kind, text }
  })
}

function wholly(before: string, after: string): DiffBlock {
  const pieces: readonly DiffPiece[] = [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ]
  return pieces.filter(({ text }) => text !== '')
}
