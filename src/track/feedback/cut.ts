/**
 * What came back, cut to what is worth reading: a report says what it has to say in a few kilobytes, and what a parser is
 * given bounds what it takes. Deeper limits (nesting, header bytes) are the parser's own.
 */

/** What a report says, and the header of the message that it returns, stand in its first 100 KB. */
export const MAX_BYTES = 262_144
/** RFC 5321 allows 998 and some relays more; a line without an end is cut off, not the message. */
const MAX_LINE_BYTES = 10_000
export const MAX_LINES = 3_000
/** Lines that begin with two hyphens, as each part of a multipart does. */
const MAX_DASHED = 500

const LF = 0x0a
const HYPHEN = 0x2d

/** At most 256 KB, 3,000 lines of 10,000 bytes, and 500 lines that could begin a part. Copies nothing when all is within. */
export function cutReport(bytes: Uint8Array): Uint8Array {
  const within = bytes.subarray(0, MAX_BYTES)
  const kept: Uint8Array[] = []
  let dashed = 0
  let from = 0
  let hasLongLine = false
  for (let lines = 0; from < within.length && lines < MAX_LINES; lines += 1) {
    const at = within.indexOf(LF, from)
    const end = at < 0 ? within.length : at + 1
    if (within[from] === HYPHEN && within[from + 1] === HYPHEN) dashed += 1
    if (dashed > MAX_DASHED) break
    if (end - from > MAX_LINE_BYTES) {
      hasLongLine = true
      kept.push(within.subarray(from, from + MAX_LINE_BYTES), Uint8Array.of(LF))
    } else kept.push(within.subarray(from, end))
    from = end
  }
  return hasLongLine ? Buffer.concat(kept) : within.subarray(0, from)
}
