/**
 * The values of a filter in the form that is compared: a choice as declared, an address by its key, a domain in ASCII,
 * text in small letters (`fold.ts`).
 */

import { domainToASCII } from 'node:url'
import { parseAddress } from '../../address.js'
import { describeForbidden } from '../../issue/characters.js'
import { isCalendarDate } from '../../issue/date.js'
import { nearest } from '../../issue/nearest.js'
import { READER_LANGUAGES } from '../../issue/reader-language.js'
import { canonicalNumber } from '../attribute.js'
import { cleanValue } from '../field.js'
import { readTag } from '../tag.js'
import type { TextField, TextMatch } from './condition.js'
import { foldText } from './fold.js'
import { type Cursor, MAX_TEXT, show, type Token } from './tokens.js'

/** Ten years; whoever is older may be named by a day. */
const MAX_DAYS = 3_660

export function takeText(cursor: Cursor, field: TextField, how: TextMatch): string {
  const token = takeQuoted(cursor)
  const text = how === 'is' ? cleanValue(token.text) : token.text.normalize('NFC')
  if (field === 'address') return readAddressText(cursor, token, how)
  if (field === 'domain') return readDomainText(cursor, token, how)
  if (field === 'language') return readChoice(cursor, token, READER_LANGUAGES)
  return foldText(text)
}

export function takeChoice(cursor: Cursor, choices: readonly string[]): string {
  const token = takeQuoted(cursor)
  return foldText(readChoice(cursor, token, choices))
}

export function takeTag(cursor: Cursor): string {
  const token = takeQuoted(cursor)
  const read = readTag(token.text)
  if ('problem' in read) throw cursor.refuse(read.problem, token)
  return read.ok
}

export function takeNumber(cursor: Cursor): number {
  const token = takeKind(cursor, 'figure', 'write a number, as 5 or 12.5')
  const number = canonicalNumber(token.text)
  if (number === null) throw cursor.refuse(`${show(token.text)} is no number; write it as 1234.5`, token)
  return Number(number)
}

export function takeYesNo(cursor: Cursor): 'yes' | 'no' {
  const token = cursor.take()
  const word = token.text.toLowerCase()
  if (token.kind === 'end' || (word !== 'yes' && word !== 'no')) throw cursor.fail('write yes or no', token)
  return word
}

export function takeDay(cursor: Cursor): string {
  const token = takeKind(cursor, 'figure', 'write a day, as 2026-01-31')
  if (isCalendarDate(token.text)) return token.text
  throw cursor.refuse(`${show(token.text)} is no day; write it as 2026-01-31`, token)
}

/** `90d`, `90 days`, `12w`, `12 weeks`; null, and nothing is taken, when a day stands there. */
export function takeDays(cursor: Cursor): number | null {
  const token = cursor.peek()
  if (token.kind === 'figure' && token.text.includes('-')) return null
  const { count, unit } = /^(?<count>\d{1,9})(?<unit>[a-z]*)$/i.exec(token.text)?.groups ?? {}
  if (token.kind !== 'figure' || count === undefined || unit === undefined)
    throw cursor.fail('write a span of days, as 90d or 12w')
  cursor.take()
  const word = unit === '' && cursor.peek().kind === 'word' ? cursor.take().text : unit
  const factor = /^(?:d|days?)$/i.test(word) ? 1 : /^(?:w|weeks?)$/i.test(word) ? 7 : null
  if (factor === null)
    throw cursor.refuse(
      `${show(`${count} ${word}`.trim())} is no span of days; write it as 90d or 12w`,
      token,
    )
  const days = Number(count) * factor
  if (days < 1 || days > MAX_DAYS)
    throw cursor.refuse(`${show(token.text)} is out of bounds; it wants 1 to ${MAX_DAYS} days`, token)
  return days
}

/** Up to `most`. */
export function takeCount(cursor: Cursor, most: number): number {
  const token = takeKind(cursor, 'figure', 'write a number, as 3')
  const count = /^\d{1,9}$/.test(token.text) ? Number(token.text) : 0
  if (count < 1 || count > most)
    throw cursor.refuse(`${show(token.text)} is out of bounds; it wants 1 to ${most}`, token)
  return count
}

function takeKind(cursor: Cursor, kind: Token['kind'], wanted: string): Token {
  if (cursor.peek().kind !== kind) throw cursor.fail(wanted)
  return cursor.take()
}

function takeQuoted(cursor: Cursor): Token {
  const { kind, text } = cursor.peek()
  if (kind === 'word' || kind === 'figure')
    throw cursor.refuse(`${show(text)} wants quotes around it: "${text.slice(0, MAX_TEXT)}"`)
  const token = takeKind(cursor, 'text', 'write a text in quotes, as "DE"')
  if (token.text.trim() === '')
    throw cursor.refuse(
      'an empty text is nobody’s; write has NAME for whoever has any, not has NAME for the others',
      token,
    )
  const forbidden = describeForbidden(token.text)
  if (forbidden !== null) throw cursor.refuse(forbidden, token)
  if (token.text.length > MAX_TEXT)
    throw cursor.refuse(`the text has ${token.text.length} characters; ${MAX_TEXT} are the most`, token)
  return token
}

function readChoice(cursor: Cursor, token: Token, choices: readonly string[]): string {
  const text = foldText(cleanValue(token.text))
  const choice = choices.find((one) => foldText(one) === text)
  if (choice !== undefined) return choice
  const meant = nearest(token.text, choices)
  const few = choices.length > 12 ? [...choices.slice(0, 12), '…'] : choices
  const advice =
    meant === null ? `there is ${few.join(', ')}` : `did you mean "${meant}"? There is ${few.join(', ')}`
  throw cursor.refuse(`${show(token.text)} is none of the choices; ${advice}`, token)
}

function readAddressText(cursor: Cursor, token: Token, how: TextMatch): string {
  // As `parseAddress` makes the key.
  if (how !== 'is') return token.text.toLowerCase().normalize('NFC')
  const parsed = parseAddress(token.text)
  if (parsed.kind === 'refused')
    throw cursor.refuse(`the address ${show(token.text)} ${parsed.reason}`, token)
  return parsed.key
}

/** A part of a domain may be any text, but what is not ASCII can only be compared by whole labels. */
function readDomainText(cursor: Cursor, token: Token, how: TextMatch): string {
  const given = token.text.trim().replace(/^@/, '').toLowerCase()
  const isAscii = /^[\x20-\x7e]*$/.test(given)
  if (how !== 'is' && isAscii) return given
  const labels = given.split('.').map((label) => (label === '' ? '' : domainToASCII(label)))
  const ascii = how === 'is' ? domainToASCII(given) : labels.join('.')
  const isWhole = how === 'is' || (how === 'ends' && labels.slice(1).every((label) => label !== ''))
  if (isWhole && ascii !== '') return ascii
  throw cursor.refuse(
    `${show(token.text)} is no domain; write one such as "example.org", or ends with ".org"`,
    token,
  )
}
