/** A filter's text as tokens, each with its column; and a cursor over them that says what it finds in place of what. */

import { InputError } from '../../errors.js'
import { MAX_FILTER } from '../../issue/named-filters.js'

export type TokenKind = 'word' | 'text' | 'figure' | 'mark' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As written; of a text what stands within its quotes. */
  readonly text: string
  /** 1-based, in characters. */
  readonly column: number
}

/** Where the filter stands, as the person knows it. */
export interface FilterPlace {
  readonly where: string
  readonly line: number | null
}

export const MAX_TEXT = 200
const MAX_SHOWN = 40

const BLANKS = /\s+/uy
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_.-]*/uy
/** A number, a day, a span of days. */
const FIGURE = /[-+]?\d[\w.-]*/uy
const MARK = /!=|<=|>=|[=<>(),]/uy
/** Until the same quote; a doubled one is one of the text. */
const TEXT = /"(?:[^"]|"")*"|'(?:[^']|'')*'/uy

/** What people write who have other filters in mind. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/["']/y, 'this quote is not closed'],
  [/[“”„«»‘’‚]/uy, 'write straight quotes: "DE"'],
  [/≠|<>/uy, 'write !='],
  [/≤/uy, 'write <='],
  [/≥/uy, 'write >='],
  [/&&?/y, 'write and'],
  [/\|\|?/y, 'write or'],
  [/!/y, 'write not'],
  [/[[{]/y, 'write ( )'],
]

/** Throws InputError for what is no part of a filter, and for one that is too long. */
export function readTokens(filter: string, place: FilterPlace): Cursor {
  if (filter.length > MAX_FILTER)
    throw new InputError([
      { ...place, message: `the filter has ${filter.length} characters; ${MAX_FILTER} are the most` },
    ])
  const tokens: Token[] = []
  for (let at = skip(filter, 0); at < filter.length; ) {
    const token = readToken(filter, at)
    if (token === null) {
      const hint = HINTS.find(([pattern]) => matchAt(pattern, filter, at) !== null)?.[1]
      const character = String.fromCodePoint(filter.codePointAt(at) ?? 0)
      throw refuse(place, columnOf(filter, at), hint ?? `${show(character)} has no meaning here`)
    }
    tokens.push({ ...token, column: columnOf(filter, at) })
    at = skip(filter, at + token.length)
  }
  return new Cursor([...tokens, { kind: 'end', text: '', column: columnOf(filter, filter.length) }], place)
}

function readToken(filter: string, at: number) {
  const pick = (kind: TokenKind, pattern: RegExp) => {
    const text = matchAt(pattern, filter, at)
    return text === null ? null : { kind, text, length: text.length }
  }
  const quoted = matchAt(TEXT, filter, at)
  if (quoted !== null) {
    const quote = quoted.slice(0, 1)
    const text = quoted.slice(1, -1).replaceAll(quote + quote, quote)
    return { kind: 'text' as const, text, length: quoted.length }
  }
  const mark = filter.startsWith('<>', at) ? null : pick('mark', MARK)
  return pick('word', WORD) ?? pick('figure', FIGURE) ?? mark
}

function skip(filter: string, at: number): number {
  return at + (matchAt(BLANKS, filter, at)?.length ?? 0)
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

function columnOf(filter: string, at: number): number {
  return Array.from(filter.slice(0, at)).length + 1
}

/** In quotes, cut, and without what could steer a terminal. */
export function show(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${Array.from(text).slice(0, MAX_SHOWN).join('')}…` : text
  return JSON.stringify(cut).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}')
}

export function refuse({ where, line }: FilterPlace, column: number, message: string): InputError {
  const said =
    line === null
      ? { where: `${where}, column ${column}`, message }
      : { where, message: `column ${column}: ${message}` }
  return new InputError([{ line, ...said }])
}

/** Goes over the tokens once; the last one is always the end. */
export class Cursor {
  readonly #tokens: readonly Token[]
  readonly #place: FilterPlace
  #at = 0

  constructor(tokens: readonly Token[], place: FilterPlace) {
    this.#tokens = tokens
    this.#place = place
  }

  peek(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]
    if (token === undefined) throw new Error('a filter without an end')
    return token
  }

  take(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  /** Case makes no difference to words. */
  isNext(...words: readonly string[]): boolean {
    return isOneOf(this.peek(), words)
  }

  /** Of the one after the next. */
  isSecond(...words: readonly string[]): boolean {
    const token = this.#tokens[this.#at + 1]
    return token !== undefined && isOneOf(token, words)
  }

  /** Takes the next one if it is this word or mark. */
  takeIf(word: string): boolean {
    const isIt = this.isNext(word)
    if (isIt) this.#at++
    return isIt
  }

  /** `wanted` is a clause: `")" closes what column 3 opened`. */
  fail(wanted: string, at: Token = this.peek()): InputError {
    const found = at.kind === 'end' ? 'the filter ends here' : `${show(at.text)} stands here`
    return this.refuse(`${found}; ${wanted}`, at)
  }

  refuse(message: string, at: Token = this.peek()): InputError {
    return refuse(this.#place, at.column, message)
  }
}

function isOneOf({ kind, text }: Token, words: readonly string[]): boolean {
  return (kind === 'word' || kind === 'mark') && words.includes(text.toLowerCase())
}
