/**
 * Queue: BullMQ behind two verbs. A job carries `{ batchId }` and nothing else; it is a bell, never the truth. A job
 * may be lost, doubled or late: the claim decides who delivers.
 */

import { Queue as BullQueue, type Job, UnrecoverableError, Worker } from 'bullmq'
import type { Log } from '../log.js'
import { connect } from './redis-address.js'

const NAME = 'batches'
const PREFIX = 'pressrun'
/** A fault that lasts is logged once in a while, not once a spin. */
const LOG_EVERY_MS = 30_000
const RING_TIMEOUT_MS = 5_000
/** How long a Redis that may be away is waited for at the end; nothing of ours depends on its answer. */
const CLOSE_PATIENCE_MS = 2_000

export interface Bell {
  readonly id: number
  /** The Batch's fence when it was rung: a job that died with its worker does not stop the next ring. */
  readonly fence: number
}

export interface Queue {
  /** Rings for Batches; ringing one again changes nothing. Rejects when Redis can't be reached. */
  ring(batches: readonly Bell[]): Promise<void>
  /** Calls `deliver` for each Batch rung, up to `concurrency` at once. */
  work(deliver: (batchId: number) => Promise<void>, concurrency: number): void
  /** Is any process there that works on what is rung? */
  isHeard(): Promise<boolean>
  /** Takes no more jobs; resolves when the running ones are done. */
  stopWork(): Promise<void>
  close(): Promise<void>
}

export function openQueue({ address, log }: { readonly address: string; readonly log: Log }): Queue {
  const onError = throttled((error: Error) => log.warn({ error: error.message }, 'redis'))
  /** Deliveries under way, known without asking Redis. */
  const running = new Set<Promise<void>>()
  const producer = connect(address, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    connectTimeout: RING_TIMEOUT_MS,
  })
  producer.on('error', onError)
  const queue = new BullQueue<{ batchId: number }>(NAME, { connection: producer, prefix: PREFIX })
  queue.on('error', onError)
  let worker: Worker<{ batchId: number }> | null = null

  async function stopWork(): Promise<void> {
    const closed = worker?.close()
    await Promise.allSettled(running)
    if (closed) await patiently(closed)
  }

  return {
    async ring(batches) {
      if (batches.length === 0) return
      const jobs = batches.map(({ id, fence }) => ({
        name: 'batch',
        data: { batchId: id },
        opts: { jobId: `batch-${id}-${fence}`, removeOnComplete: true, removeOnFail: true, attempts: 1 },
      }))
      await withTimeout(queue.addBulk(jobs), RING_TIMEOUT_MS)
    },
    work(deliver, concurrency) {
      const connection = connect(address, { maxRetriesPerRequest: null })
      connection.on('error', onError)
      const work = async (job: Job<{ batchId: number }>) => {
        const delivering = deliver(job.data.batchId)
        running.add(delivering)
        await delivering.finally(() => running.delete(delivering))
      }
      worker = new Worker(NAME, work, {
        connection,
        prefix: PREFIX,
        concurrency,
        // A job whose worker died is not run again by itself: its Batch is rung again when the lease has run out.
        maxStalledCount: 0,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      })
      worker.on('error', onError)
      worker.on('failed', (job, error) => {
        // Its worker died: the lease runs out and the Batch is rung again.
        if (error instanceof UnrecoverableError)
          log.debug({ batchId: job?.data.batchId }, 'a dead worker’s job')
        else log.error({ batchId: job?.data.batchId, err: error }, 'batch failed')
      })
      worker.on('closed', () => connection.disconnect())
    },
    async isHeard() {
      return (await withTimeout(queue.getWorkersCount(), RING_TIMEOUT_MS)) > 0
    },
    stopWork,
    async close() {
      await stopWork()
      await patiently(queue.close())
      producer.disconnect()
    },
  }
}

/** Waits, but not for ever: BullMQ closes only with an answer from Redis. */
async function patiently(work: Promise<unknown>): Promise<void> {
  await withTimeout(work, CLOSE_PATIENCE_MS).catch(() => {})
}

function throttled(say: (error: Error) => void): (error: Error) => void {
  let last = Number.NEGATIVE_INFINITY
  return (error) => {
    if (performance.now() - last < LOG_EVERY_MS) return
    last = performance.now()
    say(error)
  }
}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
