/**
 * Capital and small letters made equal, the same in JavaScript and on both databases: a letter is folded when its small
 * letter is one letter that has it for its only capital. Accents stay, and so do ß, İ and the like.
 */

import { type RawBuilder, sql } from 'kysely'
import { engineOf, type Query } from '../../db/db.js'

/** In NFC. */
export function foldText(text: string): string {
  return Array.from(text.normalize('NFC'), foldLetter).join('')
}

function foldLetter(letter: string): string {
  const small = letter.toLowerCase()
  return isOne(small) && small.toUpperCase() === letter ? small : letter
}

function isOne(text: string): boolean {
  return Array.from(text).length === 1
}

/** SQLite's parser takes no more than a hundred things that are open at once, in a whole statement. */
const MAX_NESTED = 4

/**
 * A column, in which whatever would fold to `folded` is as that is. Databases fold ASCII alike; of the other letters only
 * those of the text matter, and each is replaced by name.
 */
export function foldedFor(query: Query, column: RawBuilder<string>, folded: string): RawBuilder<string> {
  const smalls = [...new Set(Array.from(folded))].filter((letter) => letter > '\u007f' && hasCapital(letter))
  const capitals = smalls.map((letter) => letter.toUpperCase())
  if (engineOf(query) === 'postgres') {
    // Other collations know other letters.
    const ascii = sql<string>`lower(${column} collate "C")`
    return smalls.length === 0
      ? ascii
      : sql<string>`translate(${ascii}, ${capitals.join('')}, ${smalls.join('')})`
  }
  const ascii = sql<string>`lower(${column})`
  if (smalls.length > MAX_NESTED) return replaceOneByOne(ascii, { capitals, smalls })
  return smalls.reduce(
    (text, letter) => sql<string>`replace(${text}, ${letter.toUpperCase()}, ${letter})`,
    ascii,
  )
}

function hasCapital(letter: string): boolean {
  const capital = letter.toUpperCase()
  return isOne(capital) && capital !== letter && foldLetter(capital) === letter
}

function replaceOneByOne(
  text: RawBuilder<string>,
  { capitals, smalls }: { readonly capitals: readonly string[]; readonly smalls: readonly string[] },
): RawBuilder<string> {
  const [from, to] = [capitals.join(''), smalls.join('')]
  return sql<string>`(with recursive folding (at, text) as (
    select 1, ${text} union all
    select at + 1, replace(text, substr(${from}, at, 1), substr(${to}, at, 1)) from folding where at <= ${smalls.length}
  ) select text from folding where at > ${smalls.length})`
}
