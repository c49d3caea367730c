/** A change of address: asked for by way of both mailboxes, or done at once; and what it leaves behind. */

import { parseAddress } from '../../src/address.js'
import type { Db } from '../../src/db/db.js'
import { hashAddress } from '../../src/link/token.js'
import { movePerson } from '../../src/track/move.js'
import { noticeOf, preferencesOf } from './links.js'
import { noticesIn } from './rows.js'
import { seedSend } from './seed.js'
import { KEYS, type WebPlace } from './web-place.js'

type Store = Pick<Db, 'query'>

/** Alice asks on her page, and her old mailbox agrees; `from` and `to` are where the two Notices lead. */
export async function askAndAgree(
  web: WebPlace,
): Promise<{ readonly from: string; readonly to: string; readonly page: string }> {
  const { deliveries } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })
  const page = preferencesOf(deliveries.alice)
  await web.ask(page, { fields: { act: 'move', address: ' Alice.New@EXAMPLE.org ' } })
  const [first] = await noticesIn(web.db)
  await web.ask(noticeOf(first?.id), { fields: {} })
  const [, second] = await noticesIn(web.db)
  return { page, from: noticeOf(first?.id), to: noticeOf(second?.id) }
}

export interface Move {
  readonly subscriberId: number
  readonly from: string
  readonly to: string
}

/** Whether it was done. */
export function move({ db, now }: WebPlace, { subscriberId, from, to }: Move): Promise<boolean> {
  const parsed = parseAddress(to)
  if (parsed.kind === 'refused') throw new Error(parsed.reason)
  return db.query.transaction().execute((trx) =>
    movePerson(trx, {
      subscriberId,
      fromHash: hashAddress(KEYS, from),
      to: parsed,
      act: { how: 'notice' },
      keys: KEYS,
      now: now(),
    }),
  )
}

export const subscribersIn = ({ query }: Store) =>
  query
    .selectFrom('subscriber')
    .select(['id', 'address', 'address_key', 'address_hash'])
    .orderBy('id')
    .execute()

export const deliveriesIn = ({ query }: Store) =>
  query.selectFrom('delivery').select(['subscriber_id', 'address', 'state', 'reason']).orderBy('id').execute()
