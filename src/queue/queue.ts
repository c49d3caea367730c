/**
 * Queue: BullMQ behind two verbs. A job carries `{ batchId }` and nothing else; it is a bell, never the truth. A job
 * may be lost, doubled or late: the claim decides who delivers.
 */

import { Queue as BullQueue, type Job, UnrecoverableError, Worker } from 'bullmq'
import { messageOf } from '../errors.js'
import type { Log } from '../log.js'
import { openSeldom } from '../seldom.js'
import { connect } from './redis-address.js'
import { giveRespite, type Respite } from './respite.js'

const NAME = 'batches'
/** A fault that lasts is logged once in a while, not once a spin. */
const LOG_EVERY_MS = 30_000
const RING_TIMEOUT_MS = 5_000
/** Rings that Redis has not answered; more of them are refused, so that none pile up while it is silent. */
const MAX_RINGING = 4
const CHECK_TIMEOUT_MS = 2_000
/** Of the key written to learn whether Redis takes writes; nobody reads it. */
const HEALTH_KEY_MS = 60_000
/** A job whose worker died is cleared away after about twice as long; no Batch waits for it longer than that. */
const JOB_LOCK_MS = 10_000
/** A connection that went silent is given up and opened again; longer than BullMQ's longest wait, ten seconds. */
const SILENCE_MS = 15_000
/** How long a Redis that may be away is waited for at the end; nothing of ours depends on its answer. */
const CLOSE_PATIENCE_MS = 2_000

export interface Bell {
  readonly id: number
  /** The Batch's fence when it was rung: a job that died with its worker does not stop the next ring. */
  readonly fence: number
}

export interface QueueOptions {
  readonly address: string
  /** Of every key: one a publication, so that two on one Redis do not ring each other's bells. */
  readonly prefix: string
  readonly log: Log
}

export interface Queue {
  /** Rings for Batches; ringing one again changes nothing. Rejects when Redis can't be reached, at once when it is
   * known to be away, in five seconds at the latest. */
  ring(batches: readonly Bell[]): Promise<void>
  /** Calls `deliver` for each Batch rung, up to `concurrency` at once. */
  work(deliver: (batchId: number) => Promise<void>, concurrency: number): void
  /** Leaves what is rung to others, or to later, until `goOn`. */
  hold(): void
  goOn(): void
  /** Why Redis can't be used now, in a few words; null when it takes a write. Answers within two seconds. */
  ailment(): Promise<string | null>
  /** Is any process there that works on what is rung? */
  isHeard(): Promise<boolean>
  /** Takes no more jobs; resolves when the running ones are done. */
  stopWork(): Promise<void>
  close(): Promise<void>
}

export function openQueue({ address, prefix, log }: QueueOptions): Queue {
  const isTimeToSay = openSeldom(LOG_EVERY_MS)
  const onError = (error: Error) => {
    if (isTimeToSay()) log.warn({ error: error.message }, 'redis')
  }
  /** Deliveries under way, known without asking Redis. */
  const running = new Set<Promise<void>>()
  const producer = connect(address, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    connectTimeout: RING_TIMEOUT_MS,
    socketTimeout: RING_TIMEOUT_MS,
  })
  let wasReady = false
  producer.on('ready', () => {
    wasReady = true
  })
  producer.on('error', onError)
  const queue = new BullQueue<{ batchId: number }>(NAME, { connection: producer, prefix })
  queue.on('error', onError)
  const ringing = new Set<Promise<unknown>>()
  let worker: Worker<{ batchId: number }> | null = null
  let respite: Respite | null = null
  let isHeld = false

  /** Nothing is handed to a connection that is known to be lost: it would wait there. */
  function refuseWhenAway(): void {
    if (wasReady && producer.status !== 'ready') throw new Error('Redis is away')
  }

  async function stopWork(): Promise<void> {
    respite?.close()
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
      refuseWhenAway()
      if (ringing.size >= MAX_RINGING) throw new Error('Redis has not answered the last rings')
      const added = queue.addBulk(jobs)
      ringing.add(added)
      // The caller hears of a failure below, unless he has given up before.
      added.catch(() => {}).finally(() => ringing.delete(added))
      await withTimeout(added, RING_TIMEOUT_MS)
    },
    work(deliver, concurrency) {
      const connection = connect(address, { maxRetriesPerRequest: null, socketTimeout: SILENCE_MS })
      connection.on('error', onError)
      const work = async (job: Job<{ batchId: number }>) => {
        const delivering = deliver(job.data.batchId)
        running.add(delivering)
        await delivering.finally(() => running.delete(delivering))
      }
      worker = new Worker(NAME, work, {
        connection,
        prefix,
        concurrency,
        // A job whose worker died is not run again by itself: its Batch is rung again when the lease has run out.
        maxStalledCount: 0,
        lockDuration: JOB_LOCK_MS,
        stalledInterval: JOB_LOCK_MS / 2,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      })
      worker.on('error', onError)
      respite = giveRespite(worker, (error) =>
        log.warn({ error: error.message }, 'Redis refuses; it is tried again at a distance'),
      )
      if (isHeld) respite.hold()
      worker.on('failed', (job, error) => {
        // Its worker died: the lease runs out and the Batch is rung again.
        if (error instanceof UnrecoverableError)
          log.debug({ batchId: job?.data.batchId }, 'a dead worker’s job')
        else log.error({ batchId: job?.data.batchId, err: error }, 'batch failed')
      })
      worker.on('closed', () => connection.disconnect())
    },
    hold() {
      isHeld = true
      respite?.hold()
    },
    goOn() {
      isHeld = false
      respite?.goOn()
    },
    async ailment() {
      try {
        refuseWhenAway()
        await withTimeout(producer.set(`${prefix}:health`, 1, 'PX', HEALTH_KEY_MS), CHECK_TIMEOUT_MS)
        return null
      } catch (error) {
        return isRefusal(error) ? `refuses writes (${messageOf(error).split(' ', 1)[0]})` : 'does not answer'
      }
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

/** Redis answered, with an error. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError'
}

/** Waits, but not for ever: BullMQ closes only with an answer from Redis. */
async function patiently(work: Promise<unknown>): Promise<void> {
  await withTimeout(work, CLOSE_PATIENCE_MS).catch(() => {})
}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${ms} ms`)), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
