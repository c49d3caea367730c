/** Person: someone whom a file names, as far as the file says anything of them. */

import type { SubscriptionStatus } from '../db/schema.js'

export interface Person {
  readonly line: number
  readonly address: string
  readonly addressKey: string
  /** `hashAddress` of the address key. */
  readonly addressHash: string
  /** '' when not given. */
  readonly name: string
  /** Only those with a value. */
  readonly attributes: Readonly<Record<string, string>>
  /** In their one form, each once. */
  readonly tags: readonly string[]
  readonly said: Said
}

/** What a file says of a person's consent. One that has no columns for it asks for them to be on the List. */
export interface Said {
  readonly status: SubscriptionStatus
  /** Of `unsubscribed`: who ended it. */
  readonly leftBy: 'person' | 'editor'
  /** Why the address is never to be mailed again; null: it may be. */
  readonly suppressed: string | null
  /** When the person came onto the list there, ms since 1970; null: not said. */
  readonly joinedAt: number | null
  /** What goes into the Event as evidence: dates and networks as the file has them. */
  readonly evidence: Readonly<Record<string, string>>
  /** What the person asked for besides, of our own exports; null: not said. */
  readonly wishes: {
    readonly lang: string | null
    /** JSON, as in `subscription.preferences`. */
    readonly preferences: string
    readonly pausedUntil: number | null
    /** Nothing is to be kept of what they open and click. */
    readonly isUntracked: boolean
  } | null
}

export const SAYS_ACTIVE: Said = {
  status: 'active',
  leftBy: 'person',
  suppressed: null,
  joinedAt: null,
  evidence: {},
  wishes: null,
}
