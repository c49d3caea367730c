/** Text into a stream that may be slower than we are. */

import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Resolves when more may be written; rejects when the stream fails meanwhile. */
export async function writeAll(stream: Writable, text: string): Promise<void> {
  if (stream.errored) throw stream.errored
  if (!stream.write(text)) await once(stream, 'drain')
}
