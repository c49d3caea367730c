/** Links that came, went, or lead elsewhere with the same words. */

import type { Link } from '../../../link/link.js'
import type { LinkChange } from './api.js'

type Told = Pick<Link, 'url' | 'text'>

/** In the order of `after`, what is gone at the end. */
export function diffLinks(before: readonly Told[], after: readonly Told[]): readonly LinkChange[] {
  const old = without(before, after)
  const changes = without(after, before).map(({ url, text }): LinkChange => {
    const at = old.findIndex((one) => one.text === text)
    if (at === -1) return { kind: 'added', words: text, url, was: null }
    const [was] = old.splice(at, 1)
    return { kind: 'changed', words: text, url, was: was?.url ?? null }
  })
  return [
    ...changes,
    ...old.map(({ url, text }): LinkChange => ({ kind: 'removed', words: text, url, was: null })),
  ]
}

/** Those whose address the others have not, or not as often. */
function without(links: readonly Told[], others: readonly Told[]): Told[] {
  const left = new Map<string, number>()
  for (const { url } of others) left.set(url, (left.get(url) ?? 0) + 1)
  return links.filter(({ url }) => {
    const count = left.get(url) ?? 0
    left.set(url, count - 1)
    return count <= 0
  })
}
