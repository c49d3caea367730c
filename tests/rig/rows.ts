/** What was written down, in the order in which it was. */

import type { Db } from '../../src/db/db.js'

type Store = Pick<Db, 'query'>

export const hitsIn = ({ query }: Store) => query.selectFrom('hit').selectAll().orderBy('id').execute()
export const eventsIn = ({ query }: Store) => query.selectFrom('event').selectAll().orderBy('id').execute()
export const noticesIn = ({ query }: Store) => query.selectFrom('notice').selectAll().orderBy('id').execute()
/** Who has signed up and waits to be read. */
export const signUpsIn = ({ query }: Store) => query.selectFrom('sign_up').selectAll().orderBy('id').execute()
export const peopleIn = ({ query }: Store) =>
  query.selectFrom('subscriber').selectAll().orderBy('id').execute()
export const commentsIn = ({ query }: Store) =>
  query.selectFrom('comment').selectAll().orderBy('id').execute()

/** The id of the Subscriber with that address at example.com. */
export async function subscriberIdOf({ query }: Store, who: string): Promise<number> {
  const { id } = await query
    .selectFrom('subscriber')
    .select('id')
    .where('address_key', '=', `${who}@example.com`)
    .executeTakeFirstOrThrow()
  return id
}

export const deliveryOf = ({ query }: Store, id: number | undefined) =>
  query
    .selectFrom('delivery')
    .select(['state', 'reason'])
    .where('id', '=', id ?? 0)
    .executeTakeFirstOrThrow()
