/** S: sizes and bytes that mail programs mind, measured on the worst copy. */

import type { Check } from './check.js'

const WARN_BYTES = 80_000
/** Some relays and gateways rewrite links and so add to the size; 102 KB is where Gmail cuts. */
const ERROR_BYTES = 100_000

const S01: Check = {
  id: 'S01',
  title: 'the HTML is shorter than where Gmail clips it',
  isWaivable: true,
  run: ({ worst, wire }) => {
    const sizeBytes = Buffer.byteLength(worst.html)
    if (sizeBytes < WARN_BYTES) return []
    return [
      {
        severity: sizeBytes < ERROR_BYTES ? 'warn' : 'error',
        message: `the HTML has ${bytes(sizeBytes)} (${bytes(wire.length)} with the text part, encoded) for ${worst.label}; Gmail cuts a mail off near 102,000`,
        hint: 'shorten the issue below 80,000',
        line: null,
      },
    ]
  },
}

function bytes(count: number): string {
  return `${count.toLocaleString('en')} bytes`
}

export const SIZE_CHECKS: readonly Check[] = [S01]
