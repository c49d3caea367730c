/**
 * Seen: which addresses a file has named already, and on what line. 16 bytes an address, so that a file of a million
 * needs tens of megabytes and not hundreds: the first 96 bits of the keyed hash stand for the address.
 */

/** Hexadecimal digits of the hash that are kept. Two of a million addresses agree in them once in 10^17 files. */
const HASH_DIGITS = 24
const WORDS = 4
const FIRST_SLOTS = 4_096
/** Above this share of used slots, looking for a free one takes long. */
const MAX_LOAD = 0.6

export class SeenAddresses {
  /** Open addressing; a slot is three words of the hash and the line, 0 while it is free. */
  #slots = new Uint32Array(FIRST_SLOTS * WORDS)
  #count = 0

  /** How many there are. */
  get size(): number {
    return this.#count
  }

  /** The line that named the address first, or null when it is this one. `hash` is hexadecimal; lines begin at 1. */
  addOrFind(hash: string, line: number): number | null {
    if (this.#count >= (this.#slots.length / WORDS) * MAX_LOAD) this.#grow()
    const [first, second, third] = wordsOf(hash)
    const at = this.#find(first, second, third)
    const known = this.#slots[at + 3] ?? 0
    if (known !== 0) return known
    this.#put(at, first, second, third, line)
    return null
  }

  has(hash: string): boolean {
    return this.#slots[this.#find(...wordsOf(hash)) + 3] !== 0
  }

  /** Its slot, or the free one that it would get. */
  #find(first: number, second: number, third: number): number {
    const slots = this.#slots
    let at = (first * WORDS) % slots.length
    while (
      slots[at + 3] !== 0 &&
      (slots[at] !== first || slots[at + 1] !== second || slots[at + 2] !== third)
    )
      at = (at + WORDS) % slots.length
    return at
  }

  #put(at: number, first: number, second: number, third: number, line: number): void {
    const slots = this.#slots
    slots[at] = first
    slots[at + 1] = second
    slots[at + 2] = third
    slots[at + 3] = line
    this.#count++
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    this.#count = 0
    for (let at = 0; at < old.length; at += WORDS) {
      const [first = 0, second = 0, third = 0, line = 0] = old.subarray(at, at + WORDS)
      if (line !== 0) this.#put(this.#find(first, second, third), first, second, third, line)
    }
  }
}

function wordsOf(hash: string): [number, number, number] {
  const word = (from: number) => Number.parseInt(hash.slice(from, from + 8), 16)
  return [word(0), word(8), word(HASH_DIGITS - 8)]
}
