/** What of this process is ill, in few words that tell a stranger nothing: for `/health`. */

import { setTimeout as wait } from 'node:timers/promises'
import type { Queue } from '../queue/queue.js'
import type { StoreGate } from '../send/store-gate.js'
import type { Ills } from '../web/health.js'

const PATIENCE_MS = 2_000
/** Anyone may ask, as often as he likes. */
const ANSWER_LASTS_MS = 1_000

export interface HealthOptions {
  readonly gate: StoreGate
  readonly queue: Pick<Queue, 'ailment'>
  readonly commit: () => Promise<void>
}

export function openHealth(options: HealthOptions): () => Promise<Ills> {
  let answer: Promise<Ills> | null = null
  let until = 0
  return () => {
    if (answer === null || performance.now() > until) {
      until = Number.POSITIVE_INFINITY
      answer = examine(options).finally(() => {
        until = performance.now() + ANSWER_LASTS_MS
      })
    }
    return answer
  }
}

async function examine({ gate, queue, commit }: HealthOptions): Promise<Ills> {
  const [database, redis] = await Promise.all([databaseAilment(commit), queue.ailment()])
  return {
    ...(database === null ? {} : { database }),
    ...(redis === null ? {} : { redis }),
    ...(gate.ills().has('disk') ? { disk: 'is nearly full' } : {}),
  }
}

async function databaseAilment(commit: () => Promise<void>): Promise<string | null> {
  const patience = new AbortController()
  const answered = commit().then(
    () => null,
    () => 'cannot commit',
  )
  const gaveUp = wait(PATIENCE_MS, 'does not answer', { signal: patience.signal }).catch(() => null)
  const ailment = await Promise.race([answered, gaveUp])
  patience.abort()
  return ailment
}
