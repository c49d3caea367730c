/**
 * Freeze: everyone a Send is for becomes a Delivery while it is `preparing`, in short steps that leave the writer free
 * between them. Each commits together with how far it came, so any process may go on with it, and two at once do no harm.
 */

import { sql } from 'kysely'
import { noteGrowth } from '../db/by-index.js'
import { clock, type Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import type { Keys } from '../link/token.js'
import { CHUNK, hashWindow, type Person, peopleOf, readRest, readWindow, type Window } from './crowd.js'
import { laneOf } from './lane.js'
import { type BegunBatches, type Placement, placeNext } from './place.js'
import { findSend, isSettled, type SendFacts } from './send.js'
import { digestSet } from './set.js'
import { sweepOptOuts } from './sweep.js'

/** People placed by the first step; the next ones are larger or smaller by how long it took. */
const FIRST_STEP = 2_000
const MIN_STEP = CHUNK
const MAX_STEP = 8_000
/** Hits and intents wait for a step to end. */
const LONG_STEP_MS = 160
const SHORT_STEP_MS = 80

export interface FreezeContext {
  readonly query: Query
  readonly keys: Keys
  readonly now: () => number
  /** How long a reply may take on the wire, ms: the freeze of a correction waits for those that may still come. */
  readonly wireTimeoutMs?: number
  /** Lanes of the receiving domains given, as far as they have one of their own; `lane.ts` knows when not given. */
  readonly findLanes?: (domains: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Aborted: whoever comes next goes on with it. */
  readonly stop?: AbortSignal
  /** Told after each step how many are placed. */
  readonly onProgress?: (placed: number) => void
}

/** The window that the freeze is at. */
interface Ahead {
  readonly window: Window
  readonly laneOf: (person: Person) => string
}

/** Places everyone and flips the Send to `sending`. Safe to run twice and by two processes. */
export async function freezeSend(sendId: number, context: FreezeContext): Promise<void> {
  let placed = 0
  let stepSize = FIRST_STEP
  let begun: BegunBatches = new Map()
  let ahead: Ahead | null = null
  // The next window is read while this one is placed.
  let coming: Promise<Ahead | null> = Promise.resolve(null)
  try {
    for (;;) {
      const send = await findSend(context.query, sendId)
      if (send.state !== 'preparing' || context.stop?.aborted) return
      // Who of an earlier Send is left is known when nothing of it is under way any more.
      if (send.of !== null && !(await isKnown(send.of, context))) return
      if (send.asOf === null) {
        await begin(sendId, context)
        continue
      }
      if (!isIn(ahead, send)) {
        ahead = await coming
        // Another process may have gone on, too far to follow.
        if (!isIn(ahead, send)) ahead = await lookAhead(send, context)
        if (ahead === null) return flip(send, context)
        coming = lookAhead({ ...send, freezeCursor: ahead.window.until, freezeKey: null }, context)
        // Heard when it is its turn.
        coming.catch(() => {})
      }
      const start = performance.now()
      const step = takeStep(ahead, send, stepSize)
      const still = await placeNext(send, { ...step, begun }, context)
      stepSize = nextStepSize(stepSize, performance.now() - start)
      begun = still ?? begun
      if (still !== null) placed += step.people.length
      context.onProgress?.(placed)
    }
  } finally {
    await coming.catch(() => null)
  }
}

/** Sets the time that all of it is judged as of, once: whoever goes on with it later judges alike. */
async function begin(sendId: number, { query, now }: FreezeContext): Promise<void> {
  await query
    .updateTable('send')
    .set({ as_of: now() })
    .where('id', '=', sendId)
    .where('as_of', 'is', null)
    .execute()
}

function isIn(ahead: Ahead | null, send: SendFacts): ahead is Ahead {
  return ahead !== null && countPlaced(ahead.window, send) !== null
}

/** The next people, and where the freeze is when they are placed. */
function takeStep({ window, laneOf }: Ahead, send: SendFacts, size: number): Omit<Placement, 'begun'> {
  const done = countPlaced(window, send) ?? 0
  const next = window.chunks.slice(done, done + Math.floor(size / CHUNK))
  const isLast = done + next.length === window.chunks.length
  return {
    people: peopleOf(next).map((person) => ({ id: person.id, lane: laneOf(person) })),
    reached: {
      freezeFrom: window.from,
      freezeCursor: window.until,
      freezeKey: isLast ? null : (next.at(-1)?.lastKey ?? null),
    },
  }
}

/** How many chunks are placed when the Send is where it is; null: it is not at the end of one, or through with all. */
function countPlaced(
  { from, until, after, chunks }: Window,
  { freezeFrom, freezeCursor, freezeKey }: SendFacts,
) {
  if (freezeKey === null) return freezeCursor === from && after === null ? 0 : null
  if (freezeFrom !== from || freezeCursor !== until) return null
  if (freezeKey === after) return 0
  const last = chunks.findIndex(({ lastKey }) => lastKey === freezeKey)
  return last === -1 || last === chunks.length - 1 ? null : last + 1
}

function nextStepSize(size: number, tookMs: number): number {
  if (tookMs > LONG_STEP_MS) return Math.max(MIN_STEP, Math.floor(size / 2))
  return tookMs < SHORT_STEP_MS ? Math.min(MAX_STEP, size * 2) : size
}

/** Is nothing of the earlier Send under way, nor a reply to come that may say who has nothing? */
async function isKnown(
  { sendId, which }: NonNullable<SendFacts['of']>,
  { query, now, wireTimeoutMs = 0 }: FreezeContext,
): Promise<boolean> {
  if (!(await isSettled(query, sendId))) return false
  if (which === 'failed') return true
  const awaited = await query
    .selectFrom('delivery')
    .innerJoin('attempt', (join) =>
      join.onRef('attempt.delivery_id', '=', 'delivery.id').onRef('attempt.number', '=', 'delivery.attempt'),
    )
    .select('delivery.id')
    .where('delivery.send_id', '=', sendId)
    .where('delivery.state', '=', 'uncertain')
    .where('attempt.outcome', 'is', null)
    .where('attempt.intended_at', '>', sql<number>`${clock(query, now)} - ${sql.lit(wireTimeoutMs)}`)
    .limit(1)
    .executeTakeFirst()
  return awaited === undefined
}

/** The rest of the window that was begun, or the next one; null when everyone is placed. */
async function lookAhead(
  send: SendFacts,
  { query, keys, findLanes = lanesOf }: FreezeContext,
): Promise<Ahead | null> {
  const window =
    send.freezeKey === null
      ? await readWindow(query, send, send.freezeCursor)
      : await readRest(query, send, {
          from: send.freezeFrom,
          until: send.freezeCursor,
          after: send.freezeKey,
        })
  if (window === null) return null
  await hashWindow(query, window, keys)
  const domains = new Set<string>()
  for (const chunk of window.chunks)
    for (const { addressKey } of peopleOf([chunk])) domains.add(domainOf(addressKey))
  const lanes = await findLanes([...domains])
  return {
    window,
    laneOf: ({ addressKey }) => lanes.get(domainOf(addressKey)) ?? 'other',
  }
}

async function lanesOf(domains: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new Map(domains.map((domain) => [domain, laneOf(domain)]))
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** The flip `preparing → sending`, with the count and the digest of the set, which `verify` compares with for ever. */
async function flip(send: SendFacts, { query, now }: FreezeContext): Promise<void> {
  await sweepOptOuts(send, { query, now })
  const { audience, digest } = await digestSet(query, send.id)
  await noteGrowth(query)
  await transact(query, 'flip', (trx) =>
    trx
      .updateTable('send')
      .set({ state: 'sending', reason: null, started_at: now(), audience, set_digest: digest })
      .where('id', '=', send.id)
      .where('state', '=', 'preparing')
      .where('freeze_cursor', '=', send.freezeCursor)
      .where('freeze_key', 'is', null)
      .execute(),
  )
}
