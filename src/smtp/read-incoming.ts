/** Reads a mail that a stranger pours in, into one block of memory, however finely it comes. */

import type { SMTPServerDataStream } from 'smtp-server'

const FIRST_BYTES = 16_384
/** What is too long is read on and forgotten, so that its sender hears why; what is many times that has no end. */
const ENDLESS = 4

/** `tooLong`: it has ended, and is more than `maxBytes`. `endless`: it goes on and on. Rejects when the connection is lost. */
export async function readIncoming(
  stream: SMTPServerDataStream,
  { maxBytes }: { readonly maxBytes: number },
): Promise<Uint8Array | 'tooLong' | 'endless'> {
  let held: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES)
  let bytes = 0
  // Chunks point into what came from the socket: a dot at the start of each line would keep a thousand of them alive.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const end = bytes + chunk.length
    if (end > ENDLESS * maxBytes) return 'endless'
    if (end > maxBytes) held = Buffer.alloc(0)
    else {
      if (end > held.length) held = grown(held, Math.min(maxBytes, Math.max(end, 2 * held.length)))
      chunk.copy(held, bytes)
    }
    bytes = end
  }
  return bytes > maxBytes ? 'tooLong' : held.subarray(0, bytes)
}

function grown(held: Buffer, bytes: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(bytes)
  held.copy(larger)
  return larger
}
