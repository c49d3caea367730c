/**
 * What differs between two texts, as a person would tell it: paragraph by paragraph, word by word in those that are much the
 * same. How a paragraph is wrapped makes no difference. Bounded: what differs too much is told whole.
 */

import { align, type Run } from './align.js'
import type { DiffBlock, DiffPiece } from './api.js'
import { LIKENESS, matchParagraphs } from './paragraph-match.js'
import { likeness, normalised, wordSet, wordsOf } from './text-words.js'

/** Words of one paragraph that may differ before no more is looked for; the time grows with their square. */
const MAX_WORDS = 400

/** In the order of `after`, what is gone where it stood. */
export function diffText(before: string, after: string): readonly DiffBlock[] {
  const [old, now] = [paragraphsOf(before), paragraphsOf(after)]
  return matchParagraphs(old, now).map((match): DiffBlock => {
    switch (match.kind) {
      case 'same':
        return [{ kind: 'same', text: now[match.is] ?? '' }]
      case 'changed':
        return diffWords(old[match.was] ?? '', now[match.is] ?? '')
      case 'removed':
        return [{ kind: 'removed', text: old[match.was] ?? '' }]
      case 'added':
        return [{ kind: 'added', text: now[match.is] ?? '' }]
      default:
        return match satisfies never
    }
  })
}

/** One line, such as a subject, word by word. */
export function diffLine(before: string, after: string): DiffBlock {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: after }]
  const isLike = likeness(wordSet(before), wordSet(after)) >= LIKENESS
  return isLike ? diffWords(before, after) : wholly(before, after)
}

/** White space belongs to the word before it, and makes no difference. */
export function alignWords(before: string, after: string): readonly Run[] {
  return align(wordsOf(before), wordsOf(after), { normalise: normalised, most: MAX_WORDS })
}

function paragraphsOf(text: string): readonly string[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n(?:[ \t]*\n)+/)
    .map((one) => one.replace(/^\n+|\s+$/g, ''))
    .filter((one) => one !== '')
}

function diffWords(before: string, after: string): DiffBlock {
  let gap = ''
  return alignWords(before, after).map(({ kind, was, is }): DiffPiece => {
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
