/** The part `attributes:` of newsletter.yaml: what is known of Subscribers besides name and address, each with its type. */

import { z } from 'zod'
import { describeForbidden } from './characters.js'
import { nearest } from './nearest.js'
import type { AttributeType } from './publication.js'

/** The form of a hole's name. */
const NAME = /^[a-z][a-z0-9_]*$/
const MAX_NAME = 63
const MAX_ATTRIBUTES = 100
const MAX_CHOICES = 200
const MAX_CHOICE = 100

const PLAIN_KINDS = { text: 'text', number: 'number', date: 'date', 'yes/no': 'yesNo' } as const
/** As they are written. */
const KINDS: readonly string[] = Object.keys(PLAIN_KINDS)

const FORM = 'text, number, date, yes/no, or one of A, B, C'

/** In the order of the file; each that is wrong is a problem with its line. */
export const attributeTypes = z
  .unknown()
  .default(null)
  .transform((given, context): readonly AttributeType[] => {
    const complain = (message: string, name?: string) =>
      context.addIssue({ code: 'custom', message, path: name === undefined ? [] : [name] })
    if (given !== null && (typeof given !== 'object' || Array.isArray(given))) {
      complain('"attributes" wants names with types below it, as in country: one of DE, FR, GB')
      return z.NEVER
    }
    const entries = Object.entries(given ?? {})
    if (entries.length > MAX_ATTRIBUTES)
      complain(`"attributes" has ${entries.length} names; ${MAX_ATTRIBUTES} are the most`)
    const types: AttributeType[] = []
    for (const [name, value] of entries.slice(0, MAX_ATTRIBUTES)) {
      const read = readType(name, value)
      if ('problem' in read) complain(read.problem, name)
      else types.push(read)
    }
    return types
  })

function readType(name: string, value: unknown): AttributeType | { readonly problem: string } {
  const shown = JSON.stringify(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name)
  if (name === 'name' || name === 'address')
    return { problem: `"${name}" is known of every subscriber; declare what is known besides` }
  if (!NAME.test(name) || name.length > MAX_NAME)
    return { problem: `${shown} names no attribute; use small letters, digits and _, as in member_since` }
  const text = typeof value === 'string' ? value.trim().replace(/\s+/g, ' ') : ''
  const forbidden = describeForbidden(text)
  if (forbidden !== null) return { problem: `${shown}: ${forbidden}` }
  const plain = Object.entries(PLAIN_KINDS).find(([kind]) => kind === text)?.[1]
  if (plain !== undefined) return { name, kind: plain }
  const choices = /^one of:? (.+)$/.exec(text)?.[1]
  if (choices !== undefined) return readChoices(name, choices)
  if (text === '' || typeof value !== 'string') return { problem: `${shown} wants a type: ${FORM}` }
  const meant = nearest(text, KINDS)
  const advice = meant === null ? `write ${FORM}` : `did you mean "${meant}"? The types are ${FORM}`
  return { problem: `${shown}: "${text.slice(0, MAX_CHOICE)}" is no type; ${advice}` }
}

function readChoices(name: string, text: string): AttributeType | { readonly problem: string } {
  const choices = text.split(',').map((choice) => choice.trim().normalize('NFC'))
  const problem = (message: string) => ({ problem: `"${name}" ${message}` })
  if (choices.includes('')) return problem('has an empty choice; write one of A, B, C')
  if (choices.length > MAX_CHOICES)
    return problem(`has ${choices.length} choices; ${MAX_CHOICES} are the most`)
  const long = choices.find((choice) => choice.length > MAX_CHOICE)
  if (long !== undefined)
    return problem(`has a choice of ${long.length} characters; ${MAX_CHOICE} are the most`)
  const twice = choices.find(
    (choice, index) => choices.findIndex((other) => other.toLowerCase() === choice.toLowerCase()) !== index,
  )
  return twice === undefined ? { name, kind: 'oneOf', choices } : problem(`has "${twice}" twice; keep one`)
}
