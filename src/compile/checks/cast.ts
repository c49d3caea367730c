/**
 * The cast of sample readers, by what is known of them: nothing, long values, odd ones. Checks look at their copies, and
 * the studio shows them.
 */

import { TOKEN_LENGTH } from '../../link/token.js'
import type { Hole, Holed } from '../compiled.js'
import { escapeHtml } from '../escape.js'
import { fillHoled } from '../holed.js'

/** As long as ours; no link in a copy belongs to anyone. */
export const SAMPLE_TOKEN = 'A'.repeat(TOKEN_LENGTH)
export const SAMPLE_ADDRESS = 'reader@example.com'
/** 60 characters each: a long name, and an address near as long as they come. */
const LONG_VALUE = 'Maximiliane Charlotte von Hohenlohe-Waldenburg-Schillingsfür'
const LONG_ADDRESS = 'maximiliane.hohenlohe-waldenburg@correspondence.example.com'

export interface Reader {
  /** As a clause names them: `a reader with emoji`. */
  readonly label: string
  /** In a list of them: `Emoji`. */
  readonly title: string
  readonly known: (name: string) => string
}

export const NOBODY: Reader = reader('a reader of whom nothing is known', 'Nothing known', '')

export const ODD_READERS: readonly Reader[] = [
  reader('a reader with long values', 'Long values', LONG_VALUE, LONG_ADDRESS),
  reader('a reader whose values run from right to left', 'Right to left', 'فاطمة الزهراء'),
  reader('a reader with emoji', 'Emoji', 'Zoë 👩‍👩‍👧🎉'),
  reader('a reader with Chinese values', 'Chinese', '歐陽美玲'),
  reader('a reader whose values look like mark-up', 'Looks like mark-up', '<b>"Q" & \'Co\'</b> {{x}}'),
]

function reader(label: string, title: string, value: string, address = SAMPLE_ADDRESS): Reader {
  return { label, title, known: (name) => (name === 'address' ? address : value) }
}

/** Who has a value only where that makes the HTML longer. */
export function longestReader(html: Holed, names: readonly string[]): Reader {
  const long = new Set(names.filter((name) => gain(html, name) > 0))
  return {
    label: 'the reader whose copy is longest',
    title: 'Longest copy',
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
