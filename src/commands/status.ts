/** `pressrun status`: where a Send stands; with --watch, until it is finished. */

import { setTimeout as wait } from 'node:timers/promises'
import type { Query } from '../db/db.js'
import { type BarStream, openBar } from '../report/bar.js'
import { readPaceOf, type SendPace } from '../report/pace.js'
import { readStatus, type Status } from '../report/status.js'
import { readPace } from '../send/pace/limit.js'
import { type ComplaintRate, readComplaintRate } from '../track/feedback/guard-send.js'

const POLL_MS = 500

export interface StatusContext {
  readonly query: Query
  readonly now: () => number
  /** PACE as written. */
  readonly pace: string
}

export type FullStatus = Status & SendPace & { readonly complaints: ComplaintRate }

export async function statusCommand(
  sendId: number,
  { query, now, pace }: StatusContext,
): Promise<FullStatus> {
  const status = await readStatus(query, sendId)
  const speed = await readPaceOf(sendId, { query, now, limits: readPace(pace) })
  return { ...status, ...speed, complaints: await readComplaintRate(query, sendId) }
}

export interface WatchContext {
  readonly query: Query
  /** Where the bar is drawn: stderr. */
  readonly stream: BarStream
  /** Aborted by Ctrl-C, which ends the watching and nothing else. */
  readonly signal: AbortSignal
}

/** Resolves with the last status seen: finished, cancelled, or as it was when the person had seen enough. */
export async function watchStatus(sendId: number, { query, stream, signal }: WatchContext): Promise<Status> {
  const bar = openBar(stream)
  try {
    for (;;) {
      const status = await readStatus(query, sendId)
      bar.draw(status)
      if (isOver(status) || signal.aborted) return status
      // Aborting the wait is how it ends early.
      await wait(POLL_MS, undefined, { signal }).catch(() => {})
    }
  } finally {
    bar.close()
  }
}

function isOver({ state }: Status): boolean {
  return state === 'finished' || state === 'cancelled'
}
