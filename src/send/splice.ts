/**
 * Splice: static bytes copied, values of fixed width written over their places. What is the same for everyone is
 * encoded once; a Message is a handful of copies into one piece of memory.
 */

/** Values that have the same width for everyone, as ASCII bytes; only characters that no encoding changes. */
export interface FixedValues {
  readonly read: Buffer
  readonly leave: Buffer
  readonly messageId: Buffer
}
export type FixedName = keyof FixedValues

/** Where a value of fixed width goes in a Run. */
export interface Place {
  readonly value: FixedName
  /** Offset in the Run's bytes. */
  readonly at: number
  /** In base64: the bytes that share its first and its last group of three; null where it stands as it is. */
  readonly beside: { readonly before: Buffer; readonly after: Buffer } | null
}

/** Encoded bytes that are the same for everyone but for their Places. */
export interface Run {
  readonly bytes: Buffer
  readonly places: readonly Place[]
}

/** The Runs one after the other, each Place filled, in a piece of memory that `take` gives. */
export function spliceRuns(
  runs: readonly Run[],
  values: FixedValues,
  take: (bytes: number) => Buffer,
): Buffer {
  let size = 0
  for (const { bytes } of runs) size += bytes.length
  const spliced = take(size)
  let start = 0
  for (const { bytes, places } of runs) {
    spliced.set(bytes, start)
    for (const place of places) {
      if (place.beside === null) spliced.set(values[place.value], start + place.at)
      else writeBase64(spliced, start + place.at, place.beside, values[place.value])
    }
    start += bytes.length
  }
  return spliced
}

/** A Run without Places, of ASCII text. */
export function plainRun(text: string): Run {
  return { bytes: Buffer.from(text, 'latin1'), places: [] }
}

const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1')
/** Holds one value and its neighbours while they are encoded; a call into Node for each would cost ten times as much. */
const groups = new Uint8Array(64)

/** `before`, `value` and `after` together are whole groups of three bytes. */
function writeBase64(
  target: Buffer,
  start: number,
  { before, after }: NonNullable<Place['beside']>,
  value: Buffer,
): void {
  groups.set(before, 0)
  groups.set(value, before.length)
  groups.set(after, before.length + value.length)
  const size = before.length + value.length + after.length
  let at = start
  for (let from = 0; from < size; from += 3) {
    const bits = (byte(from) << 16) | (byte(from + 1) << 8) | byte(from + 2)
    for (let shift = 18; shift >= 0; shift -= 6) target[at++] = ALPHABET[(bits >> shift) & 63] ?? 0
  }
}

function byte(index: number): number {
  return groups[index] ?? 0
}
