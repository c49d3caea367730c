/**
 * What an undo does about one Subscriber whom an import has changed: back to what was before, as far as it is still as the
 * import left it. Whatever the person or an editor has done since stays.
 */

import type { SubscriptionStatus } from '../db/schema.js'
import type { ChangeNote, StatusChange } from './import-change.js'
import type { Change } from './standing.js'
import { parseAttributes } from './subscriber.js'

/** What is there now. */
export interface Present {
  readonly name: string
  /** JSON. */
  readonly attributes: string
  readonly subscriberChangedAt: number
  /** Null: not on the List. */
  readonly subscription: {
    readonly id: number
    readonly status: SubscriptionStatus
    readonly leftBy: 'person' | 'editor' | null
    readonly changedAt: number
    /** Something was sent to it, or is about to be. */
    readonly isNeeded: boolean
  } | null
  /** Anything else speaks of the Subscriber: a Send, another List, a Notice, a comment. */
  readonly isNeeded: boolean
}

export type SubscriptionUndo =
  | { readonly kind: 'none' | 'remove' | 'takeOff' | 'left' }
  | {
      readonly kind: 'restore'
      readonly status: SubscriptionStatus
      readonly leftBy: 'person' | 'editor' | null
    }

export interface Undo {
  readonly subscriberId: number
  readonly subscription: SubscriptionUndo
  /** `remove`: the Subscriber goes, with all that the import made of them. */
  readonly subscriber:
    | { readonly kind: 'none' | 'remove' }
    | {
        readonly kind: 'restore'
        readonly name: string
        readonly attributes: string
        readonly tags: readonly string[]
      }
  /** Something of it was changed since, and stays. */
  readonly isLeft: boolean
}

/** `at`: when the import began; it marked with it all that it wrote. Null present: the Subscriber is gone. */
export function judgeUndo(note: ChangeNote, present: Present | null, at: number): Undo {
  const { subscriberId } = note
  if (present === null)
    return { subscriberId, subscription: { kind: 'none' }, subscriber: { kind: 'none' }, isLeft: true }
  const subscription = judgeSubscription(note.subscription, present, at)
  if (note.subscriber === 'made') {
    const isAsMade = present.subscriberChangedAt === at && !present.isNeeded
    const isGone = subscription.kind === 'remove' || present.subscription === null
    const subscriber = { kind: isAsMade && isGone ? ('remove' as const) : ('none' as const) }
    return { subscriberId, subscription, subscriber, isLeft: subscription.kind === 'left' }
  }
  const { restored, isLeft } = judgeChange(note.subscriber, present)
  return {
    subscriberId,
    subscription,
    subscriber: restored ?? { kind: 'none' },
    isLeft: isLeft || subscription.kind === 'left',
  }
}

function judgeSubscription(
  note: StatusChange | 'made' | null,
  { subscription }: Present,
  at: number,
): SubscriptionUndo {
  if (note === null) return { kind: 'none' }
  if (subscription === null || subscription.changedAt !== at) return { kind: 'left' }
  if (note === 'made') {
    if (!subscription.isNeeded) return { kind: 'remove' }
    return { kind: subscription.status === 'unsubscribed' ? 'none' : 'takeOff' }
  }
  const [[before, after], [leftBefore, leftAfter]] = [note.status, note.leftBy]
  if (subscription.status !== after || subscription.leftBy !== leftAfter) return { kind: 'left' }
  return { kind: 'restore', status: before, leftBy: leftBefore }
}

function judgeChange(change: Change | null, { name, attributes }: Present) {
  if (change === null) return { restored: null, isLeft: false }
  let isLeft = false
  let nameBefore = name
  if (change.name !== null) {
    if (name === change.name[1]) nameBefore = change.name[0]
    else isLeft = true
  }
  const values = new Map(Object.entries(parseAttributes(attributes)))
  for (const [key, [before, after]] of Object.entries(change.attributes)) {
    if (values.get(key) !== after) isLeft = true
    else if (before === null) values.delete(key)
    else values.set(key, before)
  }
  const restored = {
    kind: 'restore' as const,
    name: nameBefore,
    attributes: JSON.stringify(Object.fromEntries(values)),
    tags: change.tags,
  }
  return { restored, isLeft }
}
