/** The header of a file of Subscribers: `address`, `name`, then attributes, in any order. */

import { InputError, type Problem } from '../errors.js'
import { isAttributeName, suggestAttributeName } from './field.js'

export interface CsvColumns {
  readonly address: number
  /** Null when the file has no names. */
  readonly name: number | null
  readonly attributes: readonly { readonly index: number; readonly name: string }[]
}

/** `email` is what other tools write. */
const ADDRESS_NAMES = ['address', 'email']
/** In a message, a header that is really a page of text is cut. */
const MAX_SHOWN = 40

/** Throws InputError with every problem of the header at once; letter case of `address` and `name` is free. */
export function readHeader(fields: readonly string[], where: string, line: number): CsvColumns {
  const names = fields.map((field) => field.trim())
  const problems: Problem[] = []
  const problem = (message: string) => problems.push({ where, line, message })
  const isNamed = (index: number, ...candidates: readonly string[]) =>
    candidates.includes(names[index]?.toLowerCase() ?? '')
  const address = ADDRESS_NAMES.map((name) => names.findIndex((_, index) => isNamed(index, name))).find(
    (index) => index !== -1,
  )
  if (address === undefined)
    problem(
      `has no "address" column, only ${names.slice(0, 10).map(show).join(', ')}; the header would be address,name`,
    )
  const name = names.findIndex((_, index) => isNamed(index, 'name'))
  const attributes = names
    .map((attribute, index) => ({ index, name: attribute }))
    .filter(({ index }) => index !== address && index !== name)
  for (const [index, attribute] of attributes.entries()) {
    const complaint = complain(
      attribute.name,
      attributes.slice(0, index).map((earlier) => earlier.name),
    )
    if (complaint !== null) problem(complaint)
  }
  if (problems.length > 0 || address === undefined) throw new InputError(problems)
  return { address, name: name === -1 ? null : name, attributes }
}

function complain(name: string, earlier: readonly string[]): string | null {
  if (name === '') return 'has a column without a name; name it or take it out'
  if (earlier.includes(name)) return `has two columns ${show(name)}; take one out`
  if ([...ADDRESS_NAMES, 'name'].includes(name.toLowerCase()))
    return `has a second column for the ${name.toLowerCase() === 'name' ? 'name' : 'address'}, ${show(name)}; take one out`
  if (isAttributeName(name)) return null
  const suggestion = suggestAttributeName(name)
  const instead = suggestion === '' ? '' : `, such as ${suggestion.slice(0, MAX_SHOWN)}`
  return `has a column ${show(name)}; an attribute's name is small letters, digits and _${instead}`
}

function show(name: string): string {
  return JSON.stringify(name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name)
}
