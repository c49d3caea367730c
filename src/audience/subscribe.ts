/**
 * Subscribe many people to a List at once, as a file has them. Nothing of it is done row by row: what is known of all is
 * looked up, judged (`standing.ts`), and written table by table, with a note of what was there before.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf, rowsOf } from '../db/rows.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { insertEvents, type NewEvent } from '../event/event.js'
import { type ChangeNote, noteChanges } from './import-change.js'
import type { Person } from './person.js'
import { type Change, changeOf, type ImportMode, type Known, type Standing, standingOf } from './standing.js'
import { insertSubscribers, updateSubscribers } from './subscriber-rows.js'
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
  readonly change: Change | null
}

/** With the Subscriber that stands for them. */
interface Placed extends Judged {
  readonly subscriberId: number
}

/** The standing of each person, in their order. `listId` null: a List that does not exist yet. Writes nothing. */
export async function foresee(
  query: Query,
  people: readonly Person[],
  { listId, mode }: { readonly listId: number | null; readonly mode: ImportMode },
): Promise<readonly Standing[]> {
  const known = await lookUp(query, people, listId)
  return people.map((person, place) => standingOf(person, known.get(place), mode))
}

/** Run it in a transaction; addresses differ from each other. Returns the standing of each person, in their order. */
export async function subscribe(
  trx: Query,
  people: readonly Person[],
  context: SubscribeContext,
): Promise<readonly Standing[]> {
  const known = await lookUp(trx, people, context.listId)
  const judged = people.map((person, place): Judged => {
    const found = known.get(place)
    const standing = standingOf(person, found, context.mode)
    return {
      person,
      known: found,
      standing,
      change: isWritten(standing) ? changeOf(person, found, context.mode) : null,
    }
  })
  const ids = await saveSubscribers(trx, judged, context.at)
  const placed = judged.flatMap((one): readonly Placed[] => {
    const subscriberId = ids.get(one.person.addressKey)
    return subscriberId === undefined ? [] : [{ ...one, subscriberId }]
  })
  const settled = await saveSubscriptions(trx, placed, context)
  await suppressPeople(trx, judged, context)
  await noteChanges(trx, context.importId, settled.map(toNote))
  // Postgres: whom another transaction has added meanwhile is judged again, by what it has made of them.
  const done = new Set(settled.map(({ person }) => person.addressKey))
  const missed = judged.filter(({ person, standing }) => isWritten(standing) && !done.has(person.addressKey))
  if (missed.length === 0) return judged.map(({ standing }) => standing)
  const again = await subscribe(
    trx,
    missed.map(({ person }) => person),
    context,
  )
  const later = new Map(missed.map(({ person }, place) => [person.addressKey, again[place]]))
  return judged.map(({ person, standing }) => later.get(person.addressKey) ?? standing)
}

/** Of whom the file's name and attributes are taken. Nothing is, of those who have left or are suppressed. */
function isWritten(standing: Standing): boolean {
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

/** Returns the ids of all who are written of and known, by address key. */
async function saveSubscribers(
  trx: Query,
  judged: readonly Judged[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const written = judged.filter(({ standing }) => isWritten(standing))
  const isNew = ({ known }: Judged) => known?.subscriberId == null
  const ids = await insertSubscribers(
    trx,
    written.filter(isNew).map(({ person }) => person),
    now,
  )
  const changed = written.flatMap(({ known, change }) =>
    known?.subscriberId == null || change === null ? [] : [{ subscriberId: known.subscriberId, change }],
  )
  await updateSubscribers(trx, changed, now)
  const all = new Map(ids)
  for (const { known, person } of written)
    if (known?.subscriberId != null) all.set(person.addressKey, known.subscriberId)
  const tags = written.flatMap(({ person, change }) => {
    const subscriberId = all.get(person.addressKey)
    return subscriberId === undefined ? [] : (change?.tags ?? []).map((name) => ({ subscriberId, name }))
  })
  await addTags(trx, tags)
  return all
}

/** Returns those whose Subscription is now as was judged. */
async function saveSubscriptions(
  trx: Query,
  all: readonly Placed[],
  { listId, origin, at, exclude }: SubscribeContext,
): Promise<readonly Placed[]> {
  const isNew = ({ known }: Placed) => (known?.status ?? null) === null
  const inserted = await insertSubscriptions(trx, all.filter(isNew), { listId, at })
  const placed = all.filter((one) => !isNew(one) || inserted.has(one.subscriberId))
  const changed = placed.filter(
    (one) => !isNew(one) && (one.standing === 'restored' || one.standing === 'cameUnsubscribed'),
  )
  for (const status of ['active', 'unsubscribed'] as const)
    await changeStatus(
      trx,
      changed.filter((one) => statusAfter(one) === status),
      { listId, status, at },
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
        { kind, at, subscriberId: one.subscriberId, listId, detail: { ...origin, line, ...said.evidence } },
      ]
    }),
  )
  return placed
}

const EVENTS: Partial<Record<Standing, NewEvent['kind']>> = {
  added: 'subscribed',
  restored: 'restored',
  cameUnsubscribed: 'unsubscribed',
}

function statusAfter({ standing }: Judged): SubscriptionStatus {
  return standing === 'cameUnsubscribed' ? 'unsubscribed' : standing === 'camePending' ? 'pending' : 'active'
}

/** In the order of the file: it becomes the order of the List. Returns the ids of those whom this call added. */
async function insertSubscriptions(
  trx: Query,
  placed: readonly Placed[],
  { listId, at }: { readonly listId: number; readonly at: number },
): Promise<ReadonlySet<number>> {
  if (placed.length === 0) return new Set()
  const isPlain = placed.every(
    ({ standing, person }) => standing === 'added' && person.said.joinedAt === null,
  )
  const ids = placed.map(({ subscriberId }) => subscriberId)
  const rows = isPlain
    ? sql`select id, 'active', null, ${sql.lit(at)} from ${idsOf(trx, ids)} where true`
    : sql`select subscriber_id, status, left_by, joined_at from ${givenSubscriptions(trx, placed, at)} where true
        order by place`
  const inserted = await sql<{ subscriber_id: number }>`
    insert into subscription (list_id, changed_at, subscriber_id, status, left_by, created_at)
    select ${sql.lit(listId)}, ${sql.lit(at)}, wanted.* from (${rows}) as wanted where true
    on conflict (list_id, subscriber_id) do nothing
    returning subscriber_id`.execute(trx)
  return new Set(inserted.rows.map(({ subscriber_id }) => subscriber_id))
}

function givenSubscriptions(trx: Query, placed: readonly Placed[], at: number) {
  const columns = {
    place: 'integer',
    subscriber_id: 'integer',
    status: 'text',
    left_by: 'text',
    joined_at: 'integer',
  } as const
  const rows = placed.map((one, place) => ({
    place,
    subscriber_id: one.subscriberId,
    status: statusAfter(one),
    left_by: one.standing === 'cameUnsubscribed' ? one.person.said.leftBy : null,
    joined_at: one.person.said.joinedAt ?? at,
  }))
  return rowsOf(trx, columns, rows)
}

async function changeStatus(
  trx: Query,
  placed: readonly Placed[],
  {
    listId,
    status,
    at,
  }: { readonly listId: number; readonly status: SubscriptionStatus; readonly at: number },
): Promise<void> {
  if (placed.length === 0) return
  const ids = placed.map(({ subscriberId }) => subscriberId)
  await trx
    .updateTable('subscription')
    .set({ status, left_by: status === 'unsubscribed' ? 'person' : null, changed_at: at })
    .where('list_id', '=', listId)
    .where('subscriber_id', 'in', sql<number>`(select id from ${idsOf(trx, ids)})`)
    .execute()
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

function toNote({ subscriberId, known, change, standing, person }: Placed): ChangeNote {
  const isNew = known?.subscriberId == null
  const before = known?.status ?? null
  const after = statusAfter({ person, known, change, standing })
  const leftBy = after === 'unsubscribed' ? person.said.leftBy : null
  return {
    subscriberId,
    subscriber: isNew ? 'made' : change,
    subscription:
      before === null
        ? 'made'
        : standing === 'updated'
          ? null
          : { status: [before, after], leftBy: [known?.leftBy ?? null, leftBy] },
  }
}
