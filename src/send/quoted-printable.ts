/**
 * Quoted-printable (RFC 2045 section 6.7) in two steps: the static text once, the values later. A value stands on
 * lines of its own between soft line breaks, so any value fits; a value of fixed width stands in line. No encoded
 * line begins with a dot, so a message needs no dot-stuffing (RFC 5321 section 4.5.2). None holds a tab, two blanks
 * in a row or one at its end, so DKIM's relaxed form of the body (RFC 6376 section 3.4.4) is the body itself.
 */

import type { FixedName, Place, Run } from './splice.js'

const MAX_LINE = 76
const SOFT_BREAK = '=\r\n'

/** Values that need no encoding: one line, nothing that is special at its start or in a run. */
const PLAIN_VALUE = /^(?![.F ])(?: ?[!-<>-~])+$/
const MAX_PLAIN_VALUE = MAX_LINE - 1

/** Writes text piece by piece and keeps the column. */
export class QuotedPrintable {
  #column = 0
  /** A blank that is only literal when something else follows it on its line. */
  #hasPendingBlank = false
  #written = ''
  #places: Place[] = []

  /** Line ends are \n, \r\n or \r; each becomes CRLF. */
  text(text: string): void {
    for (const character of text.replace(/\r\n?/g, '\n')) {
      if (character === '\n') this.#endLine()
      else this.#write(character)
    }
  }

  /** Leaves room in the line for a value of this many safe ASCII characters. */
  fixed(value: FixedName, width: number): void {
    this.#flushBlank()
    this.#makeRoom(width)
    this.#places.push({ value, at: this.#written.length, beside: null })
    this.#written += '_'.repeat(width)
    this.#column += width
  }

  /** Ends the line softly, so that a value of any length can stand here; what was written since the last gap. */
  gap(): Run {
    this.#flushBlank()
    if (this.#column > 0) this.#written += SOFT_BREAK
    this.#column = 0
    return this.#take()
  }

  /** Goes on after a value that was put into a gap. */
  afterGap(): void {
    this.#written += SOFT_BREAK
  }

  /** Ends the text; a blank at its very end is encoded. */
  end(): Run {
    this.#encodeBlank()
    return this.#take()
  }

  #take(): Run {
    const run = { bytes: Buffer.from(this.#written, 'latin1'), places: this.#places }
    this.#written = ''
    this.#places = []
    return run
  }

  #write(character: string): void {
    if (character === ' ') {
      if (this.#hasPendingBlank) this.#encodeSecondBlank()
      else this.#hasPendingBlank = true
    } else {
      this.#flushBlank()
      this.#append(isLiteral(character) ? character : encodeBytes(character))
    }
  }

  #endLine(): void {
    this.#encodeBlank()
    this.#written += '\r\n'
    this.#column = 0
  }

  /** The first of the two is literal: an encoded one follows it. */
  #encodeSecondBlank(): void {
    this.#flushBlank()
    this.#append('=20')
  }

  #encodeBlank(): void {
    if (this.#hasPendingBlank) this.#append('=20')
    this.#hasPendingBlank = false
  }

  #flushBlank(): void {
    if (this.#hasPendingBlank) this.#append(' ')
    this.#hasPendingBlank = false
  }

  /** One character, literal or encoded; never split over two lines. */
  #append(atom: string): void {
    this.#makeRoom(atom.length)
    // "From " at a line's start is changed to ">From " by some mailbox writers, a dot is stuffed by SMTP.
    const safe = this.#column === 0 && (atom === '.' || atom === 'F') ? encodeBytes(atom) : atom
    this.#written += safe
    this.#column += safe.length
  }

  #makeRoom(width: number): void {
    if (this.#column === 0 || this.#column + width <= MAX_LINE - 1) return
    this.#written += SOFT_BREAK
    this.#column = 0
  }
}

/** A value for a gap: encoded on lines of its own, without a line end. */
export function encodeValue(value: string): Run {
  if (value.length <= MAX_PLAIN_VALUE && PLAIN_VALUE.test(value))
    return { bytes: Buffer.from(value, 'latin1'), places: [] }
  const writer = new QuotedPrintable()
  writer.text(value)
  return writer.end()
}

function isLiteral(character: string): boolean {
  const code = character.charCodeAt(0)
  return character.length === 1 && code >= 33 && code <= 126 && code !== 61
}

function encodeBytes(character: string): string {
  let encoded = ''
  for (const byte of Buffer.from(character, 'utf8'))
    encoded += `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return encoded
}
