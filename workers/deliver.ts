/** The delivering worker: job { batchId } → deliverBatch, a few Batches of each lane at once. */

import type { Log } from '../src/log.js'
import type { Queue } from '../src/queue/queue.js'
import { laneOfBatch } from '../src/send/batch.js'
import { type DeliverContext, deliverBatch } from '../src/send/deliver.js'
import { openLines } from '../src/send/pace/lines.js'
import type { Pace } from '../src/send/pace/pace.js'

/** More than all lanes together work on: what is rung is looked at soon, and what can't be begun waits in its line. */
const JOBS_AT_ONCE = 64
/** While nothing may be begun at all: when to look again. */
const SHUT_MS = 500

export interface DeliverOptions {
  readonly queue: Queue
  readonly context: DeliverContext
  readonly pace: Pick<Pace, 'batchesAtOnce' | 'opensInMs'>
  readonly log: Log
}

export function startDeliver({ queue, context, pace, log }: DeliverOptions): { close(): Promise<void> } {
  const { relays, gate, query } = context
  const lines = openLines({
    laneOf: (batchId) => laneOfBatch(query, batchId),
    async deliver(batchId) {
      try {
        return await deliverBatch(batchId, context)
      } catch (error) {
        // As a rule the database is away; the gate finds out.
        gate.suspect()
        throw error
      }
    },
    batchesAtOnce: pace.batchesAtOnce,
    opensInMs: (lane) => Math.max(pace.opensInMs(lane), relays.isOpen(lane) && gate.isOpen() ? 0 : SHUT_MS),
    onError: (error, batchId) => log.error({ batchId, err: error }, 'batch failed'),
  })
  queue.work(lines.work, JOBS_AT_ONCE)
  return { close: lines.close }
}
