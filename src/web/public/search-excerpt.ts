/** The place in a text where most of what was asked for stands, with those words marked. */

import { type Html, html } from '../page.js'
import { type FoundWord, wordsIn } from './search-terms.js'

const LENGTH = 220
/** How much of it stands before the first word that was met. */
const LEAD = 60

export function excerptOf(text: string, terms: ReadonlySet<string>): Html {
  const met = [...wordsIn(text)].filter(({ term }) => terms.has(term))
  const from = startOf(text, bestOf(met))
  const to = endOf(text, from)
  return html`${from === 0 ? null : '… '}${mark(text, { from, to }, met)}${to === text.length ? null : ' …'}`
}

/** Where the passage with the most different words begins; 0 when none was met in the text. */
function bestOf(met: readonly FoundWord[]): number {
  let [best, most, last] = [0, 0, 0]
  for (const [first, { start }] of met.entries()) {
    while (last < met.length && (met[last]?.end ?? 0) <= start + LENGTH - LEAD) last += 1
    const { size } = new Set(met.slice(first, last).map(({ term }) => term))
    if (size > most) [best, most] = [start, size]
  }
  return best
}

/** At the beginning of a word. */
function startOf(text: string, place: number): number {
  const from = Math.max(0, place - LEAD)
  if (from === 0) return 0
  const blank = text.indexOf(' ', from)
  return blank === -1 || blank >= place ? place : blank + 1
}

function endOf(text: string, from: number): number {
  if (from + LENGTH >= text.length) return text.length
  const blank = text.lastIndexOf(' ', from + LENGTH)
  return blank <= from ? from + LENGTH : blank
}

/** Pairs of characters of one word overlap; a mark is put around all that touch. */
function mark(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
  met: readonly FoundWord[],
): readonly Html[] {
  const pieces: Html[] = []
  let at = from
  let marked: { start: number; end: number } | null = null
  const close = () => {
    if (marked === null) return
    pieces.push(html`${text.slice(at, marked.start)}<mark>${text.slice(marked.start, marked.end)}</mark>`)
    at = marked.end
    marked = null
  }
  for (const { start, end } of met) {
    if (start < from || end > to) continue
    if (marked !== null && start <= marked.end) marked.end = end
    else {
      close()
      marked = { start, end }
    }
  }
  close()
  return [...pieces, html`${text.slice(at, to)}`]
}
