/**
 * The heart: hands a Batch to the transport. Safe to run twice, and by two at once: only Deliveries whose intent we
 * commit are ended.
 */

import { messageOf } from '../errors.js'
import { failpoint } from '../failpoint.js'
import type { Keys } from '../link/token.js'
import type { Log } from '../log.js'
import type { WireMessage } from '../smtp/transport.js'
import {
  type ClaimedBatch,
  type ClaimedDelivery,
  claimBatch,
  type LeaseContext,
  releaseBatch,
  renewLease,
} from './batch.js'
import type { Breaker } from './breaker.js'
import type { Journal } from './journal.js'
import type { Memory } from './memory.js'
import { type PreparedIssue, writeMessage } from './message.js'
import { type Outcome, readOutcome } from './outcome.js'
import { forEachInTurn } from './pace/in-turn.js'
import type { Pace, Turn } from './pace/pace.js'
import type { PreparedSends } from './prepared-sends.js'
import type { RelayedReply, Relays } from './relays.js'
import type { StoreGate } from './store-gate.js'
import { stopRefusedSend, tripSend } from './trip.js'

/** An Attempt that no relay has heard of. */
const NO_RELAY = 'none'

export interface DeliverContext extends LeaseContext {
  readonly relays: Relays
  readonly journal: Journal
  readonly pace: Pick<Pace, 'take' | 'note'>
  readonly breaker: Breaker
  readonly gate: Pick<StoreGate, 'isOpen' | 'suspect'>
  readonly prepared: PreparedSends
  readonly keys: Keys
  readonly memory: Memory
  /** The Message with its DKIM signatures; itself where its From domain has no key. */
  readonly sign: (message: WireMessage, take: Memory['take']) => Promise<WireMessage>
  readonly log: Log
  /** Aborted at shutdown: what is in flight finishes, nothing new starts. */
  readonly stop: AbortSignal
}

/** True: something of it is left, because its lane may begin nothing for a while. */
export async function deliverBatch(batchId: number, context: DeliverContext): Promise<boolean> {
  const { stop, relays, gate, pace } = context
  if (stop.aborted || !relays.isOpen() || !gate.isOpen()) return false
  const batch = await claimBatch(batchId, context)
  if (batch === null) return false
  let isLeft = false
  const lease = keepLease(batch, context)
  try {
    const work: Work = { batch, prepared: await context.prepared.get(batch.sendId), lease, context }
    const maySend = () => lease.isHeld() && !stop.aborted && relays.isOpen(batch.lane) && gate.isOpen()
    const nextTurn = async () => {
      const turn = maySend() ? await pace.take(batch.lane) : null
      if (turn === null || maySend()) return turn
      turn.end()
      return null
    }
    const left = await forEachInTurn(batch.deliveries, {
      prepare: (delivery) => makeReady(delivery, work),
      nextTurn,
      work: (message, turn) => deliver(message, turn, work),
    })
    isLeft = left > 0 && maySend()
    // After an error the lease is left to run out: what the database missed is then seen as uncertain.
    await releaseBatch(batch, context)
  } finally {
    lease.stop()
  }
  context.log.debug({ batchId, deliveries: batch.deliveries.length, isLeft }, 'batch released')
  return isLeft
}

interface Work {
  readonly batch: ClaimedBatch
  readonly prepared: PreparedIssue
  readonly lease: KeptLease
  readonly context: DeliverContext
}

/** What became of the intent; `unknown`: the database gave no answer, or too late a one. It is withdrawn then. */
type IntentState = 'none' | 'stands' | 'refused' | 'unknown'

interface ReadyMessage {
  readonly delivery: ClaimedDelivery
  readonly message: WireMessage
}

/** While others have their turns: written and signed. Null: it could not be written, which is on record. */
async function makeReady(
  delivery: ClaimedDelivery,
  { batch, prepared, context }: Work,
): Promise<ReadyMessage | null> {
  const message = written(prepared, delivery, context)
  if (message !== null) {
    const signed = await context.sign(message, context.memory.take)
    if (signed !== message) context.memory.giveBack(message.bytes)
    return { delivery, message: signed }
  }
  const outcome = {
    kind: 'failed',
    reason: 'unwritable',
    code: null,
    text: 'the message could not be written',
  } as const
  await context.journal.refuse({ batch, delivery, outcome, relay: NO_RELAY })
  return null
}

/** The turn ends when the message is off the wire, whatever is still to be written down. */
async function deliver({ delivery, message }: ReadyMessage, turn: Turn, work: Work): Promise<void> {
  const { batch, lease, context } = work
  const { relays, journal, pace, memory, log } = context
  let intent: IntentState = 'none'
  let relay = NO_RELAY
  const reply = await relays
    .send(message, {
      lane: batch.lane,
      perConnection: turn.perConnection,
      // Refused: lost the lease, paused, or the person left; the connection is destroyed and the message never ended.
      beforeEnd: async (its) => {
        relay = its
        intent = 'unknown'
        const verdict = await journal.intend(batch, delivery, relay)
        if (verdict === 'notOurs') lease.giveUp()
        // This process stood still: another may have given it up, and somebody decided to resend.
        if (verdict === 'stands' && lease.isOverdue()) return false
        intent = verdict === 'stands' ? 'stands' : 'refused'
        failpoint('end')
        return verdict === 'stands'
      },
    })
    .catch((error: unknown): RelayedReply => {
      const cause = 'the message could not be handed to the relay'
      if (intent !== 'unknown')
        log.error(
          { deliveryId: delivery.deliveryId, kind: nameOf(error) },
          'message could not be handed over',
        )
      return intent === 'stands'
        ? { kind: 'endedWithoutReply', cause, relay }
        : { kind: 'notEnded', cause, scope: 'message', relay }
    })
  failpoint('reply')
  memory.giveBack(message.bytes)
  const outcome = readOutcome(reply)
  pace.note(turn, outcome)
  // Before the next one's intent, so it is committed with that or earlier: nobody becomes uncertain who would not have,
  // and the commit costs the connection no time.
  const settled = settle({ delivery, batch, outcome, intent, relay: reply.relay, journal })
  // With the database away nothing new is begun in its place.
  if (isUnknown(intent)) await settled.finally(turn.end)
  else turn.end()
  await settled
  if (outcome.kind === 'relayDown') await giveUpIfRefused({ batch, context })
  else if (reply.kind === 'replied') await learn(outcome, { delivery, batch, context })
}

/** A function, since the compiler does not see what `beforeEnd` has assigned. */
function isUnknown(intent: IntentState): boolean {
  return intent === 'unknown'
}

/** The Send is stopped when no relay is left for it that a person need not mend. */
async function giveUpIfRefused({ batch, context }: Pick<Work, 'batch' | 'context'>): Promise<void> {
  const { relays, stop, log } = context
  const refusals = relays.refusals(batch.lane)
  if (refusals === null || stop.aborted) return
  if (await stopRefusedSend(batch.sendId, refusals, context))
    log.error({ sendId: batch.sendId, relays: refusals.length }, 'the relays refuse us: the send is paused')
}

/** A lane that refuses us again and again stops the Send. */
async function learn(
  outcome: Outcome,
  { delivery, batch, context }: Pick<Work, 'batch' | 'context'> & { readonly delivery: ClaimedDelivery },
): Promise<void> {
  const { sendId, lane } = batch
  const { breaker, log } = context
  const trip = breaker.note({ sendId, lane, lastReason: delivery.lastReason }, outcome)
  if (trip === null) return
  const isFirst = await tripSend(trip, context)
  breaker.forget(sendId)
  if (isFirst) log.error({ sendId, lane, cause: trip.cause, count: trip.count }, 'the send is paused')
}

/** An error's name, not its message: that may hold the address. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

/** One person's odd values must not hold up the others; the error is a bug to look at. */
function written(prepared: PreparedIssue, delivery: ClaimedDelivery, { keys, memory, log }: DeliverContext) {
  try {
    return writeMessage(prepared, delivery, keys, memory.take)
  } catch (error) {
    log.error({ err: error, deliveryId: delivery.deliveryId }, 'message could not be written')
    return null
  }
}

async function settle({
  delivery,
  batch,
  outcome,
  intent,
  relay,
  journal,
}: {
  readonly delivery: ClaimedDelivery
  readonly batch: ClaimedBatch
  readonly outcome: Outcome
  readonly intent: IntentState
  readonly relay: string
  readonly journal: Journal
}): Promise<void> {
  if (intent === 'refused') return
  // Waits until the database is back: nothing more is begun meanwhile.
  if (intent === 'unknown') return journal.withdraw(batch, delivery)
  if (outcome.kind === 'relayDown') {
    // With an intent on record the Attempt needs an end; without one the Delivery simply stays queued.
    if (intent === 'stands')
      await journal.record({
        batch,
        delivery,
        outcome: { kind: 'deferred', reason: 'connection lost', code: null, text: outcome.text },
      })
    return
  }
  if (intent === 'stands') await journal.record({ batch, delivery, outcome })
  else await journal.refuse({ batch, delivery, outcome, relay })
}

interface KeptLease {
  isHeld(): boolean
  /** It was not renewed in time. */
  isOverdue(): boolean
  /** It is lost, or its Send is not sending: nothing more of the Batch is begun. */
  giveUp(): void
  stop(): void
}

/** Renews the lease while the Batch is worked on. One that could not be renewed in time counts as lost. */
function keepLease(batch: ClaimedBatch, context: DeliverContext): KeptLease {
  let isHeld = true
  let heldUntil = performance.now() + context.leaseMs
  const timer = setInterval(() => {
    const asked = performance.now()
    renewLease(batch, context).then(
      (held) => {
        isHeld &&= held
        heldUntil = asked + context.leaseMs
      },
      // The database is away: a lease that ran out is another's to take.
      (error: unknown) =>
        context.log[context.gate.isOpen() ? 'warn' : 'debug'](
          { batchId: batch.id, error: messageOf(error) },
          'lease not renewed',
        ),
    )
  }, context.leaseMs / 3)
  const isOverdue = () => performance.now() >= heldUntil
  return {
    isHeld: () => isHeld && !isOverdue(),
    isOverdue,
    giveUp() {
      isHeld = false
    },
    stop: () => clearInterval(timer),
  }
}
