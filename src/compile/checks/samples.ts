/**
 * Sample recipients: of whom nothing is known, who have the longest values, the oddest, the other branch of every
 * conditional passage. What a check measures, it measures on the worst of them.
 */

import type { HoledLine } from '../../issue/hole.js'
import type { CompiledIssue, Holed } from '../compiled.js'
import { escapeHtml, escapeText } from '../escape.js'
import { fillHoled } from '../holed.js'
import { longestReader, NOBODY, ODD_READERS, type Reader, SAMPLE_TOKEN } from './cast.js'
import type { Copy } from './check.js'

export interface Sampled {
  readonly compiled: CompiledIssue
  readonly preheader: HoledLine
  /** The HTML to fill; marks of lines may stand in it. */
  readonly html: Holed
}

/** The first is of whom nothing is known. */
export function sampleCopies(sampled: Sampled): readonly Copy[] {
  const { compiled, preheader } = sampled
  const names = namesIn([...compiled.subject, ...preheader, ...compiled.html, ...compiled.text])
  const readers = names.every((name) => name === 'address')
    ? [NOBODY]
    : [NOBODY, ...ODD_READERS, longestReader(sampled.html, names)]
  return readers.map((reader) => fillCopy(sampled, reader, names))
}

/** Of all holes and passages, each once. */
export function namesIn(holed: Holed): readonly string[] {
  const names = holed.flatMap((piece): readonly string[] => {
    if (typeof piece === 'string' || piece.kind === 'token') return []
    return piece.kind === 'person'
      ? [piece.name]
      : [piece.name, ...namesIn([...piece.present, ...piece.absent])]
  })
  return [...new Set(names)]
}

function fillCopy(
  { compiled, preheader, html }: Sampled,
  { label, known }: Reader,
  names: readonly string[],
): Copy {
  const fill = (holed: Holed, escapeValue: (text: string) => string) =>
    fillHoled(holed, { value: known, token: () => SAMPLE_TOKEN, escape: escapeValue })
  return {
    label,
    values: Object.fromEntries(names.map((name) => [name, known(name)])),
    subject: fill(compiled.subject, escapeText),
    preheader: fill(preheader, escapeText),
    html: fill(html, escapeHtml),
    text: fill(compiled.text, escapeText),
  }
}
