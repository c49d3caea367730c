/**
 * Quoted-printable (RFC 2045 section 6.7) in two steps: the static text once, the values later. A value stands on
 * lines of its own between soft line breaks, so any value fits; a value of fixed width stands in line. No encoded
 * line begins with a dot, so a message needs no dot-stuffing (RFC 5321 section 4.5.2).
 */

const MAX_LINE = 76
const SOFT_BREAK = '=\r\n'

/** Writes text piece by piece and keeps the column. */
export class QuotedPrintable {
  #column = 0
  /** A space or tab that is only literal when something follows it on its line. */
  #pendingBlank = ''
  #written = ''

  /** Line ends are \n, \r\n or \r; each becomes CRLF. */
  text(text: string): void {
    for (const character of text.replace(/\r\n?/g, '\n')) {
      if (character === '\n') this.#endLine()
      else this.#place(character)
    }
  }

  /** Leaves room in the line for a value of this many safe ASCII characters; cut the output here. */
  fixed(width: number): string {
    this.#flushBlank()
    this.#makeRoom(width)
    this.#column += width
    return this.take()
  }

  /** Ends the line softly, so that a value of any length can stand here; cut the output here. */
  gap(): string {
    this.#flushBlank()
    if (this.#column > 0) this.#written += SOFT_BREAK
    this.#column = 0
    return this.take()
  }

  /** Goes on after a value that was put into a gap. */
  afterGap(): void {
    this.#written += SOFT_BREAK
  }

  /** What was written since the last cut. */
  take(): string {
    const written = this.#written
    this.#written = ''
    return written
  }

  /** Ends the text; a blank at its very end is encoded. */
  end(): string {
    if (this.#pendingBlank !== '') this.#append(encodeBytes(this.#pendingBlank))
    this.#pendingBlank = ''
    return this.take()
  }

  #place(character: string): void {
    this.#flushBlank()
    if (character === ' ' || character === '\t') this.#pendingBlank = character
    else this.#append(isLiteral(character) ? character : encodeBytes(character))
  }

  #endLine(): void {
    if (this.#pendingBlank !== '') this.#append(encodeBytes(this.#pendingBlank))
    this.#pendingBlank = ''
    this.#written += '\r\n'
    this.#column = 0
  }

  #flushBlank(): void {
    if (this.#pendingBlank === '') return
    this.#append(this.#pendingBlank)
    this.#pendingBlank = ''
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
export function encodeValue(value: string): string {
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
