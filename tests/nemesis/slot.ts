/** One place for an engine, with what a supervisor does: what is down is started again, until it is up. */

import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { RunningEngine } from '../rig/cli.js'

const TRY_AGAIN_MS = 300
/** As a container's stop grace; whoever is not gone then is killed. */
const GRACE_MS = 20_000

export interface Slot {
  readonly isUp: () => boolean
  /** kill -9. It stays down until `start`. */
  readonly kill: () => Promise<void>
  /** SIGTERM; true when it had to be killed after all. It stays down until `start`. */
  readonly end: () => Promise<boolean>
  readonly freeze: () => void
  readonly thaw: () => void
  /** Starts it, trying again while a server that it needs is away. */
  readonly start: () => Promise<void>
  /** What it said when it ended without being told to. */
  readonly exits: readonly string[]
}

export function openSlot(launch: () => Promise<RunningEngine>): Slot {
  let engine: RunningEngine | null = null
  let isWanted = false
  const exits: string[] = []

  const take = () => {
    const taken = engine
    engine = null
    isWanted = false
    return taken
  }

  async function start(): Promise<void> {
    if (isWanted) return
    isWanted = true
    while (isWanted) {
      try {
        const started = await launch()
        if (!isWanted) {
          await started.end('SIGKILL')
          return
        }
        engine = started
        watch(started)
        return
      } catch {
        // Without its servers it says so and exits; a supervisor tries again.
        await wait(TRY_AGAIN_MS)
      }
    }
  }

  function watch(started: RunningEngine): void {
    void once(started.process, 'exit').then(([code, signal]) => {
      if (engine !== started) return
      exits.push(`an engine ended by itself (${signal ?? code}): ${started.stderr().trim().slice(-1_000)}`)
      take()
      void start()
    })
  }

  return {
    isUp: () => engine !== null,
    async kill() {
      await take()?.end('SIGKILL')
    },
    async end() {
      const ending = take()
      if (ending === null) return false
      const isGone = ending.end('SIGTERM').then(() => true)
      if (await Promise.race([isGone, wait(GRACE_MS, false)])) return false
      await ending.end('SIGKILL')
      return true
    },
    freeze: () => engine?.process.kill('SIGSTOP'),
    thaw: () => engine?.process.kill('SIGCONT'),
    start,
    exits,
  }
}
