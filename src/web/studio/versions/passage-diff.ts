/** Passages of two pictures: which came, which are gone, and which are one that was rewritten, with the words that differ. */

import type { PassageChange, Span } from './api.js'
import { matchParagraphs } from './paragraph-match.js'
import { alignWords } from './text-diff.js'

/** In the order of `after`; what is the same is not told. */
export function diffPassages(before: readonly string[], after: readonly string[]): readonly PassageChange[] {
  return matchParagraphs(before, after).flatMap((match): readonly PassageChange[] => {
    if (match.kind === 'same') return []
    if (match.kind !== 'changed') return [match]
    return [{ ...match, ...diffSpans(before[match.was] ?? '', after[match.is] ?? '') }]
  })
}

/** Where the words stand that only one of them has. */
function diffSpans(
  before: string,
  after: string,
): { readonly gone: readonly Span[]; readonly come: readonly Span[] } {
  const [gone, come]: [Span[], Span[]] = [[], []]
  let [old, now] = [0, 0]
  for (const { kind, was, is } of alignWords(before, after)) {
    const [left, right] = [was.join(''), is.join('')]
    if (kind === 'removed') gone.push(spanOf(old, left))
    if (kind === 'added') come.push(spanOf(now, right))
    old += left.length
    now += right.length
  }
  return { gone, come }
}

/** Without the white space behind it. */
function spanOf(at: number, words: string): Span {
  return { start: at, end: at + (words.trimEnd().length || words.length) }
}
