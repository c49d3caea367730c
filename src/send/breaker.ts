/**
 * Breaker: stops a Send whose replies say that going on does harm, before a provider counts us among the spammers. Pure
 * memory of one process, the last replies a (Send, lane); what a Trip does stands in `trip.ts`.
 */

import { unreachable } from '../errors.js'
import type { Outcome } from './outcome.js'
import { CONTENT_REFUSED, REFUSED_BY_POLICY, withoutAddresses } from './reply-rules.js'

/** Few enough that a lane is stopped early, enough that one strict receiver among many does not do it. */
const REFUSALS_WINDOW = 50
const REFUSALS = 5
/** Below this many replies a share says nothing. */
const BOUNCES_WINDOW = 100
const BOUNCES = 30
/** Lanes of Sends remembered; of one that is over, nothing comes any more and it falls out. */
const MAX_LANES = 500
const MAX_EXAMPLE_LENGTH = 160

/** What a lane was stopped for. */
export type Cause = typeof REFUSED_BY_POLICY | typeof CONTENT_REFUSED | 'bounced'

export interface Trip {
  readonly sendId: number
  readonly lane: string
  readonly cause: Cause
  /** `count` of the last `of` replies. */
  readonly count: number
  readonly of: number
  /** One of these replies, without an address in it. */
  readonly example: string
}

export interface Subject {
  readonly sendId: number
  readonly lane: string
  /** What the Delivery was last deferred or refused for; the same answer again to the same person is no news. */
  readonly lastReason: string | null
}

export interface Breaker {
  /** Notes what a message came to; a Trip when its lane has had enough, at every further reply until forgotten. */
  note(subject: Subject, outcome: Outcome): Trip | null
  /** The Send was stopped: it begins anew. */
  forget(sendId: number): void
}

interface Mark {
  readonly cause: Cause | null
  readonly text: string
}

export function makeBreaker(): Breaker {
  const lanes = new Map<string, Mark[]>()
  return {
    note({ sendId, lane, lastReason }, outcome) {
      const mark = readMark(outcome)
      if (mark === null || (mark.cause !== null && mark.cause === lastReason)) return null
      const key = `${sendId} ${lane}`
      const marks = [...(lanes.get(key) ?? []), mark].slice(-BOUNCES_WINDOW)
      lanes.delete(key)
      lanes.set(key, marks)
      const [oldest] = lanes.keys()
      if (lanes.size > MAX_LANES && oldest !== undefined) lanes.delete(oldest)
      const found = findCause(marks)
      return found && { sendId, lane, ...found }
    },
    forget(sendId) {
      for (const key of [...lanes.keys()]) if (key.startsWith(`${sendId} `)) lanes.delete(key)
    },
  }
}

/** Null: no reply to this message, so nothing to learn of the receiver. */
function readMark(outcome: Outcome): Mark | null {
  switch (outcome.kind) {
    case 'sent':
      return { cause: null, text: '' }
    case 'bounced':
      return { cause: 'bounced', text: outcome.text }
    case 'deferred':
    case 'failed': {
      if (outcome.code === null) return null
      const cause = outcome.kind === 'failed' ? refusalCause(outcome.reason) : null
      return { cause, text: outcome.text }
    }
    default:
      return null
  }
}

function refusalCause(reason: string): Cause | null {
  return reason === REFUSED_BY_POLICY || reason === CONTENT_REFUSED ? reason : null
}

function findCause(marks: readonly Mark[]): Omit<Trip, 'sendId' | 'lane'> | null {
  const recent = marks.slice(-REFUSALS_WINDOW)
  for (const cause of [REFUSED_BY_POLICY, CONTENT_REFUSED] as const) {
    const found = count(recent, cause)
    if (found.count >= REFUSALS) return { cause, ...found }
  }
  const found = count(marks, 'bounced')
  return marks.length === BOUNCES_WINDOW && found.count >= BOUNCES ? { cause: 'bounced', ...found } : null
}

function count(marks: readonly Mark[], cause: Cause) {
  const those = marks.filter((mark) => mark.cause === cause)
  const example = withoutAddresses(those.at(-1)?.text ?? '').slice(0, MAX_EXAMPLE_LENGTH)
  return { count: those.length, of: marks.length, example: example.toWellFormed() }
}

/** Why the Send stands still and what to do, for a person. */
export function explainTrip({ sendId, lane, cause, count, of, example }: Trip): string {
  const said = `${count} of the last ${of} replies in the lane ${lane}`
  const resume = `pressrun resume ${sendId}`
  switch (cause) {
    case REFUSED_BY_POLICY:
      return `${said} refused us by policy (“${example}”); mend what they name, as a rule SPF, DKIM, DMARC or the relay’s reputation, then ${resume}, which also tries those again`
    case CONTENT_REFUSED:
      return `${said} refused the content (“${example}”); correct the issue and pressrun supersede ${sendId}, or, when the receiver has been asked, ${resume}, which also tries those again`
    case 'bounced':
      return `${said} say that there is no such address (“${example}”); look at where the list comes from, then ${resume}`
    default:
      return unreachable(cause)
  }
}
