/** Rings the engine from another process, so that it need not wait for its next pass. */

import type { Config } from '../config.js'
import { InputError, messageOf } from '../errors.js'
import type { Log } from '../log.js'
import type { Queue, QueueOptions } from '../queue/queue.js'
import { forgottenBatches } from '../send/batch.js'
import { findEngine } from './announcement.js'
import { readPublicationKey } from './publication-key.js'
import { openStore, type Store } from './store.js'

/** False: nobody is there to hear it. A ring that is lost is no error: the engine finds the work by itself. */
export async function ringEngine(
  config: Config,
  { store, log }: { readonly store: Store; readonly log: Log },
): Promise<boolean> {
  const engine = isShared(config) ? null : findEngine(config)
  const address = config.redisUrl ?? engine?.redis ?? ''
  if (address !== '') {
    const queue = await openQueue({ address, prefix: await readPublicationKey(store.db.query), log })
    try {
      await ringWaiting(queue, store)
    } catch (error) {
      log.debug({ error: messageOf(error) }, 'not rung')
    } finally {
      await queue.close()
    }
  }
  return engine !== null || isShared(config)
}

export async function ringWaiting(queue: Queue, { db, now }: Store): Promise<void> {
  await queue.ring(await forgottenBatches({ query: db.query, now }))
}

/** Does an engine run that would deliver: on this root, or anywhere on the Redis that all share? */
export async function isEngineRunning(config: Config, log: Log): Promise<boolean> {
  if (!isShared(config) || config.redisUrl === null) return findEngine(config) !== null
  const store = await openStore(config)
  const prefix = await readPublicationKey(store.db.query).finally(store.close)
  const queue = await openQueue({ address: config.redisUrl, prefix, log })
  try {
    return await queue.isHeard()
  } catch (error) {
    throw new InputError(`REDIS_URL: cannot reach Redis: ${messageOf(error)}`, { cause: error })
  } finally {
    await queue.close()
  }
}

/** BullMQ takes a quarter of a second to load, and most often nobody has to be rung. */
async function openQueue(options: QueueOptions): Promise<Queue> {
  const queue = await import('../queue/queue.js')
  return queue.openQueue(options)
}

/** Database and Redis are servers that engines elsewhere may share. */
export function isShared({ databaseUrl, redisUrl }: Pick<Config, 'databaseUrl' | 'redisUrl'>): boolean {
  return databaseUrl !== null && redisUrl !== null
}

/** Nobody delivers on this root. Of servers that engines elsewhere share, one process can't tell. */
export function isIdle(config: Config): boolean {
  return !isShared(config) && findEngine(config) === null
}
