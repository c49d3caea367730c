/**
 * Sample recipients: of whom nothing is known, who have the longest values, the oddest, the other branch of every
 * conditional passage. What a check measures, it measures on the worst of them.
 */

import type { HoledLine } from '../../issue/hole.js'
import { TOKEN_LENGTH } from '../../link/token.js'
import type { CompiledIssue, Hole, Holed } from '../compiled.js'
import { escapeHtml, escapeText } from '../escape.js'
import { fillHoled } from '../holed.js'
import type { Copy } from './check.js'

/** As long as ours; no link in a copy belongs to anyone. */
const SAMPLE_TOKEN = 'A'.repeat(TOKEN_LENGTH)
const SAMPLE_ADDRESS = 'reader@example.com'
/** 60 characters each: a long name, and an address near as long as they come. */
const LONG_VALUE = 'Maximiliane Charlotte von Hohenlohe-Waldenburg-Schillingsfür'
const LONG_ADDRESS = 'maximiliane.hohenlohe-waldenburg@correspondence.example.com'

/** A reader, by what is known of them. */
interface Reader {
  readonly label: string
  readonly known: (name: string) => string
}

const ODD_READERS: readonly Reader[] = [
  reader('a reader with long values', LONG_VALUE, LONG_ADDRESS),
  reader('a reader whose values run from right to left', 'فاطمة الزهراء'),
  reader('a reader with emoji', 'Zoë 👩‍👩‍👧🎉'),
  reader('a reader with Chinese values', '歐陽美玲'),
  reader('a reader whose values look like mark-up', '<b>"Q" & \'Co\'</b> {{x}}'),
]

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
  const nobody = reader('a reader of whom nothing is known', '')
  if (names.every((name) => name === 'address')) return [fillCopy(sampled, nobody, names)]
  return [nobody, ...ODD_READERS, longestReader(sampled, names)].map((one) => fillCopy(sampled, one, names))
}

function reader(label: string, value: string, address = SAMPLE_ADDRESS): Reader {
  return { label, known: (name) => (name === 'address' ? address : value) }
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

/** Who has a value only where that makes the HTML longer. */
function longestReader({ html }: Sampled, names: readonly string[]): Reader {
  const long = new Set(names.filter((name) => gain(html, name) > 0))
  return {
    label: 'the reader whose copy is longest',
    known: (name) => (name === 'address' ? LONG_ADDRESS : long.has(name) ? LONG_VALUE : ''),
  }
}

/** By how many characters a copy grows when `name` has a long value. */
function gain(html: Holed, name: string): number {
  return html.reduce((sum, piece) => sum + pieceGain(piece, name), 0)
}

function pieceGain(piece: string | Hole, name: string): number {
  if (typeof piece === 'string' || piece.kind === 'token') return 0
  if (piece.kind === 'person') return piece.name === name ? LONG_VALUE.length - piece.fallback.length : 0
  if (piece.name !== name) return 0
  return filledLength(piece.present, LONG_VALUE) - filledLength(piece.absent, '')
}

function filledLength(holed: Holed, value: string): number {
  return fillHoled(holed, { value: () => value, token: () => SAMPLE_TOKEN, escape: escapeHtml }).length
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
