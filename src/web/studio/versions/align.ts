/** Two rows of words or paragraphs beside each other: what is in both, and what is in one alone. Bounded. */

import { type ArrayChange, diffArrays } from 'diff'

export interface Run {
  readonly kind: 'same' | 'added' | 'removed'
  /** Of what was before; empty for what was added. */
  readonly was: readonly string[]
  /** Of what is now; empty for what was removed. */
  readonly is: readonly string[]
}

/** In order; all removed and all added when more than `most` differ. */
export function align(
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
