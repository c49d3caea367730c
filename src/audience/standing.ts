/**
 * Standing: what becomes of a person whom a file names. The rules are all here: an opt-out or a Suppression is never
 * revived, and one that the file reports always counts.
 */

import type { SubscriptionStatus } from '../db/schema.js'
import type { Person } from './person.js'
import { parseAttributes } from './subscriber.js'

const STANDINGS = [
  'added',
  'restored',
  'updated',
  'alreadyActive',
  'camePending',
  'keptPending',
  'cameUnsubscribed',
  'keptOptOut',
  'cameSuppressed',
  'suppressed',
] as const

/**
 * `added` to the List; `restored` to it, after an editor had taken them off; `updated` on it; `came…` as the file says
 * of them; or left as they are, and why.
 */
export type Standing = (typeof STANDINGS)[number]

export const IMPORT_MODES = ['add', 'update', 'set'] as const
/** `add` keeps what is known; `update` lets the file win; `set` also takes off the List whom the file does not name. */
export type ImportMode = (typeof IMPORT_MODES)[number]

/** What the database knows of a person's address. */
export interface Known {
  readonly subscriberId: number | null
  readonly name: string
  /** JSON. */
  readonly attributes: string
  readonly tags: readonly string[]
  /** Null: not on this List. */
  readonly status: SubscriptionStatus | null
  readonly leftBy: 'person' | 'editor' | null
  readonly isSuppressed: boolean
}

export function standingOf(person: Person, known: Known | undefined, mode: ImportMode): Standing {
  const { said } = person
  if (known?.isSuppressed) return 'suppressed'
  if (said.suppressed !== null) return 'cameSuppressed'
  const status = known?.status ?? null
  // Rows from before it was noted who ended them count as the person's.
  const hasLeft = status === 'unsubscribed' && known?.leftBy !== 'editor'
  if (hasLeft) return 'keptOptOut'
  switch (said.status) {
    case 'unsubscribed':
      return said.leftBy === 'editor' && status !== null ? keptAs(status) : 'cameUnsubscribed'
    case 'pending':
      return status === null ? 'camePending' : keptAs(status)
    case 'active':
      if (status === null) return 'added'
      if (status === 'unsubscribed') return 'restored'
      if (status === 'pending') return 'keptPending'
      return changeOf(person, known, mode) === null ? 'alreadyActive' : 'updated'
  }
}

function keptAs(status: SubscriptionStatus): Standing {
  return status === 'active' ? 'alreadyActive' : status === 'pending' ? 'keptPending' : 'keptOptOut'
}

/** What a file changes about a Subscriber: each value as it was, and as it is then. */
export interface Change {
  readonly name: readonly [string, string] | null
  /** Null before: there was no such attribute. */
  readonly attributes: Readonly<Record<string, readonly [string | null, string]>>
  /** Those that come new. */
  readonly tags: readonly string[]
}

/** Null: nothing. What is not given changes nothing; in mode `add` neither does what is known already. */
export function changeOf(person: Person, known: Known | undefined, mode: ImportMode): Change | null {
  const before = parseAttributes(known?.attributes ?? '{}')
  const wins = (old: string | undefined, given: string) =>
    given !== '' && given !== (old ?? '') && (mode !== 'add' || (old ?? '') === '')
  const name = wins(known?.name, person.name) ? ([known?.name ?? '', person.name] as const) : null
  const attributes = Object.entries(person.attributes)
    .filter(([key, value]) => wins(ownValue(before, key), value))
    .map(([key, value]) => [key, [ownValue(before, key) ?? null, value]] as const)
  const tags = person.tags.filter((tag) => !known?.tags.includes(tag))
  if (name === null && attributes.length === 0 && tags.length === 0) return null
  return { name, attributes: Object.fromEntries(attributes), tags }
}

/** An attribute may be called `constructor`. */
function ownValue(values: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined
}
