/**
 * Burst: many people who left from one network within minutes. People do not do that; a scanner that presses buttons
 * does, or a provider's machine. It is told of and can be undone together (`bursts-undo.ts`); nothing is held up by it.
 */

import { sql } from 'kysely'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { groupBy } from '../group.js'
import { isTelling } from './telling.js'

const WINDOW_MS = 10 * 60_000
/** A school or an office is one network, and the busiest of them has a handful of readers who leave by hand at once. */
const BY_HAND = 15
/**
 * A mailbox provider's own machines make the one-click POSTs of all its people (RFC 8058): after an issue that many did
 * not like, hundreds from one network are theirs.
 */
const ONE_CLICK = 200
/** Of a window; with more, the first ones are enough to tell. */
const MAX_EVENTS = 20_000

const ONE_CLICK_HOW = 'one-click'

export interface Burst {
  readonly id: number
  readonly network: string
  readonly how: string
  readonly since: number
  readonly until: number
  readonly people: number
}

interface Context {
  readonly query: Query
  readonly now: () => number
}

/** A pass over the last minutes. Returns the bursts that nobody has been told of yet; one that goes on grows. */
export async function flagBursts({ query, now }: Context): Promise<readonly Burst[]> {
  const left = await readLeft(query, { since: now() - WINDOW_MS, until: now() })
  const groups = [...groupBy(left, originOf).values()].filter(isBurst)
  if (groups.length === 0) return []
  return transact(query, 'bursts', async (trx) => {
    await takeLock(trx, 'bursts')
    const flagged: Burst[] = []
    for (const group of groups) {
      const burst = await note(trx, group, now())
      if (burst !== null) flagged.push(burst)
    }
    return flagged
  })
}

/** Why it is told of, and what it may be after all. */
export function sayBurst({ how }: Pick<Burst, 'how'>): string {
  return how === ONE_CLICK_HOW
    ? 'many one-click unsubscribes from one network: as a rule a mailbox provider’s, for its people; look whether an issue explains it'
    : 'many unsubscribes by hand from one network within minutes: as a rule a scanner that presses buttons; pressrun bursts undo brings them back'
}

export interface Left {
  readonly id: number
  readonly at: number
  readonly subscriberId: number
  readonly listId: number
  readonly how: string
  readonly network: string
}

/** Who has left of their own will in a span, and from where; whoever's network is not known is not among them. */
export async function readLeft(
  query: Query,
  { since, until }: { readonly since: number; readonly until: number },
): Promise<readonly Left[]> {
  const rows = await query
    .selectFrom('event')
    .select(['id', 'at', 'subscriber_id', 'list_id', 'detail'])
    // In the words of the index on it.
    .where(sql<boolean>`kind = 'unsubscribed'`)
    .where('at', '>=', since)
    .where('at', '<=', until)
    // What a file or an editor says comes from nowhere, and there may be a million of it.
    .where('detail', 'like', '%"network":"%')
    .orderBy('at')
    .orderBy('id')
    .limit(MAX_EVENTS)
    .execute()
  return rows.flatMap(({ id, at, subscriber_id: subscriberId, list_id: listId, detail }) => {
    // Written by insertEvents.
    const { how, network } = JSON.parse(detail) as { readonly how?: unknown; readonly network?: unknown }
    const isKnown = typeof how === 'string' && typeof network === 'string' && isTelling(network)
    return isKnown && subscriberId !== null && listId !== null
      ? [{ id, at, subscriberId, listId, how, network }]
      : []
  })
}

type Group = readonly [Left, ...Left[]]

function originOf({ network, how }: Left): string {
  return `${network} ${how}`
}

function isBurst(group: Group): boolean {
  return countPeople(group) >= (group[0].how === ONE_CLICK_HOW ? ONE_CLICK : BY_HAND)
}

function countPeople(left: readonly Left[]): number {
  return new Set(left.map(({ subscriberId }) => subscriberId)).size
}

/** Null: it is the same one still, grown or not. */
async function note(trx: Query, group: Group, now: number): Promise<Burst | null> {
  const [{ network, how, at: since }] = group
  const until = group.at(-1)?.at ?? since
  const known = await trx
    .selectFrom('burst')
    .select(['id', 'since', 'until'])
    .where('network', '=', network)
    .where('how', '=', how)
    .where('until', '>=', since)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (known === undefined) {
    const people = countPeople(group)
    const { id } = await trx
      .insertInto('burst')
      .values({ network, how, since, until, people, flagged_at: now })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id, network, how, since, until, people }
  }
  if (until > known.until) {
    const all = await readLeft(trx, { since: known.since, until })
    const people = countPeople(all.filter((one) => one.network === network && one.how === how))
    await trx.updateTable('burst').set({ until, people }).where('id', '=', known.id).execute()
  }
  return null
}
