/**
 * Hit: one raw request on a pixel, a click link or a form, committed before it is answered. Hits that arrive while a
 * commit is under way share the next one, so that one fsync serves many.
 */

import type { Db, Query } from '../db/db.js'
import type { HitKind } from '../db/schema.js'
import { type Allowance, openAllowance } from './allowance.js'
import { addSurplus, insertFormHits, insertHits, type TimedHit } from './insert-hits.js'
import type { Requester } from './requester.js'

export interface Hit extends Requester {
  readonly kind: HitKind
  readonly deliveryId: number
  /** Index of the clicked Link, else null. */
  readonly link: number | null
}

export interface Hits {
  /**
   * Resolves once it is committed: with the id of a form's Hit; with null for the other kinds, which are only counted
   * beyond what is kept of one Delivery a day, and left out where the Delivery is not tracked. Rejects when the database
   * refuses it, when more wait than memory should hold, after `close`, and with a LateHit when that takes too long.
   */
  record(hit: Hit): Promise<number | null>
  /** Takes no more; resolves when those already taken are committed or refused. */
  close(): Promise<void>
}

/** About 10 MB of Hits: some seconds of the busiest site, while a database is slow. */
const MAX_WAITING = 20_000
const MAX_GROUP = 1_000
/** A reader waits for a slow database no longer than for a slow page. */
const PATIENCE_MS = 3_000
const LOOK_MS = 500

/** The database has taken no decision yet: it may be kept all the same when it answers again. */
export class LateHit extends Error {
  override readonly name = 'LateHit'

  constructor() {
    super(`not committed within ${PATIENCE_MS} ms; it waits on`)
  }
}

interface WaitingHit extends TimedHit {
  /** On the clock that nobody sets, ms. */
  readonly since: number
  readonly resolve: (id: number | null) => void
  readonly reject: (error: unknown) => void
}

export function openHits({ db, now }: { db: Pick<Db, 'query'>; now: () => number }): Hits {
  const allowance = openAllowance({ query: db.query, now })
  const waiting: WaitingHit[] = []
  let inHand: readonly WaitingHit[] = []
  let writing: Promise<void> | null = null
  let isClosed = false

  function record(hit: Hit): Promise<number | null> {
    if (isClosed) return Promise.reject(new Error('no more Hits are taken'))
    if (waiting.length >= MAX_WAITING)
      return Promise.reject(new Error(`${MAX_WAITING} Hits are waiting for the database already`))
    return new Promise((resolve, reject) => {
      waiting.push({ hit, at: now(), since: performance.now(), resolve, reject })
      writing ??= writeWaiting()
    })
  }

  async function writeWaiting(): Promise<void> {
    const watch = setInterval(letGo, LOOK_MS)
    while (waiting.length > 0) {
      inHand = waiting.splice(0, MAX_GROUP)
      await writeGroup(inHand, { query: db.query, allowance })
    }
    inHand = []
    clearInterval(watch)
    writing = null
  }

  /** They stay where they are, to be kept when the database answers again. */
  function letGo(): void {
    const before = performance.now() - PATIENCE_MS
    for (const one of inHand) if (one.since < before) one.reject(new LateHit())
    for (const one of waiting) {
      // They wait in the order they came in.
      if (one.since >= before) break
      one.reject(new LateHit())
    }
  }

  async function close(): Promise<void> {
    isClosed = true
    await writing
  }

  return { record, close }
}

interface GroupContext {
  readonly query: Query
  readonly allowance: Allowance
}

/** Never throws: what the database says goes to whoever waits for the Hit. */
async function writeGroup(group: readonly WaitingHit[], { query, allowance }: GroupContext): Promise<void> {
  const forms = group.filter(({ hit }) => isForm(hit))
  const others = forms.length === 0 ? group : group.filter(({ hit }) => !isForm(hit))
  await Promise.all([
    settle(forms, () => insertFormHits(query, forms)),
    writeTracked(others, { query, allowance }),
  ])
}

function isForm({ kind }: Hit): boolean {
  return kind === 'form' || kind === 'unsubscribe'
}

async function writeTracked(group: readonly WaitingHit[], { query, allowance }: GroupContext): Promise<void> {
  try {
    const mayKeep = await allowance.take(group.map(({ hit }) => hit.deliveryId))
    const kept = group.filter((_, index) => mayKeep[index])
    const surplus = kept.length === group.length ? [] : group.filter((_, index) => !mayKeep[index])
    await Promise.all([
      settle(kept, () => insertHits(query, kept)),
      settle(surplus, () => addSurplus(query, surplus)),
    ])
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}

/** Ids, where the write gives any, belong to the Hits in their order. */
async function settle(
  group: readonly WaitingHit[],
  write: () => Promise<readonly number[] | null>,
): Promise<void> {
  if (group.length === 0) return
  try {
    const ids = await write()
    group.forEach(({ resolve, reject }, index) => {
      const id = ids === null ? null : ids[index]
      if (id === undefined) reject(new Error('the database gave fewer ids than it took Hits'))
      else resolve(id)
    })
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}
