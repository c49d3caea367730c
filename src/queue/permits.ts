/**
 * Permits: who may begin a message when, shared by workers through Redis. What is asked for is a block of times on one
 * common timeline, half a second's worth as a rule, so that a message costs no round trip. A timeline that is not there
 * is new, or Redis was emptied: what may have been given away before is waited for, so no limit is exceeded.
 */

import { connect } from './redis-address.js'

/** A Redis that is slower than that is done without. */
const ANSWER_TIMEOUT_MS = 500
/** How far ahead of now a block may begin; who would have to wait longer asks again. */
const AHEAD_MS = 1_000
/** A timeline that nobody uses. */
const KEPT_MS = 600_000

export interface Block {
  readonly count: number
  /** Between two messages of the block. */
  readonly intervalMs: number
}

export type Reservation =
  | { readonly kind: 'given'; readonly beginsInMs: number }
  /** So much is given away already; to be asked for again in a while. */
  | { readonly kind: 'later'; readonly againInMs: number }

export interface Permits {
  /** Rejects when Redis can't be had, in half a second at the latest. */
  reserve(name: string, block: Block): Promise<Reservation>
  /** Does Redis answer? */
  isThere(): Promise<boolean>
  close(): void
}

/** All numbers are microseconds, since Redis cuts what it answers down to integers. */
const RESERVE = `
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local length, ahead, kept = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local last = tonumber(redis.call('GET', KEYS[1]))
local begins = math.max(last or now + ahead + length, now)
local ends = begins
if begins - now <= ahead then ends = begins + length end
redis.call('SET', KEYS[1], string.format('%.0f', ends), 'PX', math.floor((ends - now) / 1000) + kept)
return { begins - now, ends == begins and 1 or 0 }`

export function openPermits({
  address,
  prefix,
}: {
  readonly address: string
  /** Of the keys: one a publication. */
  readonly prefix: string
}): Permits {
  const redis = connect(address, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: ANSWER_TIMEOUT_MS,
  })
  // Whoever asks is told.
  redis.on('error', () => {})
  return {
    async reserve(name, { count, intervalMs }) {
      const length = Math.round(count * intervalMs * 1_000)
      const answer = redis.eval(RESERVE, 1, `${prefix}:pace:${name}`, length, AHEAD_MS * 1_000, KEPT_MS)
      const [begins, isRefused] = (await soon(answer)) as [number, number]
      return isRefused === 1
        ? { kind: 'later', againInMs: (begins - AHEAD_MS * 1_000) / 1_000 }
        : { kind: 'given', beginsInMs: begins / 1_000 }
    },
    isThere: () =>
      soon(redis.ping()).then(
        () => true,
        () => false,
      ),
    close: () => redis.disconnect(),
  }
}

async function soon<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time')), ANSWER_TIMEOUT_MS)
  })
  answer.catch(() => {})
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
