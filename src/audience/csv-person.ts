/** A row of a file as the person it names, or why it names none. */

import { parseAddress } from '../address.js'
import { hashAddress, type Keys } from '../link/token.js'
import type { CsvRecord } from './csv.js'
import type { CsvColumns } from './csv-header.js'
import { cleanName, cleanValue } from './field.js'
import type { SeenAddresses } from './seen.js'
import type { Person } from './subscribe.js'
import type { RowVerdict } from './verdict.js'

/** Someone to subscribe, or the row's verdict already. */
export type PersonRow =
  | { readonly kind: 'person'; readonly line: number; readonly person: Person }
  | Extract<RowVerdict, { kind: 'duplicate' | 'refused' }>

export interface RowContext {
  readonly file: string
  readonly columns: CsvColumns
  /** Addresses of the rows before; gets this one's. */
  readonly seen: SeenAddresses
  readonly keys: Keys
}

/** A refused address is shown in part when it is long. */
const MAX_SHOWN = 80

export function readPerson(record: CsvRecord, { file, columns, seen, keys }: RowContext): PersonRow {
  const { line } = record
  if (record.kind === 'broken') return { kind: 'refused', line, reason: record.reason }
  const field = (index: number | null) => (index === null ? '' : (record.fields[index] ?? ''))
  const given = field(columns.address)
  const parsed = parseAddress(given)
  if (parsed.kind === 'refused')
    return { kind: 'refused', line, reason: ['the address', ...show(given), parsed.reason].join(' ') }
  const { address, key } = parsed
  const addressHash = hashAddress(keys, key)
  const firstLine = seen.addOrFind(addressHash, line)
  if (firstLine !== null) return { kind: 'duplicate', line, address, firstLine }
  const attributes = columns.attributes
    .map(({ name, index }) => [name, cleanValue(field(index))] as const)
    .filter(([, value]) => value !== '')
  const person = {
    address,
    addressKey: key,
    addressHash,
    name: cleanName(field(columns.name)),
    attributes: Object.fromEntries(attributes),
    detail: { how: 'import', file, line },
  }
  return { kind: 'person', line, person }
}

/** In quotes and escaped, so that nothing unseen reaches a terminal; nothing for an empty field. */
function show(text: string): readonly string[] {
  if (text.trim() === '') return []
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  const toEscape = (character: string) => `\\u{${character.codePointAt(0)?.toString(16)}}`
  return [JSON.stringify(cut).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, toEscape)]
}
