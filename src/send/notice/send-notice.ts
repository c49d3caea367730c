/** Sends one Notice through the relays, before whatever waits there. Safe to run twice: only an intent lets its end leave. */

import { setTimeout as wait } from 'node:timers/promises'
import { failpoint } from '../../failpoint.js'
import { readerLanguage } from '../../issue/reader-language.js'
import type { Keys } from '../../link/token.js'
import type { Log } from '../../log.js'
import type { WireMessage } from '../../smtp/transport.js'
import { laneOf } from '../lane.js'
import { type Outcome, readOutcome } from '../outcome.js'
import type { RelayedReply, Relays } from '../relays.js'
import type { StoreGate } from '../store-gate.js'
import { type AttemptContext, intendNotice, recordNotice, refuseNotice, withdrawNotice } from './attempt.js'
import { type ClaimedNotice, releaseNotice } from './claim.js'
import { type NoticeSender, writeNotice } from './message.js'
import type { PreparedNotices } from './prepared-notices.js'

/** What could not be compiled or written now is looked at again. */
const TROUBLE_PAUSE_MS = 30_000
const RELAY_PAUSE_MS = 1_000
/** How long a database that is away is waited for with an outcome in hand. */
const PERSIST_MS = 300_000
const LAST_PERSIST_MS = 10_000
const PERSIST_PAUSE_MS = 500

export interface NoticeContext extends AttemptContext {
  readonly keys: Keys
  readonly relays: Pick<Relays, 'send'>
  readonly gate: Pick<StoreGate, 'suspect'>
  readonly prepared: PreparedNotices
  readonly sign: (message: WireMessage) => Promise<WireMessage>
  readonly log: Log
  /** Aborted at shutdown: a database that is away is not waited for as long. */
  readonly stop: AbortSignal
}

/** As the intent of a Delivery: `unknown`, its commit got no answer. */
type IntentState = 'none' | 'stands' | 'refused' | 'unknown'

/** Rejects only when the database can't be written to. */
export async function sendNotice(
  claimed: ClaimedNotice,
  sender: NoticeSender,
  context: NoticeContext,
): Promise<void> {
  const message = await written(claimed, sender, context)
  if (message === null) return releaseNotice(claimed.id, { ...context, pauseMs: TROUBLE_PAUSE_MS })
  const { relays, log } = context
  let intent: IntentState = 'none'
  const reply = await relays
    .send(message, {
      lane: laneOf(message.envelope.to.slice(message.envelope.to.lastIndexOf('@') + 1).toLowerCase()),
      isUrgent: true,
      beforeEnd: async () => {
        intent = 'unknown'
        intent = (await intendNotice(claimed, context)) ? 'stands' : 'refused'
        failpoint('notice.end')
        return intent === 'stands'
      },
    })
    .catch((error: unknown): RelayedReply => {
      const cause = 'the message could not be handed to the relay'
      if (intent !== 'unknown')
        log.error({ noticeId: claimed.id, kind: nameOf(error) }, 'notice could not be handed over')
      return intent === 'stands'
        ? { kind: 'endedWithoutReply', cause, relay: '' }
        : { kind: 'notEnded', cause, scope: 'message', relay: '' }
    })
  failpoint('notice.reply')
  const outcome = readOutcome(reply)
  await settle(claimed, { outcome, intent: asState(intent) }, context)
  log.info({ noticeId: claimed.id, kind: claimed.kind, outcome: outcome.kind }, 'notice tried')
}

/** A function, since the compiler does not see what `beforeEnd` has assigned. */
function asState(intent: IntentState): IntentState {
  return intent
}

async function settle(
  claimed: ClaimedNotice,
  { outcome, intent }: { readonly outcome: Outcome; readonly intent: IntentState },
  context: NoticeContext,
): Promise<void> {
  if (intent === 'refused') return releaseNotice(claimed.id, context)
  if (intent === 'unknown') return persist(() => withdrawNotice(claimed, context), context)
  if (outcome.kind === 'relayDown') {
    if (intent === 'none') return releaseNotice(claimed.id, { ...context, pauseMs: RELAY_PAUSE_MS })
    const lost = { kind: 'deferred', reason: 'connection lost', code: null, text: outcome.text } as const
    return persist(() => recordNotice(claimed, lost, context), context)
  }
  return intent === 'stands'
    ? persist(() => recordNotice(claimed, outcome, context), context)
    : refuseNotice(claimed, outcome, context)
}

/** What was learnt on the wire is tried to be written down for a while; given up, it stays without a reply on record. */
async function persist(write: () => Promise<void>, { gate, stop }: NoticeContext): Promise<void> {
  const began = performance.now()
  for (;;) {
    try {
      return await write()
    } catch (error) {
      gate.suspect()
      const patienceMs = stop.aborted ? LAST_PERSIST_MS : PERSIST_MS
      if (performance.now() - began >= patienceMs) throw error
      await wait(PERSIST_PAUSE_MS)
    }
  }
}

/** The Message, signed; null when it can't be made, which is told. One odd Notice must not hold up the others. */
async function written(
  claimed: ClaimedNotice,
  sender: NoticeSender,
  { prepared, keys, sign, log }: NoticeContext,
): Promise<WireMessage | null> {
  try {
    const { kind, lang } = claimed
    const parts = await prepared.get(kind, readerLanguage(lang))
    return await sign(writeNotice(parts, claimed, { sender, keys }))
  } catch (error) {
    log.error({ err: error, noticeId: claimed.id }, 'notice could not be written')
    return null
  }
}

/** An error's name, not its message: that may hold the address. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
