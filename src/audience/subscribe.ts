/**
 * Subscribe many people to a List at once, as a file has them. Nothing of it is done row by row: what is known of all is
 * looked up, judged (`standing.ts`), and written table by table, with a note of what was there before.
 */

import { sql } from 'kysely'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import { reserveIds } from '../db/reserve-ids.js'
import { rowsOf } from '../db/rows.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { insertEvents, type NewEvent } from '../event/event.js'
import { type ChangeNote, noteChanges } from './import-change.js'
import type { Person } from './person.js'
import { type Change, changeOf, type ImportMode, type Known, type Standing, standingOf } from './standing.js'
import { insertSubscribers, updateSubscribers } from './subscriber-rows.js'
import {
  changeStatuses,
  insertSubscriptions,
  type JudgedSubscription,
  statusAfter,
} from './subscription-rows.js'
import { addSuppressions } from './suppression.js'
import { addTags, findTags } from './tag.js'

/** Takes people out of Sends under way, in the transaction that ends their Subscriptions (invariant 6). */
export type ExcludePeople = (
  trx: Query,
  exclusion: {
    readonly subscriberIds: readonly number[]
    /** Null: of every List. */
    readonly listId: number | null
    readonly reason: string
    readonly now: number
  },
) => Promise<number>

export interface SubscribeContext {
  readonly listId: number
  readonly mode: ImportMode
  readonly importId: number
  /** What every Event says of where it comes from. */
  readonly origin: Readonly<Record<string, string | number>>
  /** When the import began: all that it writes bears this time, so that an undo can tell what was touched since. */
  readonly at: number
  readonly exclude: ExcludePeople
}

interface Judged {
  readonly person: Person
  readonly known: Known | undefined
  readonly standing: Standing
  /** To the Subscriber there is; null: nothing, or there is none yet. */
  readonly change: Change | null
  /** Null: nothing is written of them, and they are not known. */
  readonly subscriberId: number | null
}

/** With the Subscriber that stands for them. */
type Placed = Judged & JudgedSubscription

/** The standing of each person, in their order. `listId` null: a List that does not exist yet. Writes nothing. */
export async function foresee(
  query: Query,
  people: readonly Person[],
  { listId, mode }: { readonly listId: number | null; readonly mode: ImportMode },
): Promise<readonly Standing[]> {
  const known = await lookUp(query, people, listId)
  return people.map((person, place) => standingOf(person, known.get(place), mode))
}

/**
 * Run it in a transaction; addresses differ from each other. Returns the standing of each person, in their order. Throws
 * Overtaken when another transaction was first, which `transact` answers by running it again.
 */
export async function subscribe(
  trx: Query,
  people: readonly Person[],
  context: SubscribeContext,
): Promise<readonly Standing[]> {
  // Whoever is being erased is erased first, and is seen as suppressed.
  await takeLock(trx, 'people', 'shared')
  const known = await lookUp(trx, people, context.listId)
  const standings = people.map((person, place) => standingOf(person, known.get(place), context.mode))
  const isNew = (place: number) => known.get(place)?.subscriberId == null && isWritten(standings[place])
  const ids = await reserveIds(trx, 'subscriber', people.filter((_, place) => isNew(place)).length)
  let next = 0
  const judged = people.map((person, place): Judged => {
    const found = known.get(place)
    const standing = standings[place] ?? 'suppressed'
    const isChanged = found !== undefined && found.subscriberId !== null && isWritten(standing)
    const change = isChanged ? changeOf(person, found, context.mode) : null
    const subscriberId = isNew(place) ? (ids[next++] ?? null) : (found?.subscriberId ?? null)
    return { person, known: found, standing, change, subscriberId }
  })
  const placed = judged.filter((one): one is Placed => one.subscriberId !== null && isWritten(one.standing))
  await saveSubscribers(trx, placed, { ids, now: context.at })
  await saveSubscriptions(trx, placed, context)
  await suppressPeople(trx, judged, context)
  await noteChanges(trx, context.importId, placed.map(toNote))
  return standings
}

/** Of whom the file's name and attributes are taken. Nothing is, of those who have left or are suppressed. */
function isWritten(standing: Standing | undefined): boolean {
  switch (standing) {
    case 'added':
    case 'restored':
    case 'updated':
    case 'camePending':
    case 'cameUnsubscribed':
      return true
    case 'alreadyActive':
    case 'keptPending':
    case 'keptOptOut':
    case 'cameSuppressed':
    case 'suppressed':
    case undefined:
      return false
  }
}

interface KnownRow {
  readonly place: number
  readonly subscriber_id: number | null
  readonly name: string | null
  readonly attributes: string | null
  readonly status: SubscriptionStatus | null
  readonly left_by: 'person' | 'editor' | null
  readonly suppressed: string | null
}

/** By place; whose address nobody has seen is not in it. */
async function lookUp(
  query: Query,
  people: readonly Person[],
  listId: number | null,
): Promise<ReadonlyMap<number, Known>> {
  const rows = people.map(({ addressKey, addressHash }, place) => ({
    place,
    address_key: addressKey,
    address_hash: addressHash,
  }))
  const given = rowsOf(query, { place: 'integer', address_key: 'text', address_hash: 'text' }, rows)
  const found = await sql<KnownRow>`
    select given.place, subscriber.id as subscriber_id, subscriber.name, subscriber.attributes, subscription.status,
      subscription.left_by, suppression.address_hash as suppressed
    from ${given}
    left join subscriber on subscriber.address_key = given.address_key
    left join subscription on subscription.subscriber_id = subscriber.id and subscription.list_id = ${listId ?? 0}
    left join suppression on suppression.address_hash = given.address_hash
    where subscriber.id is not null or suppression.address_hash is not null`.execute(query)
  const tagged = found.rows.flatMap(({ place, subscriber_id }) =>
    subscriber_id !== null && (people[place]?.tags.length ?? 0) > 0 ? [subscriber_id] : [],
  )
  const tags = tagged.length === 0 ? new Map<number, readonly string[]>() : await findTags(query, tagged)
  return new Map(found.rows.map((row) => [row.place, toKnown(row, tags)]))
}

function toKnown(row: KnownRow, tags: ReadonlyMap<number, readonly string[]>): Known {
  return {
    subscriberId: row.subscriber_id,
    name: row.name ?? '',
    attributes: row.attributes ?? '{}',
    tags: tags.get(row.subscriber_id ?? 0) ?? [],
    status: row.status,
    leftBy: row.left_by,
    isSuppressed: row.suppressed !== null,
  }
}

async function saveSubscribers(
  trx: Query,
  placed: readonly Placed[],
  { ids, now }: { readonly ids: readonly number[]; readonly now: number },
): Promise<void> {
  const made = placed.filter(isMade).map(({ person }) => person)
  await insertSubscribers(trx, made, { ids, now })
  const changed = placed.flatMap(({ subscriberId, change }) =>
    change === null ? [] : [{ subscriberId, change }],
  )
  await updateSubscribers(trx, changed, now)
  const tags = placed.flatMap((one) => {
    const names = isMade(one) ? one.person.tags : (one.change?.tags ?? [])
    return names.map((name) => ({ subscriberId: one.subscriberId, name }))
  })
  await addTags(trx, tags)
}

function isMade({ known }: Judged): boolean {
  return known?.subscriberId == null
}

async function saveSubscriptions(
  trx: Query,
  placed: readonly Placed[],
  { listId, origin, at, exclude }: SubscribeContext,
): Promise<void> {
  const isNew = ({ known }: Placed) => (known?.status ?? null) === null
  await insertSubscriptions(trx, placed.filter(isNew), { listId, at })
  const isMoved = ({ standing }: Placed) => standing === 'restored' || standing === 'cameUnsubscribed'
  await changeStatuses(
    trx,
    placed.filter((one) => !isNew(one) && isMoved(one)),
    { listId, at },
  )
  const ended = placed.filter(({ standing }) => standing === 'cameUnsubscribed')
  if (ended.length > 0)
    await exclude(trx, {
      subscriberIds: ended.map(({ subscriberId }) => subscriberId),
      listId,
      reason: 'unsubscribed',
      now: at,
    })
  await insertEvents(
    trx,
    placed.flatMap((one): readonly NewEvent[] => {
      const kind = EVENTS[one.standing]
      if (kind === undefined) return []
      const { line, said } = one.person
      return [
        {
          kind,
          at,
          subscriberId: one.subscriberId,
          listId,
          detail: { ...origin, line, ...said.evidence },
        },
      ]
    }),
  )
}

const EVENTS: Partial<Record<Standing, NewEvent['kind']>> = {
  added: 'subscribed',
  restored: 'restored',
  cameUnsubscribed: 'unsubscribed',
}

async function suppressPeople(
  trx: Query,
  judged: readonly Judged[],
  { origin, at, exclude }: SubscribeContext,
): Promise<void> {
  const suppressed = judged.filter(({ standing }) => standing === 'cameSuppressed')
  if (suppressed.length === 0) return
  await addSuppressions(
    trx,
    suppressed.map(({ person }) => ({
      hash: person.addressHash,
      reason: person.said.suppressed ?? '',
      now: at,
    })),
  )
  const subscriberIds = suppressed.flatMap(({ known }) => known?.subscriberId ?? [])
  await exclude(trx, { subscriberIds, listId: null, reason: 'suppressed', now: at })
  await insertEvents(
    trx,
    suppressed.map(({ person, known }) => ({
      kind: 'suppressed' as const,
      at,
      subscriberId: known?.subscriberId ?? null,
      detail: { reason: person.said.suppressed ?? '', ...origin, line: person.line, ...person.said.evidence },
    })),
  )
}

function toNote(one: Placed): ChangeNote {
  const { subscriberId, known, change, standing, person } = one
  const before = known?.status ?? null
  const after = statusAfter(one)
  const leftBy = after === 'unsubscribed' ? person.said.leftBy : null
  return {
    subscriberId,
    subscriber: isMade(one) ? 'made' : change,
    subscription:
      before === null
        ? 'made'
        : standing === 'updated'
          ? null
          : { status: [before, after], leftBy: [known?.leftBy ?? null, leftBy] },
  }
}
