/** Windows: clicks that lie in a span of time with so many distinct Links. */

import type { JudgedHit } from './judge.js'

/** Ids of all clicks, given in the order of time, that lie in a span of `withinMs` with at least `links` distinct Links. */
export function inWindows(
  clicks: readonly JudgedHit[],
  { links, withinMs }: { readonly links: number; readonly withinMs: number },
): ReadonlySet<number> {
  const found = new Set<number>()
  const inside = new Map<number | null, number>()
  let first = 0
  let marked = 0
  clicks.forEach((click, index) => {
    inside.set(click.link, (inside.get(click.link) ?? 0) + 1)
    for (; clicks[first] !== undefined && (clicks[first]?.at ?? 0) < click.at - withinMs; first += 1)
      leave(clicks[first]?.link ?? null)
    if (inside.size < links) return
    for (marked = Math.max(marked, first); marked <= index; marked += 1) found.add(clicks[marked]?.id ?? -1)
  })
  return found

  function leave(link: number | null): void {
    const left = (inside.get(link) ?? 0) - 1
    if (left > 0) inside.set(link, left)
    else inside.delete(link)
  }
}
