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

  /** The line that named the address first, or null when it is this one. `hash` is hexadecimal; lines begin at 1. */
  addOrFind(hash: string, line: number): number | null {
    if (this.#count >= (this.#slots.length / WORDS) * MAX_LOAD) this.#grow()
    const words = [0, 8, HASH_DIGITS - 8].map((from) => Number.parseInt(hash.slice(from, from + 8), 16))
    return this.#place([words[0] ?? 0, words[1] ?? 0, words[2] ?? 0], line)
  }

  #place([first, second, third]: readonly [number, number, number], line: number): number | null {
    const slots = this.#slots
    for (let at = (first * WORDS) % slots.length; ; at = (at + WORDS) % slots.length) {
      if (slots[at + 3] === 0) {
        slots.set([first, second, third, line], at)
        this.#count++
        return null
      }
      if (slots[at] === first && slots[at + 1] === second && slots[at + 2] === third)
        return slots[at + 3] ?? null
    }
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    this.#count = 0
    for (let at = 0; at < old.length; at += WORDS) {
      const [first = 0, second = 0, third = 0, line = 0] = old.subarray(at, at + WORDS)
      if (line !== 0) this.#place([first, second, third], line)
    }
  }
}
