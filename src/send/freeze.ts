/**
 * Freeze: everyone a Send is for becomes a Delivery while it is `preparing`, in short steps that leave the writer free
 * between them. Each commits together with how far it came, so any process may go on with it, and two at once do no harm.
 */

import { sql } from 'kysely'
import { clock, type Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import type { Keys } from '../link/token.js'
import { hashWindow, type Person, readRest, readWindow, type Window } from './crowd.js'
import { laneOf } from './lane.js'
import { type BegunBatches, placeNext } from './place.js'
import { findSend, isSettled, type SendFacts } from './send.js'
import { digestSet } from './set.js'
import { sweepOptOuts } from './sweep.js'

/** People placed by the first step; the next ones are larger or smaller by how long it took. */
const FIRST_STEP = 2_000
const MIN_STEP = 250
const MAX_STEP = 8_000
/** Hits and intents wait for a step to end. */
const LONG_STEP_MS = 120
const SHORT_STEP_MS = 50

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
  /** How many of it are placed, as long as the Send is at `at`. */
  readonly done: number
  readonly at: Pick<SendFacts, 'freezeCursor' | 'freezeKey'>
  readonly laneOf: (person: Person) => string
}

/** Places everyone and flips the Send to `sending`. Safe to run twice and by two processes. */
export async function freezeSend(sendId: number, context: FreezeContext): Promise<void> {
  let placed = 0
  let stepSize = FIRST_STEP
  let begun: BegunBatches = new Map()
  let ahead: Ahead | null = null
  for (;;) {
    const send = await findSend(context.query, sendId)
    if (send.state !== 'preparing' || context.stop?.aborted) return
    // Who of an earlier Send is left is known when nothing of it is under way any more.
    if (send.of !== null && !(await isKnown(send.of, context))) return
    // Another process may have gone on; then this one looks where it came to.
    if (ahead === null || !isAt(send, ahead.at)) ahead = await lookAhead(send, context)
    if (ahead === null) return flip(send, context)
    const { window, laneOf, done }: Ahead = ahead
    const next = window.people.slice(done, done + stepSize)
    const isLast: boolean = done + next.length === window.people.length
    const people = next.map((person) => ({ id: person.id, lane: laneOf(person) }))
    const reached = {
      freezeFrom: window.from,
      freezeCursor: window.until,
      freezeKey: isLast ? null : (next.at(-1)?.addressKey ?? null),
    }
    const start = performance.now()
    const still = await placeNext(send, { people, reached, begun }, context)
    stepSize = nextStepSize(stepSize, performance.now() - start)
    ahead = isLast ? null : { window, laneOf, done: done + next.length, at: reached }
    begun = still ?? begun
    if (still !== null) placed += people.length
    context.onProgress?.(placed)
  }
}

function isAt(send: SendFacts, { freezeCursor, freezeKey }: Ahead['at']): boolean {
  return send.freezeCursor === freezeCursor && send.freezeKey === freezeKey
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
  for (const { addressKey } of window.people) domains.add(domainOf(addressKey))
  const lanes = await findLanes([...domains])
  return {
    window,
    done: 0,
    at: send,
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
