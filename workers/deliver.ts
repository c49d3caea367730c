/** The delivering worker: job { batchId } → deliverBatch. */

import type { Queue } from '../src/queue/queue.js'
import { type DeliverContext, deliverBatch } from '../src/send/deliver.js'

/** Batches at once: while the last messages of one wait for their replies, the next one keeps the wire busy. */
const BATCHES_AT_ONCE = 4

export function startDeliver({
  queue,
  context,
}: {
  readonly queue: Queue
  readonly context: DeliverContext
}): void {
  queue.work(async (batchId) => {
    try {
      await deliverBatch(batchId, context)
    } catch (error) {
      // As a rule the database is away; the gate finds out.
      context.gate.suspect()
      throw error
    }
  }, BATCHES_AT_ONCE)
}
