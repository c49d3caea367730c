/**
 * Measures how late the event loop of a process is, from outside of its code:
 *
 *   NODE_OPTIONS="--import /path/to/tests/rig/loop-delay.js" LOOP_DELAY_FILE=FILE pressrun start
 *
 * Twice a second FILE is written anew: {"pid","p50Ms","p99Ms","maxMs","seconds"} since it began or, so that loading the
 * code does not count, since the last SIGUSR2. The timer's own millisecond is in each figure. Threads and children are
 * left alone.
 */

import { renameSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const EVERY_MS = 500
const NS_PER_MS = 1e6

const file = process.env.LOOP_DELAY_FILE
if (file !== undefined && isMainThread) {
  // A child of this process must not write over what is its parent's.
  delete process.env.LOOP_DELAY_FILE
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let since = performance.now()
  delay.enable()
  process.on('SIGUSR2', () => {
    delay.reset()
    since = performance.now()
  })
  setInterval(() => {
    const measured = {
      pid: process.pid,
      p50Ms: delay.percentile(50) / NS_PER_MS,
      p99Ms: delay.percentile(99) / NS_PER_MS,
      maxMs: delay.max / NS_PER_MS,
      seconds: (performance.now() - since) / 1_000,
    }
    writeFileSync(`${file}.new`, `${JSON.stringify(measured)}\n`)
    renameSync(`${file}.new`, file)
  }, EVERY_MS).unref()
}
