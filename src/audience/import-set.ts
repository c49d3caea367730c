/** Mode `set`: the List becomes the file. Whoever is on it and not named there is taken off, by the editor. */

import { sql } from 'kysely'
import type { Db, Query } from '../db/db.js'
import { engineOf } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import { InputError } from '../errors.js'
import { insertEvents } from '../event/event.js'
import { hashAddress, type Keys } from '../link/token.js'
import { noteChanges } from './import-change.js'
import { keepTakenOff } from './import-record.js'
import type { SeenAddresses } from './seen.js'
import type { SubscribeContext } from './subscribe.js'

interface SetContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
}

/** Addresses that the file names; in a row that was refused for something else, too. */
interface Named {
  readonly seen: SeenAddresses
  readonly refused: SeenAddresses
}

const PAGE = 5_000

/** How many would be taken off. */
export async function countOthers(
  listId: number,
  named: Named,
  { db: { query }, keys }: SetContext,
): Promise<number> {
  let count = 0
  for (let after = 0; ; ) {
    const page = await readActive(query, { listId, after, before: null })
    count += page.filter((one) => !isNamed(one, named, keys)).length
    const last = page.at(-1)
    if (last === undefined) return count
    after = last.subscriber_id
  }
}

/**
 * Returns how many it took off. Who came onto the List while the file was read stays. Throws InputError when the file
 * names nobody: that is a wrong file, not an empty List.
 */
export async function takeOffOthers(
  named: Named,
  context: SubscribeContext & { readonly file: string },
  { db: { query }, keys }: SetContext,
): Promise<number> {
  if (named.seen.size === 0)
    throw new InputError([
      { where: context.file, line: null, message: 'names nobody, so nobody is taken off' },
    ])
  let count = 0
  for (let after = 0; ; ) {
    const { taken, last } = await transact(query, 'import-set', async (trx) => {
      const page = await readActive(trx, { listId: context.listId, after, before: context.at })
      const others = page.filter((one) => !isNamed(one, named, keys))
      await takeOff(trx, others, context)
      await keepTakenOff(trx, context.importId, count + others.length)
      return { taken: others.length, last: page.at(-1) }
    })
    count += taken
    if (last === undefined) return count
    after = last.subscriber_id
  }
}

interface OnList {
  readonly id: number
  readonly subscriber_id: number
  readonly address_key: string
  readonly address_hash: string | null
}

function isNamed({ address_key, address_hash }: OnList, { seen, refused }: Named, keys: Keys): boolean {
  const hash = address_hash ?? hashAddress(keys, address_key)
  return seen.has(hash) || refused.has(hash)
}

/** A page of those who are active, in the order of the index that has the List; `before` leaves out who was touched since. */
async function readActive(
  query: Query,
  {
    listId,
    after,
    before,
  }: { readonly listId: number; readonly after: number; readonly before: number | null },
): Promise<readonly OnList[]> {
  let select = query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select([
      'subscription.id',
      'subscription.subscriber_id',
      'subscriber.address_key',
      'subscriber.address_hash',
    ])
    .where('subscription.list_id', '=', listId)
    .where('subscription.subscriber_id', '>', after)
    .where('subscription.status', '=', 'active')
    .orderBy('subscription.subscriber_id')
    .limit(PAGE)
  if (before !== null) {
    select = select.where('subscription.changed_at', '<', before)
    if (engineOf(query) === 'postgres') select = select.forUpdate('subscription')
  }
  return select.execute()
}

async function takeOff(
  trx: Query,
  others: readonly OnList[],
  { listId, importId, origin, at, exclude }: SubscribeContext,
): Promise<void> {
  if (others.length === 0) return
  const subscriberIds = others.map(({ subscriber_id }) => subscriber_id)
  await trx
    .updateTable('subscription')
    .set({ status: 'unsubscribed', left_by: 'editor', changed_at: at })
    .where(
      'id',
      'in',
      sql<number>`(select id from ${idsOf(
        trx,
        others.map(({ id }) => id),
      )})`,
    )
    .execute()
  await exclude(trx, { subscriberIds, listId, reason: 'unsubscribed', now: at })
  await insertEvents(
    trx,
    subscriberIds.map((subscriberId) => ({
      kind: 'unsubscribed' as const,
      at,
      subscriberId,
      listId,
      detail: { ...origin, by: 'editor', why: 'not in the file' },
    })),
  )
  await noteChanges(
    trx,
    importId,
    subscriberIds.map((subscriberId) => ({
      subscriberId,
      subscriber: null,
      subscription: { status: ['active', 'unsubscribed'], leftBy: [null, 'editor'] },
    })),
  )
}
