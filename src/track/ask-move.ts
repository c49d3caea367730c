/** A change of address between its two mailboxes: the present one has said yes, then the new one does. */

import { parseAddress } from '../address.js'
import { findSuppressions, MOVED } from '../audience/suppression.js'
import { takeLock } from '../db/advisory-lock.js'
import type { Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { readerLanguage } from '../issue/reader-language.js'
import { hashAddress, type Keys } from '../link/token.js'
import { createNotice, type FoundNotice, useNotice } from '../send/notice/notice.js'
import { capKey, takeCap } from './cap.js'
import { foldAddress } from './fold.js'
import { maskAddress } from './mask.js'
import { type Move, movePerson } from './move.js'

const DAY_MS = 86_400_000
/** Mails that all changes of address together may send to one mailbox in a day: it never asked for any. */
const LIMIT = 2

/** The present address has said yes: the new one is asked, once. Nothing tells whether a mail went out. */
export function askNewAddress(
  query: Query,
  notice: FoundNotice,
  { newAddress, keys, now }: { readonly newAddress: string; readonly keys: Keys; readonly now: number },
): Promise<void> {
  const parsed = parseAddress(newAddress)
  // It was parsed before the Notice was made.
  if (parsed.kind === 'refused') throw new Error(`the new address ${parsed.reason}`)
  const addressHash = hashAddress(keys, parsed.key)
  return transact(query, 'moveFrom', async (trx) => {
    if (notice.subscriber_id === null || !(await useNotice(trx, notice.id, now))) return
    const suppressions = [...(await findSuppressions(trx, [addressHash, notice.address_hash])).values()]
    if (suppressions.some(({ reason }) => reason !== MOVED)) return
    const key = capKey(keys, 'move to', foldAddress(parsed))
    if (!(await takeCap(trx, { key, limit: LIMIT, windowMs: DAY_MS, now }))) return
    await createNotice(trx, {
      kind: 'moveTo',
      address: parsed.address,
      addressHash,
      name: '',
      lang: readerLanguage(notice.lang),
      subscriberId: notice.subscriber_id,
      detail: { oldAddressMasked: maskAddress(notice.address), fromHash: notice.address_hash },
      now,
      validMs: DAY_MS,
    })
  })
}

/** The new address has said yes. True the second time too; false: it can't be done any more, and the Notice stays unused. */
export async function acceptMove(
  query: Query,
  notice: FoundNotice,
  move: Omit<Move, 'subscriberId'>,
): Promise<boolean> {
  const subscriberId = notice.subscriber_id
  if (subscriberId === null) return false
  if (notice.used_at !== null) return true
  return transact(
    query,
    'moveTo',
    async (trx) => {
      // Pressed twice, the second waits here and finds it done.
      await takeLock(trx, 'people')
      if (await isUsed(trx, notice.id)) return true
      const isMoved = await movePerson(trx, { ...move, subscriberId })
      if (isMoved) await useNotice(trx, notice.id, move.now)
      return isMoved
    },
    // Someone may come to have the new address at this moment; run again, we become one with them.
    { onConflict: 'again' },
  )
}

async function isUsed(trx: Query, noticeId: number): Promise<boolean> {
  const row = await trx
    .selectFrom('notice')
    .select('id')
    .where('id', '=', noticeId)
    .where('used_at', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}
