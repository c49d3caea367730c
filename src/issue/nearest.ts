/** The word a person probably meant: for messages that name what would be right. */

/** At most this share of the longer word's letters may differ for a guess to help more than it confuses. */
const MAX_DIFFERENCE = 0.5

/** `adresse` for `address` is one, `date` for `name` none. */
const MAX_SLIP = 0.3

/** The candidate with the smallest edit distance to `word`, or null when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  return nearestFew(word, candidates, 1)[0] ?? null
}

/** Up to `count` candidates near `word`, the nearest first. */
export function nearestFew(word: string, candidates: readonly string[], count: number): readonly string[] {
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(word.length, candidate.length) * MAX_DIFFERENCE)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate)
}

/** The candidate that `word` is a slip of, as a rule: a letter or two in a word of some length. Null: none. */
export function slipOf(word: string, candidates: readonly string[]): string | null {
  const near = nearest(word, candidates)
  if (near === null) return null
  const distance = editDistance(word.toLowerCase(), near.toLowerCase())
  return distance <= Math.max(word.length, near.length) * MAX_SLIP ? near : null
}

/** Levenshtein's distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++) {
      const substituted = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1)
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
