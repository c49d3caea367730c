/** Many Subscribers written at once. In one order everywhere, so that two imports don't wait for each other in a circle. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { mergeJson } from '../db/json.js'
import { rowsOf } from '../db/rows.js'
import type { Person } from './person.js'
import type { Change } from './standing.js'

/** Ids by address key. Whom another transaction has inserted first is not among them. */
export async function insertSubscribers(
  trx: Query,
  people: readonly Person[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  if (people.length === 0) return new Map()
  const rows = people.map(({ address, addressKey, addressHash, name, attributes }) => ({
    address: address === addressKey ? null : address,
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
  const inserted = await sql<{ id: number; address_key: string }>`
    insert into subscriber (address, address_key, address_hash, name, attributes, created_at, changed_at)
    select coalesce(address, address_key), address_key, address_hash, name, attributes, ${sql.lit(now)}, ${sql.lit(now)}
    from ${rowsOf(trx, columns, rows)} where true order by address_key
    on conflict (address_key) do nothing
    returning id, address_key`.execute(trx)
  return new Map(inserted.rows.map(({ id, address_key }) => [address_key, id]))
}

/** Tags are not in this table. */
export async function updateSubscribers(
  trx: Query,
  changed: readonly { readonly subscriberId: number; readonly change: Change }[],
  now: number,
): Promise<void> {
  const rows = changed
    .filter(({ change: { name, attributes } }) => name !== null || Object.keys(attributes).length > 0)
    .map(({ subscriberId, change: { name, attributes } }) => ({
      id: subscriberId,
      name: name?.[1] ?? null,
      attributes: JSON.stringify(
        Object.fromEntries(Object.entries(attributes).map(([key, [, after]]) => [key, after])),
      ),
    }))
    .toSorted((a, b) => a.id - b.id)
  if (rows.length === 0) return
  const given = rowsOf(trx, { id: 'integer', name: 'text', attributes: 'text' }, rows)
  await sql`
    update subscriber set
      name = coalesce(given.name, subscriber.name),
      attributes = ${mergeJson(trx, sql`subscriber.attributes`, sql`given.attributes`)},
      changed_at = ${sql.lit(now)}
    from ${given} where subscriber.id = given.id`.execute(trx)
}
