/**
 * Notice: a mail to one person caused by their own act. It is written down in the transaction of that act and sent
 * apart from Sends, which never hold it up.
 */

import type { Selectable } from 'kysely'
import type { Query } from '../../db/db.js'
import type { NoticeKind, NoticeTable } from '../../db/schema.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'

export interface NewNotice {
  readonly kind: NoticeKind
  /** Parsed; where it goes. */
  readonly address: string
  /** `hashAddress` of the address key. */
  readonly addressHash: string
  readonly name: string
  readonly lang: ReaderLanguage
  readonly listId?: number | null
  readonly subscriberId?: number | null
  /** What the act that it asks about needs to be done. */
  readonly detail?: Readonly<Record<string, unknown>>
  readonly now: number
  /** Milliseconds that its link works. */
  readonly validMs: number
}

/** Returns its id, which its `notice` Token is for. */
export async function createNotice(trx: Query, notice: NewNotice): Promise<number> {
  const { kind, address, addressHash, name, lang, listId, subscriberId, detail = {}, now, validMs } = notice
  const { id } = await trx
    .insertInto('notice')
    .values({
      kind,
      address,
      address_hash: addressHash,
      name,
      lang,
      list_id: listId ?? null,
      subscriber_id: subscriberId ?? null,
      detail: JSON.stringify(detail),
      state: 'queued',
      created_at: now,
      changed_at: now,
      expires_at: now + validMs,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export type FoundNotice = Pick<Selectable<NoticeTable>, (typeof FOUND)[number]>

const FOUND = [
  'id',
  'kind',
  'address',
  'address_hash',
  'name',
  'lang',
  'list_id',
  'subscriber_id',
  'detail',
  'created_at',
  'expires_at',
  'used_at',
] as const

/**
 * As its person may still use it; null when it is none, has run out or was erased. A used one is found too: what it
 * says was done.
 */
export async function findNotice(query: Query, id: number, now: number): Promise<FoundNotice | null> {
  const row = await query
    .selectFrom('notice')
    .select(FOUND)
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .where('address', '!=', '')
    .executeTakeFirst()
  return row ?? null
}

/** True for the first one who uses it; false too when it has run out or was erased. */
export async function useNotice(trx: Query, id: number, now: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('notice')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .where('address', '!=', '')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Ends those that went to an address, as if their time were over: its person has another now. */
export async function endNotices(
  trx: Query,
  { addressHash, now }: { readonly addressHash: string; readonly now: number },
): Promise<void> {
  await trx
    .updateTable('notice')
    .set({ expires_at: now })
    .where('address_hash', '=', addressHash)
    .where('expires_at', '>', now)
    .execute()
}
