/**
 * Subscribe many people to a List at once. Whoever has left it, or is suppressed, stays away: only their own act
 * brings them back.
 */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { mergeJson } from '../db/json.js'
import { rowsOf } from '../db/rows.js'
import type { SubscriptionStatus } from '../db/schema.js'
import { insertEvents } from '../event/event.js'
import { parseAttributes } from './subscriber.js'

export interface Person {
  readonly address: string
  readonly addressKey: string
  /** `hashAddress` of the address key. */
  readonly addressHash: string
  /** '' when not given. */
  readonly name: string
  /** Only those with a value. */
  readonly attributes: Readonly<Record<string, string>>
  /** For the Event: how and from where. */
  readonly detail: Readonly<Record<string, string | number>>
}

/** What becomes of a person: `added` to the List, `updated` on it, or left as they are and why. */
export type Standing = 'added' | 'updated' | 'alreadyActive' | 'keptPending' | 'keptOptOut' | 'suppressed'

interface Known {
  readonly place: number
  readonly subscriber_id: number | null
  readonly name: string | null
  readonly attributes: string | null
  readonly status: SubscriptionStatus | null
  readonly suppressed: string | null
}

/** The standing of each person, in their order. `listId` null: a List that does not exist yet. Writes nothing. */
export async function foresee(
  query: Query,
  people: readonly Person[],
  listId: number | null,
): Promise<readonly Standing[]> {
  const known = await lookUp(query, people, listId)
  return people.map((person, place) => standingOf(person, known.get(place)))
}

/** Run it in a transaction; addresses differ from each other. Returns the standing of each person, in their order. */
export async function subscribe(
  trx: Query,
  people: readonly Person[],
  { listId, now }: { readonly listId: number; readonly now: number },
): Promise<readonly Standing[]> {
  const known = await lookUp(trx, people, listId)
  const standings = people.map((person, place) => standingOf(person, known.get(place)))
  const changed = people.filter((person, place) => {
    const standing = standings[place]
    return standing === 'updated' || (standing === 'added' && differs(person, known.get(place)))
  })
  await saveSubscribers(trx, changed, now)
  const wanted = people.filter((_, place) => standings[place] === 'added')
  const added = await addSubscriptions(trx, wanted, { listId, now })
  // Postgres: whoever came onto the List after we looked was added by another, and is counted there.
  return people.map(({ addressKey }, place) => {
    const standing = standings[place] ?? 'alreadyActive'
    return standing === 'added' && !added.has(addressKey) ? 'alreadyActive' : standing
  })
}

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
  const known = await sql<Known>`
    select given.place, subscriber.id as subscriber_id, subscriber.name, subscriber.attributes, subscription.status,
      suppression.address_hash as suppressed
    from ${given}
    left join subscriber on subscriber.address_key = given.address_key
    left join subscription on subscription.subscriber_id = subscriber.id and subscription.list_id = ${listId ?? 0}
    left join suppression on suppression.address_hash = given.address_hash`.execute(query)
  return new Map(known.rows.map((row) => [row.place, row]))
}

function standingOf(person: Person, known: Known | undefined): Standing {
  if (known?.suppressed) return 'suppressed'
  switch (known?.status) {
    case 'unsubscribed':
      return 'keptOptOut'
    case 'pending':
      return 'keptPending'
    case 'active':
      return differs(person, known) ? 'updated' : 'alreadyActive'
    default:
      return 'added'
  }
}

/** Whether something given is not what we know; what is not given changes nothing. */
function differs({ name, attributes }: Person, known: Known | undefined): boolean {
  if (known === undefined || known.subscriber_id === null) return true
  if (name !== '' && name !== known.name) return true
  const before = parseAttributes(known.attributes ?? '{}')
  return Object.entries(attributes).some(([key, value]) => before[key] !== value)
}

async function saveSubscribers(trx: Query, people: readonly Person[], now: number): Promise<void> {
  if (people.length === 0) return
  const rows = people.map(({ address, addressKey, addressHash, name, attributes }) => ({
    address,
    address_key: addressKey,
    address_hash: addressHash,
    name,
    attributes: JSON.stringify(attributes),
  }))
  const columns = {
    address: 'text',
    address_key: 'text',
    address_hash: 'text',
    name: 'text',
    attributes: 'text',
  } as const
  const attributes = mergeJson(trx, sql`subscriber.attributes`, sql`excluded.attributes`)
  // In one order everywhere, so that two imports at once don't wait for each other in a circle.
  await sql`
    insert into subscriber (address, address_key, address_hash, name, attributes, created_at, changed_at)
    select address, address_key, address_hash, name, attributes, ${sql.lit(now)}, ${sql.lit(now)}
    from ${rowsOf(trx, columns, rows)} where true order by address_key
    on conflict (address_key) do update set
      name = case when excluded.name = '' then subscriber.name else excluded.name end,
      attributes = ${attributes},
      changed_at = excluded.changed_at`.execute(trx)
}

/** Returns the address keys of those whom this call added. */
async function addSubscriptions(
  trx: Query,
  people: readonly Person[],
  { listId, now }: { readonly listId: number; readonly now: number },
): Promise<ReadonlySet<string>> {
  if (people.length === 0) return new Set()
  const rows = people.map(({ addressKey }) => ({ address_key: addressKey }))
  const found = await sql<{ id: number; address_key: string }>`
    select subscriber.id, subscriber.address_key from ${rowsOf(trx, { address_key: 'text' }, rows)}
    join subscriber on subscriber.address_key = given.address_key`.execute(trx)
  const ids = new Map(found.rows.map(({ id, address_key }) => [address_key, id]))
  // In the order of the file: it becomes the order of the List.
  const given = rowsOf(
    trx,
    { place: 'integer', subscriber_id: 'integer' },
    people.map(({ addressKey }, place) => ({ place, subscriber_id: ids.get(addressKey) ?? null })),
  )
  const inserted = await sql<{ subscriber_id: number }>`
    insert into subscription (list_id, subscriber_id, status, created_at, changed_at)
    select ${sql.lit(listId)}, subscriber_id, 'active', ${sql.lit(now)}, ${sql.lit(now)}
    from ${given} where subscriber_id is not null order by place
    on conflict (list_id, subscriber_id) do nothing
    returning subscriber_id`.execute(trx)
  const newIds = new Set(inserted.rows.map(({ subscriber_id }) => subscriber_id))
  const added = people.filter(({ addressKey }) => newIds.has(ids.get(addressKey) ?? 0))
  await insertEvents(
    trx,
    added.map(({ addressKey, detail }) => ({
      kind: 'subscribed',
      at: now,
      subscriberId: ids.get(addressKey) ?? null,
      listId,
      detail,
    })),
  )
  return new Set(added.map(({ addressKey }) => addressKey))
}
