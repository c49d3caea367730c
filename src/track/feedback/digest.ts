/** By what the same Feedback is known that comes twice: its bytes, and whom they were addressed to. */

import { createHash } from 'node:crypto'

/** SHA-256, hex. */
export function digestOf(bytes: Uint8Array, envelopeTo: readonly string[] = []): string {
  const to = envelopeTo.map((address) => address.toLowerCase()).sort()
  return createHash('sha256')
    .update(`${JSON.stringify(to)}\n`)
    .update(bytes)
    .digest('hex')
}
