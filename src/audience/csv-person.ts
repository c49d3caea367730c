/** A row of a file as the person it names, or why it names none. */

import { parseAddress } from '../address.js'
import type { AttributeType } from '../issue/publication.js'
import { hashAddress, type Keys } from '../link/token.js'
import { readAttribute } from './attribute.js'
import type { CsvRecord } from './csv.js'
import type { CsvColumns } from './csv-header.js'
import { cleanName, cleanValue, isAttributeName } from './field.js'
import { unguard } from './guard.js'
import { type Person, SAYS_ACTIVE, type Said } from './person.js'
import type { SeenAddresses } from './seen.js'
import { readTag } from './tag.js'
import type { RowVerdict } from './verdict.js'

/** Someone to subscribe, or the row's verdict already. */
export type PersonRow =
  | {
      readonly kind: 'person'
      readonly line: number
      /** An earlier row has the same address; this one says that the person has left, and counts too. */
      readonly isRepeated: boolean
      readonly person: Person
    }
  | Extract<RowVerdict, { kind: 'duplicate' | 'refused' }>

export interface RowContext {
  readonly file: string
  readonly columns: CsvColumns
  /** Addresses of the rows before; gets this one's. */
  readonly seen: SeenAddresses
  /** Addresses of rows that were refused for something else; gets this one's. */
  readonly refused: SeenAddresses
  readonly keys: Keys
}

/** A refused address is shown in part when it is long. */
const MAX_SHOWN = 80
const MAX_TAGS = 50
const MAX_ATTRIBUTES = 200

type Reading<T> = { readonly ok: T } | { readonly problem: string }

export function readPerson(record: CsvRecord, context: RowContext): PersonRow {
  const { file, columns, seen, keys } = context
  const { line } = record
  const refused = (reason: string): PersonRow => ({ kind: 'refused', line, reason })
  if (record.kind === 'broken') return refused(record.reason)
  const fields = columns.origin?.name === 'pressrun' ? record.fields.map(unguard) : record.fields
  const field = (index: number) => fields[index] ?? ''
  const given = field(columns.address)
  const parsed = parseAddress(given)
  if (parsed.kind === 'refused') return refused(['the address', ...show(given), parsed.reason].join(' '))
  const { address, key } = parsed
  const addressHash = hashAddress(keys, key)
  const refusedOf = (reason: string): PersonRow => {
    context.refused.addOrFind(addressHash, line)
    return refused(reason)
  }
  const said = readSaid(columns, field, file)
  if ('problem' in said) return refusedOf(said.problem)
  const details = readDetails(columns, field)
  // An opt-out counts, whatever else stands in its row.
  if ('problem' in details && !hasLeft(said)) return refusedOf(details.problem)
  const firstLine = seen.addOrFind(addressHash, line)
  if (firstLine !== null && !hasLeft(said)) return { kind: 'duplicate', line, address, firstLine }
  const { name, attributes, tags } = 'problem' in details ? NO_DETAILS : details.ok
  return {
    kind: 'person',
    line,
    isRepeated: firstLine !== null,
    person: { line, address, addressKey: key, addressHash, name, attributes, tags, said },
  }
}

function hasLeft({ status, suppressed }: Said): boolean {
  return status === 'unsubscribed' || suppressed !== null
}

type Details = Pick<Person, 'name' | 'attributes' | 'tags'>

const NO_DETAILS: Details = { name: '', attributes: {}, tags: [] }

function readDetails(columns: CsvColumns, field: (index: number) => string): Reading<Details> {
  const attributes = readAttributes(columns, field)
  if ('problem' in attributes) return attributes
  const tags = columns.tags.length === 0 ? NO_TAGS : readTags(columns.tags.map(field).join(','))
  if ('problem' in tags) return tags
  const name = cleanName(columns.names.map(field).join(' '))
  return { ok: { name, attributes: attributes.ok, tags: tags.ok } }
}

const NO_TAGS = { ok: [] } as const

function readAttributes(
  { attributes, json, types }: CsvColumns,
  field: (index: number) => string,
): Reading<Readonly<Record<string, string>>> {
  const values: [string, string][] = []
  const read = (name: string, type: AttributeType | null, text: string): string | null => {
    const reading = type === null ? { ok: cleanValue(text) } : readAttribute(type, text)
    if ('problem' in reading) return `${name}: ${reading.problem}`
    if (reading.ok !== '') values.push([name, reading.ok])
    return null
  }
  for (const { index, name, type } of attributes) {
    const problem = read(name, type, field(index))
    if (problem !== null) return { problem }
  }
  for (const index of json) {
    const members = readJson(field(index))
    if ('problem' in members) return members
    for (const [name, text] of members.ok) {
      const problem = read(name, types.get(name) ?? null, text)
      if (problem !== null) return { problem }
    }
  }
  return { ok: Object.fromEntries(values) }
}

/** The members of an object that can be attributes; what they hold besides text and numbers is kept as JSON. */
function readJson(text: string): Reading<readonly (readonly [string, string])[]> {
  if (text.trim() === '') return { ok: [] }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: `the attributes ${show(text).join('')} are no JSON` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: [] }
  return {
    ok: Object.entries(value)
      .filter(([name, one]) => isAttributeName(name) && one !== null)
      .slice(0, MAX_ATTRIBUTES)
      .map(([name, one]) => [name, typeof one === 'string' ? one : JSON.stringify(one)] as const),
  }
}

/** Parted by commas, in quotes or not. */
function readTags(text: string): Reading<readonly string[]> {
  const tags = new Set<string>()
  for (const part of text.split(',')) {
    const bare = part.trim().replace(/^"+|"+$/g, '')
    if (bare.trim() === '') continue
    const tag = readTag(bare)
    if ('problem' in tag) return { problem: `the tag ${tag.problem}` }
    tags.add(tag.ok)
  }
  return tags.size > MAX_TAGS
    ? { problem: `has ${tags.size} tags; ${MAX_TAGS} are the most` }
    : { ok: [...tags] }
}

function readSaid(
  { origin, byName }: CsvColumns,
  field: (index: number) => string,
  file: string,
): Said | { readonly problem: string } {
  if (origin === null) return SAYS_ACTIVE
  const read = (column: string) => {
    const index = byName.get(column)
    return index === undefined ? '' : field(index)
  }
  return origin.said(read, { file, has: (column) => byName.has(column) })
}

/** In quotes and escaped, so that nothing unseen reaches a terminal; nothing for an empty field. */
function show(text: string): readonly string[] {
  if (text.trim() === '') return []
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  const toEscape = (character: string) => `\\u{${character.codePointAt(0)?.toString(16)}}`
  return [JSON.stringify(cut).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, toEscape)]
}
