/** Which fault comes when, by a seed: the same seed gives the same plan, on any machine. */

import { seededRandom } from '../rig/random.js'

export type Database = 'sqlite' | 'postgres'

const FAULTS = {
  killEngine: 5,
  endEngine: 2,
  freezeEngine: 2,
  killRedis: 2,
  flushRedis: 2,
  cutRelay: 3,
  delayRelay: 2,
  halfCloseRelay: 1,
  refuseRelay: 1,
  stopRelay: 1,
  cutRedis: 2,
  delayRedis: 1,
  halfCloseRedis: 1,
  stopRedis: 1,
  leave: 4,
  pause: 2,
} as const

/** Only where several engines share a server. */
const POSTGRES_FAULTS = {
  killPostgres: 3,
  cutPostgres: 3,
  delayPostgres: 2,
  halfClosePostgres: 1,
  stopPostgres: 1,
} as const

export type FaultName = keyof typeof FAULTS | keyof typeof POSTGRES_FAULTS

export interface Step {
  /** Since the Send began. */
  readonly atMs: number
  readonly fault: FaultName
  /** Until it is healed. */
  readonly lastsMs: number
  /** 0 up to 1: which engine, which connections, which people. */
  readonly choice: number
}

const FIRST_AT_MS = 1_500
const MIN_GAP_MS = 500
const MAX_GAP_MS = 2_500
const MIN_LASTS_MS = 200
const MAX_LASTS_MS = 4_000

/** Faults one after the other until `seconds` are over; they last into each other. */
export function planFaults({
  seed,
  seconds,
  database,
}: {
  readonly seed: number
  readonly seconds: number
  readonly database: Database
}): readonly Step[] {
  const random = seededRandom(seed)
  const weights = Object.entries({ ...FAULTS, ...(database === 'postgres' ? POSTGRES_FAULTS : {}) })
  // Object.entries forgets which names there are.
  const names = weights.flatMap(([name, weight]) => Array.from({ length: weight }, () => name as FaultName))
  const steps: Step[] = []
  for (let atMs = FIRST_AT_MS; atMs < seconds * 1_000; atMs += random.between(MIN_GAP_MS, MAX_GAP_MS))
    steps.push({
      atMs,
      fault: random.pick(names),
      lastsMs: random.between(MIN_LASTS_MS, MAX_LASTS_MS),
      choice: random.next(),
    })
  return steps
}
