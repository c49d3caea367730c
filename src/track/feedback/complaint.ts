/** Complaint: a reader has called it spam. They are never mailed again, whatever they are subscribed to. */

import { parseAddress } from '../../address.js'
import { REPORTED } from '../../audience/suppression.js'
import type { Query } from '../../db/db.js'
import { insertEvents } from '../../event/event.js'
import { honourReport } from '../../send/evidence.js'
import type { Claim } from './feedback.js'
import { letGo } from './let-go.js'
import type { Subject } from './subject.js'
import type { Act, ActContext } from './take.js'

export const COMPLAINED = 'complained'

export async function takeComplaint(
  trx: Query,
  { type }: Extract<Claim, { kind: 'complained' }>,
  { subject, isProven, request }: ActContext,
): Promise<Act> {
  const { deliveryId, subscriberId, listId, sendId } = subject
  const { keys, now, source } = request
  // Who complains of a message has it.
  await honourReport(trx, { deliveryId, says: 'arrived', now })
  const isNews = !(await hasComplained(trx, subject))
  if (isNews)
    await insertEvents(trx, [
      {
        kind: 'complained',
        at: now,
        subscriberId,
        listId,
        sendId,
        deliveryId,
        detail: { how: 'report', type, source },
      },
    ])
  const parsed = parseAddress(subject.address)
  if (parsed.kind === 'refused') return { isNews, isSuppressed: false }
  const reason = isProven ? COMPLAINED : REPORTED
  let isSuppressed = false
  for (const addressKey of new Set([parsed.key, ...(await readPresentKeys(trx, subject))])) {
    const request = { addressKey, reason, by: 'a complaint', keys, now }
    isSuppressed = (await letGo(trx, subject, request)) || isSuppressed
  }
  return { isNews, isSuppressed }
}

/** Who has moved since has not changed their mind. By way of the Subscription, which goes with whoever becomes one with another. */
async function readPresentKeys(trx: Query, { deliveryId }: Subject): Promise<readonly string[]> {
  const rows = await trx
    .selectFrom('delivery')
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select('subscriber.address_key')
    .where('delivery.id', '=', deliveryId)
    .execute()
  return rows.map(({ address_key }) => address_key)
}

/** Of this Message, before. */
async function hasComplained(trx: Query, { subscriberId, deliveryId }: Subject): Promise<boolean> {
  const known = await trx
    .selectFrom('event')
    .select('id')
    .where('subscriber_id', '=', subscriberId)
    .where('delivery_id', '=', deliveryId)
    .where('kind', '=', 'complained')
    .executeTakeFirst()
  return known !== undefined
}
