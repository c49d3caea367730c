/** What pause, resume and cancel answer: how the Send stands now, whether that is new, and a sentence about it. */

import type { SendState } from '../db/schema.js'
import type { Change } from '../send/life.js'

export interface ChangeAnswer {
  readonly send: number
  readonly state: SendState
  readonly reason: string | null
  /** False: it was so before, or can't be. */
  readonly changed: boolean
  /** Nothing was to be had: exit 1. */
  readonly refused: boolean
  readonly message: string
}

export function answerOf(sendId: number, { kind, state, reason }: Change, message: string): ChangeAnswer {
  return { send: sendId, state, reason, changed: kind === 'changed', refused: kind === 'refused', message }
}

/** `Send 3 is paused already (by Ada)` */
export function alreadySo(sendId: number, { state, reason }: Change): string {
  return `Send ${sendId} is ${state} already${reason === null ? '' : ` (${reason})`}`
}
