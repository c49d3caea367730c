/**
 * Respite: what keeps a BullMQ Worker from spinning. While Redis refuses writes (NOREPLICAS, READONLY, MISCONF, LOADING,
 * OOM) the Worker asks again without a pause, thousands of times a second; after a few refusals in a row it is rested
 * here, for a while that grows as long as the next try is refused too.
 */

import type { Worker } from 'bullmq'

/** Refusals within a second that are no accident. */
const BURST = 5
const BURST_MS = 1_000
const FIRST_REST_MS = 250
const MAX_REST_MS = 5_000
/** Without a refusal for that long after a rest, Redis is well again. */
const WELL_AFTER_MS = 10_000

export interface Respite {
  /** Takes no job until `goOn`; jobs under way are not touched. */
  hold(): void
  goOn(): void
  close(): void
}

/** `onRest` is told at the first rest of a spell, with what Redis said. */
export function giveRespite(
  worker: Pick<Worker, 'on' | 'pause' | 'resume'>,
  onRest: (error: Error) => void,
): Respite {
  let isHeld = false
  let isClosed = false
  let resting: NodeJS.Timeout | null = null
  let restMs = 0
  let triedAt = Number.NEGATIVE_INFINITY
  let recent: number[] = []

  worker.on('error', (error) => {
    if (isClosed || resting !== null || isOfTheConnection(error)) return
    const now = performance.now()
    if (now - triedAt > WELL_AFTER_MS) restMs = 0
    recent = [...recent.filter((at) => now - at < BURST_MS), now]
    // After a rest the first refusal is enough: it is the same spell.
    if (restMs === 0 && recent.length < BURST) return
    if (restMs === 0) onRest(error)
    rest()
  })

  function rest(): void {
    restMs = Math.min(Math.max(restMs * 2, FIRST_REST_MS), MAX_REST_MS)
    recent = []
    void worker.pause(true)
    resting = setTimeout(() => {
      resting = null
      triedAt = performance.now()
      if (!isHeld) void worker.resume()
    }, restMs)
  }

  return {
    hold() {
      isHeld = true
      if (resting === null) void worker.pause(true)
    },
    goOn() {
      isHeld = false
      if (resting === null && !isClosed) void worker.resume()
    },
    close() {
      isClosed = true
      if (resting !== null) clearTimeout(resting)
      resting = null
    },
  }
}

/** A connection that is lost is opened again by ioredis, at a distance of its own. */
function isOfTheConnection(error: Error): boolean {
  return 'syscall' in error || error.message === 'Connection is closed.'
}
