/**
 * Base64 (RFC 2045 section 6.8) in two steps, as quoted-printable.ts. A value shifts what follows it by zero, one or
 * two bytes against the groups of three; each static stretch is therefore encoded ahead in three forms, and what a
 * value shares a group with is encoded with the value, on lines of its own.
 */

import type { FixedName, FixedValues, Place, Run } from './splice.js'

const GROUPS_A_LINE = 19 // 76 characters
/** A shorter stretch is encoded with the values around it. */
const MIN_STRETCH = 64

interface FixedPlace {
  readonly value: FixedName
  readonly at: number
  readonly width: number
}

/** Static bytes between two values, not yet encoded; the Places hold nothing. */
export interface Stretch {
  readonly bytes: Buffer
  readonly places: readonly FixedPlace[]
  /** By how many of its first bytes belong to the group before; null where a Place could not be filled then. */
  readonly forms: readonly (Form | null)[]
}

interface Form {
  readonly run: Run
  /** Where what the Run holds ends; the bytes after it belong to the next group. */
  readonly end: number
}

/** Collects the text and the places of one Stretch. Line ends are \n, \r\n or \r; each becomes CRLF. */
export class StretchWriter {
  #chunks: Buffer[] = []
  #size = 0
  #places: FixedPlace[] = []

  text(text: string): void {
    this.#push(Buffer.from(text.replace(/\r\n?|\n/g, '\r\n'), 'utf8'))
  }

  fixed(value: FixedName, width: number): void {
    this.#places.push({ value, at: this.#size, width })
    this.#push(Buffer.alloc(width))
  }

  /** What was written since the last cut. */
  cut(): Stretch {
    const bytes = Buffer.concat(this.#chunks)
    const places = this.#places
    this.#chunks = []
    this.#size = 0
    this.#places = []
    const forms = bytes.length < MIN_STRETCH ? [] : [0, 1, 2].map((head) => encodeForm(bytes, places, head))
    return { bytes, places, forms }
  }

  #push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
  }
}

/** One person's copy of a part, from Stretches and values in order. */
export class Base64 {
  readonly #runs: Run[] = []
  readonly #values: FixedValues
  #waiting: Buffer[] = []
  #waitingSize = 0

  constructor(values: FixedValues) {
    this.#values = values
  }

  value(text: string): void {
    this.#wait(Buffer.from(text, 'utf8'))
  }

  stretch({ bytes, places, forms }: Stretch): void {
    const head = (3 - (this.#waitingSize % 3)) % 3
    const form = forms[head] ?? null
    if (form === null) {
      this.#wait(this.#filled(bytes, places))
    } else {
      this.#wait(bytes.subarray(0, head))
      this.#flush()
      this.#runs.push(form.run)
      this.#wait(bytes.subarray(form.end))
    }
  }

  end(): readonly Run[] {
    this.#flush()
    return this.#runs
  }

  #wait(bytes: Buffer): void {
    this.#waiting.push(bytes)
    this.#waitingSize += bytes.length
  }

  /** Whole groups by now, or the end. */
  #flush(): void {
    if (this.#waitingSize > 0) this.#runs.push({ bytes: inLines(Buffer.concat(this.#waiting)), places: [] })
    this.#waiting = []
    this.#waitingSize = 0
  }

  #filled(bytes: Buffer, places: readonly FixedPlace[]): Buffer {
    if (places.length === 0) return bytes
    const copy = Buffer.from(bytes)
    for (const { value, at } of places) copy.set(this.#values[value], at)
    return copy
  }
}

/** Without the first `head` bytes and those at the end that fill no group. Null where either would cut a Place. */
function encodeForm(bytes: Buffer, places: readonly FixedPlace[], head: number): Form | null {
  const end = bytes.length - ((bytes.length - head) % 3)
  const atoms = places.map((place) => groupsOf(place, head))
  const isApart = atoms.every(({ first }, index) => first >= (atoms[index - 1]?.after ?? 0))
  const isInside = places.every(({ at, width }) => at >= head && at + width <= end)
  if (!isApart || !isInside) return null
  const encoded = bytes.subarray(head, end).toString('base64')
  const filled: Place[] = []
  let lines = ''
  let left = GROUPS_A_LINE
  let group = 0
  const goTo = (to: number) => {
    while (group < to) {
      if (left === 0) breakLine()
      const count = Math.min(left, to - group)
      lines += encoded.slice(group * 4, (group + count) * 4)
      group += count
      left -= count
    }
  }
  const breakLine = () => {
    lines += '\r\n'
    left = GROUPS_A_LINE
  }
  for (const [index, { first, after }] of atoms.entries()) {
    const place = places[index]
    if (place === undefined) break
    goTo(first)
    // A Place stands in one line, so that it is one piece.
    if (left < after - first) breakLine()
    filled.push({
      value: place.value,
      at: lines.length,
      beside: {
        before: bytes.subarray(head + first * 3, place.at),
        after: bytes.subarray(place.at + place.width, head + after * 3),
      },
    })
    goTo(after)
  }
  goTo(encoded.length / 4)
  return { run: { bytes: Buffer.from(`${lines}\r\n`, 'latin1'), places: filled }, end }
}

/** The groups of three that a Place touches, counted from `head`. */
function groupsOf(
  { at, width }: FixedPlace,
  head: number,
): { readonly first: number; readonly after: number } {
  return { first: Math.floor((at - head) / 3), after: Math.ceil((at + width - head) / 3) }
}

function inLines(bytes: Buffer): Buffer {
  const encoded = bytes.toString('base64')
  if (encoded.length <= GROUPS_A_LINE * 4) return Buffer.from(`${encoded}\r\n`, 'latin1')
  return Buffer.from(encoded.replace(/.{1,76}/g, '$&\r\n'), 'latin1')
}
