/** The header of a file of Subscribers: which column is what, by its name, by the tool it comes from, or as told. */

import { InputError, type Problem } from '../errors.js'
import type { AttributeType } from '../issue/publication.js'
import { attributeOf, fieldOf, isUsualAddress, listFew, readMapping, show, suggestMap } from './csv-map.js'
import { isAttributeName, suggestAttributeName } from './field.js'
import type { Origin, Target } from './origin/origin.js'
import { recognise } from './origin/origins.js'

export interface CsvColumns {
  readonly address: number
  /** Joined by a blank; empty when the file has no names. */
  readonly names: readonly number[]
  readonly tags: readonly number[]
  /** JSON objects of attributes. */
  readonly json: readonly number[]
  readonly attributes: readonly AttributeColumn[]
  /** Attributes that the publication declares. */
  readonly types: ReadonlyMap<string, AttributeType>
  /** Where the file comes from; null: its rows say nothing of consent. */
  readonly origin: Origin | null
  /** By name in lower case. */
  readonly byName: ReadonlyMap<string, number>
}

export interface AttributeColumn {
  readonly index: number
  readonly name: string
  /** Null: not declared, any text. */
  readonly type: AttributeType | null
}

export interface HeaderContext {
  readonly where: string
  readonly line: number
  /** What columns are for, by their name in the file: `address`, `name`, …, an attribute's name; '' leaves one out. */
  readonly map: ReadonlyMap<string, string>
  /** The tool that wrote the file; `csv`: none; null: to be seen from the header. */
  readonly from: Origin | 'csv' | null
  /** Attributes that the publication declares. */
  readonly types: ReadonlyMap<string, AttributeType>
}

/** What other tools write. */
const PLAIN: Readonly<Record<string, Target>> = {
  address: { kind: 'address' },
  email: { kind: 'address' },
  name: { kind: 'name' },
  'first name': { kind: 'firstName' },
  'last name': { kind: 'lastName' },
  tags: { kind: 'tags' },
}
const MAX_COLUMNS = 300

interface Column {
  readonly index: number
  readonly name: string
  readonly target: Target
}

/** Throws InputError with every problem of the header at once; letter case of names that are known is free. */
export function readHeader(fields: readonly string[], context: HeaderContext): CsvColumns {
  const { where, line, map, types } = context
  const names = fields.map((field) => field.trim())
  const refuse = (...messages: readonly string[]) =>
    new InputError(messages.map((message): Problem => ({ where, line, message })))
  if (names.length > MAX_COLUMNS) throw refuse(`has ${names.length} columns; ${MAX_COLUMNS} are the most`)
  const origin = chooseOrigin(names, context.from)
  if ('problem' in origin) throw refuse(origin.problem)
  const mapping = readMapping(map, { names, known: [...types.keys()] })
  const columns = names.map(
    (name, index): Column => ({
      index,
      name,
      target: mapping.targets.get(name) ?? targetOf(name, origin.origin),
    }),
  )
  const address = columns.find(({ target }) => target.kind === 'address')
  const problems = [...mapping.problems, ...complaints(columns)]
  // What --map says is mended first: the guess would repeat its columns.
  if (mapping.problems.length === 0) problems.push(...describeUnreadable(columns, address !== undefined))
  if (problems.length > 0 || address === undefined) throw refuse(...problems)
  const of = (kind: Target['kind']) =>
    columns.filter(({ target }) => target.kind === kind).map(({ index }) => index)
  return {
    address: address.index,
    names: [...of('name'), ...of('firstName'), ...of('lastName')],
    tags: of('tags'),
    json: of('json'),
    attributes: columns.flatMap(({ index, target }) =>
      target.kind === 'attribute' ? [{ index, name: target.name, type: types.get(target.name) ?? null }] : [],
    ),
    types,
    origin: origin.origin,
    byName: new Map(names.map((name, index) => [name.toLowerCase(), index])),
  }
}

/** A file whose states would go unread is not taken for a plain one: people who have left would come back. */
function chooseOrigin(
  names: readonly string[],
  from: HeaderContext['from'],
): { readonly origin: Origin | null } | { readonly problem: string } {
  const seen = recognise(names)
  if (from === 'csv') return { origin: null }
  if (from !== null)
    return from.isHeader(new Set(names.map((name) => name.toLowerCase())))
      ? { origin: from }
      : {
          problem:
            `is no export of ${from.title}, whose header has ${from.signs.map(show).join(', ')}; ` +
            'export that one, which says who has left, or leave --from out and name the columns with --map',
        }
  if (seen === null || seen.name === 'pressrun') return { origin: seen }
  return {
    problem:
      `looks like an export of ${seen.title}; --from ${seen.name} reads who has left there, ` +
      '--from csv takes everyone as subscribed',
  }
}

function targetOf(name: string, origin: Origin | null): Target {
  const known = origin === null ? PLAIN : origin.columns
  const lower = name.toLowerCase()
  if (Object.hasOwn(known, lower)) return known[lower] ?? attributeOf(name)
  if (origin === null || origin.name === 'pressrun') return attributeOf(name)
  if (origin.rest === 'none') return { kind: 'none' }
  // The tool's columns are its own; what has no name of ours is left out.
  const suggestion = suggestAttributeName(name)
  return suggestion === '' ? { kind: 'none' } : attributeOf(suggestion)
}

/** Columns that are for nothing yet, and the whole of what `--map` would say of them. */
function describeUnreadable(columns: readonly Column[], hasAddress: boolean): string[] {
  const unnamed = columns.filter(
    ({ target }) => target.kind === 'attribute' && target.name !== '' && !isAttributeName(target.name),
  )
  const addresses = columns.filter(({ name }) => !hasAddress && isUsualAddress(name)).slice(0, 1)
  const missing = columns.filter((column) => unnamed.includes(column) || addresses.includes(column))
  const others = columns.filter((column) => !missing.includes(column))
  const line = suggestMap(
    missing.map(({ name }) => name),
    others.map(({ target }) => fieldOf(target)),
  )
  const advice =
    line === '' ? '' : `. This says what they are for: ${line}; nothing behind the = leaves one out`
  const named = unnamed.map(({ name, target }) => (target.kind === 'attribute' ? target.name : name))
  const bad =
    named.length === 0
      ? []
      : [`has ${listFew(named)}, but an attribute's name is small letters, digits and _`]
  const none = hasAddress
    ? []
    : [
        `has no "address" column, only ${listFew(columns.map(({ name }) => name))}; the header would be address,name` +
          (addresses.length > 0 ? '' : ', or --map "COLUMN=address" names it'),
      ]
  const said = [...none, ...bad]
  return said.map((message, at) => (at === said.length - 1 ? `${message}${advice}` : message))
}

function complaints(columns: readonly Column[]): string[] {
  return columns.flatMap((column, at) => {
    const complaint = complain(column, columns.slice(0, at))
    return complaint === null ? [] : [complaint]
  })
}

function complain({ name, target }: Column, earlier: readonly Column[]): string | null {
  const isSame = (other: Column) =>
    other.target.kind === target.kind &&
    (other.target.kind !== 'attribute' || target.kind !== 'attribute' || other.target.name === target.name)
  switch (target.kind) {
    case 'none':
    case 'json':
    case 'tags':
      return null
    case 'address':
    case 'name':
    case 'firstName':
    case 'lastName': {
      const what = target.kind === 'address' ? 'address' : 'name'
      return earlier.some(isSame) ? `has a second column for the ${what}, ${show(name)}; take one out` : null
    }
    case 'attribute':
      if (target.name === '') return 'has a column without a name; name it or take it out'
      return earlier.some(isSame) ? `has two columns ${show(name)}; take one out` : null
  }
}
