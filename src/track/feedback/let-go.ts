/** Lets go of an address that is not to be mailed any more, in the caller's transaction. */

import { idsOfPerson } from '../../audience/merged.js'
import type { Query } from '../../db/db.js'
import { leftOut } from '../../send/exclude.js'
import { type SuppressRequest, suppressAddress } from '../suppress.js'

/**
 * The address is suppressed, and Deliveries to it that wait are taken out; also those of a person who has moved away since
 * and was frozen with it. False: it was suppressed before.
 */
export async function letGo(
  trx: Query,
  { subscriberId }: { readonly subscriberId: number },
  request: SuppressRequest,
): Promise<boolean> {
  const { kind } = await suppressAddress(trx, request)
  await trx
    .updateTable('delivery')
    .set({ ...leftOut('suppressed'), changed_at: request.now })
    .where('subscriber_id', 'in', idsOfPerson(subscriberId))
    .where('address_key', '=', request.addressKey)
    .where('state', 'in', ['queued', 'deferred'])
    .execute()
  return kind === 'suppressed'
}
