/** Origin: the tool that a file of people was exported by. It knows the columns, and what they say of each one's consent. */

import type { Said } from '../person.js'

/** What a column is for. */
export type Target =
  | { readonly kind: 'address' | 'name' | 'firstName' | 'lastName' | 'tags' }
  /** A JSON object of attributes. */
  | { readonly kind: 'json' }
  | { readonly kind: 'attribute'; readonly name: string }
  /** Left out, or read by `said` alone. */
  | { readonly kind: 'none' }

export interface Origin {
  readonly name: string
  /** As its makers write it. */
  readonly title: string
  /** Columns that stand in each of its exports, for the person who has another file. */
  readonly signs: readonly string[]
  /** Names in lower case. */
  isHeader(names: ReadonlySet<string>): boolean
  /** By the column's name in lower case. */
  readonly columns: Readonly<Record<string, Target>>
  /** What becomes of other columns. */
  readonly rest: 'attributes' | 'none'
  /** The field of a column, by its name in lower case; '' where the file has no such column. */
  said(field: ReadField, context: SaidContext): Said | { readonly problem: string }
}

export type ReadField = (column: string) => string

export interface SaidContext {
  /** The file's name: some tools say with it whom it holds. */
  readonly file: string
  readonly has: (column: string) => boolean
}

export const NONE: Target = { kind: 'none' }
export const ADDRESS: Target = { kind: 'address' }
export const NAME: Target = { kind: 'name' }
export const FIRST_NAME: Target = { kind: 'firstName' }
export const LAST_NAME: Target = { kind: 'lastName' }
export const TAGS: Target = { kind: 'tags' }

/** A column's name and its target, each to be left out. */
export function noneOf(...columns: readonly string[]): Readonly<Record<string, Target>> {
  return Object.fromEntries(columns.map((column) => [column, NONE]))
}
