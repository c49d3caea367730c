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

/**
 * A column, in which whatever would fold to `folded` is as that is. Databases fold ASCII alike; of the other letters only
 * those of the text matter, and each is replaced by name.
 */
export function foldedFor(query: Query, column: RawBuilder<string>, folded: string): RawBuilder<string> {
  // Other collations of Postgres know other letters.
  const ascii =
    engineOf(query) === 'postgres' ? sql<string>`lower(${column} collate "C")` : sql<string>`lower(${column})`
  const letters = new Set(Array.from(folded).filter((letter) => letter > '\u007f'))
  let all = ascii
  for (const letter of letters) {
    const capital = letter.toUpperCase()
    if (isOne(capital) && capital !== letter && foldLetter(capital) === letter)
      all = sql<string>`replace(${all}, ${capital}, ${letter})`
  }
  return all
}
