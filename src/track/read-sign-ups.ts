/**
 * What becomes of sign-ups: a Notice that asks whether they are wanted, or one that they are there already, or nothing.
 * Nobody is subscribed here.
 */

import { parseAddress } from '../address.js'
import { findSubscriber } from '../audience/subscriber.js'
import { findSuppressions, OWN_REASONS } from '../audience/suppression.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { readerLanguage } from '../issue/reader-language.js'
import { hashAddress, type Keys } from '../link/token.js'
import { createNotice } from '../send/notice/notice.js'
import { takeCaps } from './cap.js'
import { signUpCaps } from './sign-up-caps.js'

export const CONFIRM_MS = 7 * 24 * 3_600_000

export interface ReadContext {
  readonly query: Query
  readonly keys: Keys
  readonly now: () => number
}

/** What became of one. `capped` names what refused: `sign-up address hour`. */
export type SignUpFate =
  | { readonly kind: 'confirm' | 'known' | 'refused' | 'suppressed' | 'closed' | 'gone' }
  | { readonly kind: 'capped'; readonly by: string }

/** Ids of those that wait, the oldest first. */
export async function waitingSignUps(query: Query, limit: number): Promise<readonly number[]> {
  const rows = await query.selectFrom('sign_up').select('id').orderBy('id').limit(limit).execute()
  return rows.map(({ id }) => id)
}

/** In one transaction; `gone` when another process was first. */
export function readSignUp(id: number, { query, keys, now }: ReadContext): Promise<SignUpFate> {
  return transact(query, 'signUp', async (trx) => {
    // Whoever is being erased is erased first.
    await takeLock(trx, 'people', 'shared')
    const row = await trx.deleteFrom('sign_up').where('id', '=', id).returningAll().executeTakeFirst()
    if (row === undefined) return { kind: 'gone' }
    const address = parseAddress(row.address)
    if (address.kind === 'refused') return { kind: 'refused' }
    const list = await trx
      .selectFrom('list')
      .select('id')
      .where('id', '=', row.list_id)
      .where('is_open', '=', 1)
      .where('visibility', '=', 'public')
      .executeTakeFirst()
    if (list === undefined) return { kind: 'closed' }
    const addressHash = hashAddress(keys, address.key)
    const reason = (await findSuppressions(trx, [addressHash])).get(addressHash)?.reason ?? null
    // Who was erased or has moved may come back by their own word; who is proven to have bounced or complained by an editor's alone.
    if (reason !== null && !OWN_REASONS.includes(reason)) return { kind: 'suppressed' }
    // Whoever is suppressed gets nothing, though they may be on the List.
    const known = reason === null ? await findActive(trx, address.key, row.list_id) : null
    const at = now()
    const source = { listId: row.list_id, address, network: row.network }
    const refusedBy = await takeCaps(trx, signUpCaps(source, { keys, now: at }))
    if (refusedBy !== null) return { kind: 'capped', by: refusedBy.slice(0, refusedBy.lastIndexOf(':')) }
    const common = {
      address: address.address,
      addressHash,
      name: row.name,
      lang: readerLanguage(row.lang),
      listId: row.list_id,
      now: at,
      validMs: CONFIRM_MS,
    }
    if (known !== null) {
      const { subscriberId, subscriptionId } = known
      await createNotice(trx, { ...common, kind: 'known', subscriberId, detail: { subscriptionId } })
      return { kind: 'known' }
    }
    // Written by `recordSignUp` alone.
    const from = JSON.parse(row.detail) as Record<string, string>
    const detail = { network: row.network, userAgent: row.user_agent, at: row.at, ...from }
    await createNotice(trx, { ...common, kind: 'confirm', detail })
    return { kind: 'confirm' }
  })
}

/** One that can't be read however often it is tried. */
export async function dropSignUp(query: Query, id: number): Promise<void> {
  await query.deleteFrom('sign_up').where('id', '=', id).execute()
}

async function findActive(
  trx: Query,
  addressKey: string,
  listId: number,
): Promise<{ readonly subscriberId: number; readonly subscriptionId: number } | null> {
  const subscriber = await findSubscriber(trx, addressKey)
  if (subscriber === null) return null
  const subscription = await trx
    .selectFrom('subscription')
    .select('id')
    .where('subscriber_id', '=', subscriber.id)
    .where('list_id', '=', listId)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return subscription === undefined ? null : { subscriberId: subscriber.id, subscriptionId: subscription.id }
}
