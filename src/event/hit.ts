/**
 * Hit: one raw request on a pixel, a click link or a form, committed before it is answered, unless the database takes longer
 * than a reader should wait. Hits that arrive in one turn of the event loop, or while a commit is under way, share the next
 * one, so that one fsync serves many. Those of a database that is away wait in memory, the first in front.
 */

import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { Db, Query } from '../db/db.js'
import type { HitKind } from '../db/schema.js'
import type { Log } from '../log.js'
import { type Allowance, openAllowance } from './allowance.js'
import { type Fates, openFates } from './fates.js'
import { groupSize } from './group-size.js'
import { addSurplus, insertFormHits, insertHits } from './insert-hits.js'
import { type Outage, openOutage } from './outage.js'
import type { Requester } from './requester.js'
import { openSurplus, type Surplus } from './surplus.js'
import { lose, settle, type WaitingHit } from './waiting-hit.js'

export interface Hit extends Requester {
  readonly kind: HitKind
  readonly deliveryId: number
  /** Index of the clicked Link, else null. */
  readonly link: number | null
}

export interface Hits {
  /**
   * Resolves once it is committed: with the id of a form's Hit that is kept; with null for the other kinds, for what is
   * only counted since it is beyond what is kept of one Delivery a day, and for what is left out since the Delivery is not
   * tracked. Rejects when the database refuses it or leaves it open whether it was committed, when more wait than memory
   * should hold, after `close`, and with a LateHit when that takes too long.
   */
  record(hit: Hit): Promise<number | null>
  /** Takes no more; resolves when those already taken are committed or refused; a database that is away is asked once more. */
  close(): Promise<void>
}

/** About 10 MB of Hits: some seconds of the busiest site, while a database is slow. */
const MAX_WAITING = 20_000
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

/** `log` hears, at the end of an outage, how many were kept late and how many were lost. */
export function openHits({
  db,
  now,
  log = null,
}: {
  readonly db: Pick<Db, 'query'>
  readonly now: () => number
  readonly log?: Pick<Log, 'warn'> | null
}): Hits {
  const fates = openFates(log)
  const outage = openOutage()
  const allowance = openAllowance({ query: db.query, now })
  // Of its own: who has looked at a mail all day shall still be seen to leave.
  const formAllowance = openAllowance({ query: db.query, now })
  const surplus = openSurplus({ write: (hits) => outage.outlast(() => addSurplus(db.query, hits)), fates })
  const context = { query: db.query, allowance, formAllowance, surplus, outage, fates }
  const waiting: WaitingHit[] = []
  let inHand: readonly WaitingHit[] = []
  let writing: Promise<void> | null = null
  let watch: NodeJS.Timeout | null = null
  let isClosed = false

  function record(hit: Hit): Promise<number | null> {
    if (isClosed) return Promise.reject(new Error('no more Hits are taken'))
    if (waiting.length + surplus.size() >= MAX_WAITING) {
      fates.turnedAway()
      return Promise.reject(new Error(`${MAX_WAITING} Hits are waiting for the database already`))
    }
    return new Promise((resolve, reject) => {
      waiting.push({ hit, at: now(), since: performance.now(), resolve, reject, stage: 'waiting' })
      watch ??= setInterval(letGo, LOOK_MS)
      writing ??= turnOfTheLoop().then(writeWaiting)
    })
  }

  /** The next group is under way before this one hears, so that the database does not wait while answers are written. */
  async function writeWaiting(): Promise<void> {
    let begun = begin()
    while (begun !== null) {
      const tell = await begun
      begun = begin()
      tell()
    }
    writing = null
  }

  function begin(): Promise<() => void> | null {
    inHand = waiting.splice(0, groupSize({ before: inHand.length, waiting: waiting.length }))
    return inHand.length === 0 ? null : writeGroup(inHand, context)
  }

  /** They stay where they are, to be kept when the database answers again. */
  function letGo(): void {
    const all = [...surplus.waiting(), ...inHand, ...waiting]
    const before = performance.now() - PATIENCE_MS
    for (const hit of all) if (hit.since < before) fates.late(hit, new LateHit())
    if (all.length === 0) stopWatch()
  }

  function stopWatch(): void {
    if (watch !== null) clearInterval(watch)
    watch = null
  }

  async function close(): Promise<void> {
    isClosed = true
    outage.end()
    await writing
    await surplus.flush()
    stopWatch()
    fates.close()
  }

  return { record, close }
}

interface GroupContext {
  readonly query: Query
  readonly allowance: Allowance
  readonly formAllowance: Allowance
  readonly surplus: Surplus
  readonly outage: Outage
  readonly fates: Fates
}

async function writeGroup(group: readonly WaitingHit[], context: GroupContext): Promise<() => void> {
  const { query, allowance, formAllowance, ...both } = context
  const others = { ...both, allowance, insert: (kept: readonly WaitingHit[]) => insertHits(query, kept) }
  // As nearly all are.
  if (!group.some(({ hit }) => isForm(hit))) return writeSome(group, others)
  const forms = {
    ...both,
    allowance: formAllowance,
    insert: (kept: readonly WaitingHit[]) => insertFormHits(query, kept),
  }
  const told = await Promise.all([
    writeSome(
      group.filter(({ hit }) => isForm(hit)),
      forms,
    ),
    writeSome(
      group.filter(({ hit }) => !isForm(hit)),
      others,
    ),
  ])
  return () => {
    for (const tell of told) tell()
  }
}

function isForm({ kind }: Hit): boolean {
  return kind === 'form' || kind === 'unsubscribe'
}

interface SomeContext extends Pick<GroupContext, 'allowance' | 'surplus' | 'outage' | 'fates'> {
  readonly insert: (kept: readonly WaitingHit[]) => Promise<readonly number[] | null>
}

/** Never throws: what the database says goes to whoever waits for the Hit. */
async function writeSome(
  group: readonly WaitingHit[],
  { allowance, surplus, outage, fates, insert }: SomeContext,
): Promise<() => void> {
  if (group.length === 0) return () => {}
  try {
    // Taken once: what was taken is not taken again for the sake of a write that is.
    const mayKeep = await outage.outlast(() => allowance.take(group.map(({ hit }) => hit)))
    const kept = group.filter((_, index) => mayKeep[index])
    if (kept.length < group.length) surplus.add(group.filter((_, index) => !mayKeep[index]))
    return await settle(kept, { write: () => outage.outlast(() => insert(kept)), fates })
  } catch (error) {
    return () => lose(group, { error, fates })
  }
}
