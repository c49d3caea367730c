/** Notices as an act of somebody's would have left them, and what becomes of them. */

import { expect, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import type { NoticeState } from '../../src/db/schema.js'
import { hashAddress } from '../../src/link/token.js'
import { createNotice, type NewNotice } from '../../src/send/notice/notice.js'

export const DAY_MS = 86_400_000

export function askFor(
  { db, keys, now }: Store,
  who: string,
  more: Partial<NewNotice> = {},
): Promise<number> {
  const address = `${who}@example.org`
  return createNotice(db.query, {
    kind: 'export',
    address,
    addressHash: hashAddress(keys, address),
    name: who,
    lang: 'en',
    now: now(),
    validMs: DAY_MS,
    ...more,
  })
}

export function readNotice({ db }: Pick<Store, 'db'>, id: number) {
  return db.query.selectFrom('notice').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

export async function untilNotice(store: Pick<Store, 'db'>, id: number, ...states: readonly NoticeState[]) {
  await vi.waitFor(async () => expect(states).toContain((await readNotice(store, id)).state), {
    timeout: 30_000,
    interval: 20,
  })
  return readNotice(store, id)
}
