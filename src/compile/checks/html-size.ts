/** S01: Gmail clips a mail near 102 KB and hides what comes after: footer, unsubscribe link, styles. */

import type { Hole, Holed } from '../compiled.js'
import type { Check } from './finding.js'

const WARN_BYTES = 80_000
/** Some relays and gateways rewrite links and so add to the size; 102 KB is where Gmail cuts. */
const ERROR_BYTES = 100_000
/** Longer than our Tokens, so that a longer one some day changes no verdict. */
const TOKEN_BYTES = 60
/** For a value that is longer than its fallback. */
const VALUE_BYTES = 40

export const checkHtmlSize: Check = ({ compiled }) => {
  const sizeBytes = worstBytes(compiled.html)
  if (sizeBytes < WARN_BYTES) return []
  const severity = sizeBytes < ERROR_BYTES ? 'warn' : 'error'
  const message = `the HTML has ${sizeBytes.toLocaleString('en')} bytes; Gmail cuts a mail off near 102,000: shorten the issue below 80,000`
  return [{ id: 'S01', severity, message, line: null }]
}

/** UTF-8 bytes of the longest copy anyone may get. */
function worstBytes(holed: Holed): number {
  return holed.reduce((sum, piece) => sum + pieceBytes(piece), 0)
}

function pieceBytes(piece: string | Hole): number {
  if (typeof piece === 'string') return Buffer.byteLength(piece)
  if (piece.kind === 'token') return TOKEN_BYTES
  if (piece.kind === 'person') return Math.max(VALUE_BYTES, Buffer.byteLength(piece.fallback))
  return Math.max(worstBytes(piece.present), worstBytes(piece.absent))
}
