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
import { type PreparedIssue, writeMessage } from './message.js'
import { type Outcome, readOutcome } from './outcome.js'
import type { PreparedSends } from './prepared-sends.js'
import type { RelayedReply, Relays } from './relays.js'
import type { StoreGate } from './store-gate.js'
import { stopRefusedSend, tripSend } from './trip.js'

/** An Attempt that no relay has heard of. */
const NO_RELAY = 'none'

export interface DeliverContext extends LeaseContext {
  readonly relays: Relays
  readonly journal: Journal
  readonly breaker: Breaker
  readonly gate: Pick<StoreGate, 'isOpen' | 'suspect'>
  readonly prepared: PreparedSends
  readonly keys: Keys
  /** The Message with its DKIM signatures; itself where its From domain has no key. */
  readonly sign: (message: WireMessage) => Promise<WireMessage>
  readonly log: Log
  /** Aborted at shutdown: what is in flight finishes, nothing new starts. */
  readonly stop: AbortSignal
}

export async function deliverBatch(batchId: number, context: DeliverContext): Promise<void> {
  const { stop, relays, gate } = context
  if (stop.aborted || !relays.isOpen() || !gate.isOpen()) return
  const batch = await claimBatch(batchId, context)
  if (batch === null) return
  const lease = keepLease(batch, context)
  try {
    const recording = new Set<Promise<void>>()
    const prepared = await context.prepared.get(batch.sendId)
    const work: Work = { batch, prepared, lease, recording, context }
    const maySend = () => lease.isHeld() && !stop.aborted && relays.isOpen(batch.lane) && gate.isOpen()
    await forEachAtOnce(batch.deliveries, relays.concurrency, async (delivery) => {
      if (maySend()) await deliver(delivery, work)
    })
    await Promise.all(recording)
    // After an error the lease is left to run out: what the database missed is then seen as uncertain.
    await releaseBatch(batch, context)
  } finally {
    lease.stop()
  }
  context.log.debug({ batchId, deliveries: batch.deliveries.length }, 'batch released')
}

interface Work {
  readonly batch: ClaimedBatch
  readonly prepared: PreparedIssue
  readonly lease: KeptLease
  /** Acceptances on their way to the disk. */
  readonly recording: Set<Promise<void>>
  readonly context: DeliverContext
}

/** What became of the intent; `unknown`: the database gave no answer, or too late a one. It is withdrawn then. */
type IntentState = 'none' | 'stands' | 'refused' | 'unknown'

async function deliver(delivery: ClaimedDelivery, work: Work): Promise<void> {
  const { batch, prepared, lease, recording, context } = work
  const { relays, journal, log } = context
  const message = written(prepared, delivery, context)
  if (message === null) {
    const outcome = {
      kind: 'failed',
      reason: 'unwritable',
      code: null,
      text: 'the message could not be written',
    } as const
    return journal.refuse({ batch, delivery, outcome, relay: NO_RELAY })
  }
  const signed = await context.sign(message)
  let intent: IntentState = 'none'
  let relay = NO_RELAY
  const reply = await relays
    .send(signed, {
      lane: batch.lane,
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
  const outcome = readOutcome(reply)
  const settled = settle({ delivery, batch, outcome, intent, relay: reply.relay, journal })
  // Not waited for: the next one's intent, which does wait, is committed with it or after it. So nobody becomes uncertain
  // who would not have, and the commit costs the connection no time.
  if (outcome.kind === 'sent') remember(settled, recording)
  else await settled
  if (outcome.kind === 'relayDown') await giveUpIfRefused({ batch, context })
  else if (reply.kind === 'replied') await learn(outcome, { delivery, batch, context })
}

/** Until it is done; what failed stays, for the Batch to hear of. */
function remember(settled: Promise<void>, recording: Set<Promise<void>>): void {
  recording.add(settled)
  settled.then(
    () => recording.delete(settled),
    () => {},
  )
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
function written(prepared: PreparedIssue, delivery: ClaimedDelivery, { keys, log }: DeliverContext) {
  try {
    return writeMessage(prepared, delivery, keys)
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

/** Runs `work` on every item, at most `limit` at once. The first error is thrown when all that had begun are done. */
async function forEachAtOnce<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]()
  const errors: unknown[] = []
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const item of rest) {
      if (errors.length > 0) return
      await work(item).catch((error: unknown) => errors.push(error))
    }
  })
  await Promise.all(lanes)
  if (errors.length > 0) throw errors[0]
}
