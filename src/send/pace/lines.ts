/**
 * Lines: the Batches that this process was rung for, by lane. A lane works on a few at once; the others wait here as
 * numbers, without a lease and without a job, and are begun when one is done or when a shut lane opens. Whether anybody
 * else has taken one meanwhile is for the claim to say.
 */

import { RUNG_AT_ONCE } from '../batch.js'

/** As many as are rung for; one that is forgotten is rung again. */
const MAX_WAITING = RUNG_AT_ONCE
/** After a Batch that could not be delivered, before the next of its lane. */
const AFTER_ERROR_MS = 1_000
/** When to look again, for a lane that is shut for longer. */
const LOOK_AGAIN_MS = 60_000

export interface LinesOptions {
  /** The lane of a Batch; null: there is no such Batch. */
  readonly laneOf: (batchId: number) => Promise<string | null>
  /** True: something of it is left, since its lane was shut. */
  readonly deliver: (batchId: number) => Promise<boolean>
  readonly batchesAtOnce: (lane: string) => number
  /** How long the lane may begin nothing; 0: it may. */
  readonly opensInMs: (lane: string) => number
  /** Of a Batch that was begun from here, and not by a job that would tell. */
  readonly onError: (error: unknown, batchId: number) => void
}

export interface Lines {
  /** Delivers the Batch, and those of its lane that wait; or lets it wait. Rejects when it can't be delivered. */
  work(batchId: number): Promise<void>
  /** Begins nothing more by itself; resolves when what it has begun is done. */
  close(): Promise<void>
}

interface Line {
  readonly lane: string
  /** Batches being worked on. */
  readonly busy: Set<number>
  waiting: number[]
  timer: NodeJS.Timeout | null
}

export function openLines({ laneOf, deliver, batchesAtOnce, opensInMs, onError }: LinesOptions): Lines {
  const lines = new Map<string, Line>()
  const running = new Set<Promise<void>>()
  let isClosed = false

  function lineOf(lane: string): Line {
    const line = lines.get(lane) ?? { lane, busy: new Set(), waiting: [], timer: null }
    lines.set(lane, line)
    return line
  }

  const hasRoom = (line: Line) =>
    !isClosed && opensInMs(line.lane) === 0 && line.busy.size < batchesAtOnce(line.lane)

  function remember(line: Line, batchId: number): void {
    if (isClosed || line.busy.has(batchId) || line.waiting.includes(batchId)) return
    line.waiting = [...line.waiting, batchId].sort((one, other) => one - other).slice(0, MAX_WAITING)
    wakeLater(line)
  }

  /** A lane that is shut is looked at when it should open; one that is busy goes on by itself. */
  function wakeLater(line: Line, ms = opensInMs(line.lane)): void {
    if (isClosed || ms === 0 || line.timer !== null) return
    line.timer = setTimeout(
      () => {
        line.timer = null
        wake(line)
      },
      Math.min(Math.ceil(ms), LOOK_AGAIN_MS),
    )
  }

  function wake(line: Line): void {
    while (hasRoom(line) && line.waiting.length > 0) begin(line)
    if (line.waiting.length > 0) wakeLater(line)
  }

  function begin(line: Line): void {
    const batchId = line.waiting.shift()
    if (batchId === undefined) return
    const run = deliverFrom(line, batchId).catch((error: unknown) => onError(error, batchId))
    running.add(run)
    void run.then(() => running.delete(run))
  }

  /** One after the other, as long as the lane has room. */
  async function deliverFrom(line: Line, first: number): Promise<void> {
    for (let next: number | undefined = first; next !== undefined; ) {
      const batchId: number = next
      line.busy.add(batchId)
      const isLeft = await deliver(batchId)
        .catch((error: unknown) => {
          // Those that wait have no other to go on with them.
          if (line.waiting.length > 0) wakeLater(line, AFTER_ERROR_MS)
          throw error
        })
        .finally(() => line.busy.delete(batchId))
      if (isLeft) remember(line, batchId)
      next = hasRoom(line) ? line.waiting.shift() : undefined
    }
    if (line.waiting.length > 0) wakeLater(line)
  }

  return {
    async work(batchId) {
      const lane = await laneOf(batchId)
      if (lane === null) return
      const line = lineOf(lane)
      if (line.busy.has(batchId)) return
      if (!hasRoom(line)) return remember(line, batchId)
      line.waiting = line.waiting.filter((other) => other !== batchId)
      await deliverFrom(line, batchId)
    },
    async close() {
      isClosed = true
      for (const line of lines.values()) {
        if (line.timer !== null) clearTimeout(line.timer)
        line.waiting = []
      }
      await Promise.all(running)
    },
  }
}
