/** Many Subscribers written at once. In one order everywhere, so that two imports don't wait for each other in a circle. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { mergeJson } from '../db/json.js'
import { rowsOf } from '../db/rows.js'
import { Overtaken } from '../db/transact.js'
import type { Person } from './person.js'
import type { Change } from './standing.js'

/** `ids` are reserved, in the order of the people. Throws Overtaken when another has inserted one of them first. */
export async function insertSubscribers(
  trx: Query,
  people: readonly Person[],
  { ids, now }: { readonly ids: readonly number[]; readonly now: number },
): Promise<void> {
  if (people.length === 0) return
  const rows = people.map(({ address, addressKey, addressHash, name, attributes, said }, place) => ({
    id: ids[place] ?? null,
    address: address === addressKey ? null : address,
    address_key: addressKey,
    address_hash: addressHash,
    name,
    attributes: JSON.stringify(attributes),
    lang: said.wishes?.lang ?? null,
    is_untracked: said.wishes?.isUntracked ? 1 : 0,
  }))
  const columns = {
    id: 'integer',
    address: 'text',
    address_key: 'text',
    address_hash: 'text',
    name: 'text',
    attributes: 'text',
    lang: 'text',
    is_untracked: 'integer',
  } as const
  const { numAffectedRows } = await sql`
    insert into subscriber (id, address, address_key, address_hash, name, attributes, lang, is_untracked,
      created_at, changed_at)
    select id, coalesce(address, address_key), address_key, address_hash, name, attributes, lang, is_untracked,
      ${sql.lit(now)}, ${sql.lit(now)}
    from ${rowsOf(trx, columns, rows)} where true order by address_key
    on conflict (address_key) do nothing`.execute(trx)
  if (Number(numAffectedRows) !== people.length) throw new Overtaken('a Subscriber')
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
