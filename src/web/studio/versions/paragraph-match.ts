/**
 * Which paragraph became which: those that are the same but for white space, those that were rewritten and still are much
 * the same, and what is in one text alone. Bounded.
 */

import { align } from './align.js'
import { likeness, wordSet } from './text-words.js'

/** Paragraphs that may differ before no more is looked for; the time grows with their square. */
const MAX_PARAGRAPHS = 500
/** Paragraphs on both sides of a change, multiplied: more are not tried one against the other. */
const MAX_PAIRS = 4_000
/** Of the words of both, how many they share who are one paragraph that was rewritten. */
export const LIKENESS = 0.35

/** By their places in the two texts. */
export type Match =
  | { readonly kind: 'same'; readonly was: number; readonly is: number }
  | { readonly kind: 'changed'; readonly was: number; readonly is: number }
  | { readonly kind: 'removed'; readonly was: number }
  | { readonly kind: 'added'; readonly is: number }

interface Paragraph {
  readonly at: number
  readonly words: ReadonlySet<string>
}

/** Each once; in the order of `now`, what is gone where it stood. */
export function matchParagraphs(old: readonly string[], now: readonly string[]): readonly Match[] {
  const matches: Match[] = []
  let [was, is] = [0, 0]
  let hunk: { gone: readonly number[]; come: readonly number[] } = { gone: [], come: [] }
  const close = () => {
    matches.push(...matchHunk(hunk, { old, now }))
    hunk = { gone: [], come: [] }
  }
  for (const run of align(old, now, { normalise: squeeze, most: MAX_PARAGRAPHS })) {
    const [gone, come] = [run.was.map((_, index) => was + index), run.is.map((_, index) => is + index)]
    was += gone.length
    is += come.length
    if (run.kind === 'removed') hunk.gone = [...hunk.gone, ...gone]
    else if (run.kind === 'added') hunk.come = [...hunk.come, ...come]
    else {
      close()
      matches.push(...come.map((at, index): Match => ({ kind: 'same', was: gone[index] ?? 0, is: at })))
    }
  }
  close()
  return matches
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function matchHunk(
  { gone, come }: { readonly gone: readonly number[]; readonly come: readonly number[] },
  { old, now }: { readonly old: readonly string[]; readonly now: readonly string[] },
): readonly Match[] {
  if (gone.length * come.length > MAX_PAIRS)
    return [...gone.map(removed), ...come.map((is): Match => ({ kind: 'added', is }))]
  const known = (texts: readonly string[]) => (at: number) => ({ at, words: wordSet(texts[at] ?? '') })
  return pairUp(gone.map(known(old)), come.map(known(now)))
}

/** Each that came beside the one that it was; those between are gone, or new. */
function pairUp(gone: readonly Paragraph[], come: readonly Paragraph[]): readonly Match[] {
  const matches: Match[] = []
  let next = 0
  const tellGone = (end: number) => matches.push(...gone.slice(next, end).map(({ at }) => removed(at)))
  for (const one of come) {
    const index = likest(gone, { one, from: next })
    const like = gone[index]
    if (like === undefined) matches.push({ kind: 'added', is: one.at })
    else {
      tellGone(index)
      matches.push({ kind: 'changed', was: like.at, is: one.at })
      next = index + 1
    }
  }
  tellGone(gone.length)
  return matches
}

function removed(was: number): Match {
  return { kind: 'removed', was }
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
