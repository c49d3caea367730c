/** Operand: what a word of a filter names, and how that can be compared. */

import { nearestFew } from '../../issue/nearest.js'
import type { AttributeType } from '../../issue/publication.js'
import { ATTRIBUTE_PREFIX } from '../csv-map.js'
import type { DayField, TextField } from './condition.js'
import { show } from './tokens.js'

export type Operand =
  | { readonly kind: 'text'; readonly field: TextField }
  | { readonly kind: 'choice'; readonly attribute: string; readonly choices: readonly string[] }
  | { readonly kind: 'number' | 'yesNo'; readonly attribute: string }
  | { readonly kind: 'day'; readonly field: DayField }

const OWN: Readonly<Record<string, Operand>> = {
  name: { kind: 'text', field: 'name' },
  address: { kind: 'text', field: 'address' },
  domain: { kind: 'text', field: 'domain' },
  language: { kind: 'text', field: 'language' },
  joined: { kind: 'day', field: 'joined' },
}

/** Begins the name of an attribute, as in an Issue. */
const PREFIX = 'subscriber.'
const ATTRIBUTE = /^[a-z][a-z0-9_]{0,62}$/
/** What may stand where a name may. */
const WORDS = ['has', 'tagged', 'received', 'opened', 'clicked', 'not']
const MAX_LISTED = 12

/** Case makes no difference. `types`: what the publication declares; none: any attribute, as text. Null: the word names nothing. */
export function findOperand(word: string, types: readonly AttributeType[]): Operand | null {
  const small = word.toLowerCase()
  // One that is called like something else: `attributes.name`, `attributes.joined`.
  if (small.startsWith(ATTRIBUTE_PREFIX)) return findAttribute(small.slice(ATTRIBUTE_PREFIX.length), types)
  const own = Object.hasOwn(OWN, small) ? OWN[small] : undefined
  if (own !== undefined) return own
  const name = small.startsWith(PREFIX) ? small.slice(PREFIX.length) : small
  if (name === 'name' || name === 'address') return { kind: 'text', field: name }
  return findAttribute(name, types)
}

function findAttribute(name: string, types: readonly AttributeType[]): Operand | null {
  const type = types.find((one) => one.name === name)
  if (type !== undefined) return ofType(type)
  return types.length === 0 && ATTRIBUTE.test(name) ? { kind: 'text', field: { attribute: name } } : null
}

function ofType(type: AttributeType): Operand {
  const attribute = type.name
  switch (type.kind) {
    case 'text':
      return { kind: 'text', field: { attribute } }
    case 'date':
      return { kind: 'day', field: { attribute } }
    case 'oneOf':
      return { kind: 'choice', attribute, choices: type.choices }
    case 'number':
    case 'yesNo':
      return { kind: type.kind, attribute }
    default:
      return type satisfies never
  }
}

/** What a word that names nothing may have meant, as a sentence. */
export function describeUnknown(word: string, types: readonly AttributeType[]): string {
  const names = [...types.map(({ name }) => name), ...Object.keys(OWN)]
  const near = nearestFew(word, [...names, ...WORDS], 2)
  if (near.length > 0)
    return `${show(word)} names nothing; did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`
  const known = [...names.slice(0, MAX_LISTED), ...(names.length > MAX_LISTED ? ['…'] : [])]
  return `${show(word)} names nothing; there is ${known.join(', ')}, and ${WORDS.slice(0, -1).join(', ')}`
}

/** How it can be compared, with an example. */
export function describeForms(operand: Operand, word: string): string {
  switch (operand.kind) {
    case 'text':
      return `compare it, as in ${word} = "${exampleOf(operand.field)}", with = != in contains "begins with" or "ends with"`
    case 'choice':
      return `compare it, as in ${word} = "${operand.choices[0]}", with = != or in`
    case 'number':
      return `compare it, as in ${word} >= 5, with = != < <= > >= or in`
    case 'yesNo':
      return `compare it, as in ${word} = yes`
    case 'day':
      return `compare it, as in ${word} >= 2026-01-31 or ${word} < 90d (younger than 90 days)`
    default:
      return operand satisfies never
  }
}

function exampleOf(field: TextField): string {
  switch (field) {
    case 'address':
      return 'ada@example.org'
    case 'domain':
      return 'example.org'
    case 'language':
      return 'de'
    case 'name':
      return 'Ada'
    default:
      return 'Port Marrow'
  }
}
