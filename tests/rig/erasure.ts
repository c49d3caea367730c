/** A root whose people may be erased, and what is found of them then. */

import type { Store } from '../../src/app/store.js'
import { erase } from '../../src/track/erase.js'
import { recordSignUp } from '../../src/track/sign-up.js'
import { openTestRoot, type TestRoot } from './engine.js'

export interface ErasePlace {
  readonly root: TestRoot
  readonly store: Store
  /** The id of the Subscriber. */
  idOf(address: string): Promise<number>
  /** By the mailbox's yes. */
  forget(subscriberId: number): ReturnType<typeof erase>
  /** They ask on the page to be subscribed. */
  askToJoin(address: string): Promise<unknown>
  /** By their reasons. */
  suppressions(): Promise<readonly { readonly address_hash: string; readonly reason: string }[]>
  close(): Promise<void>
}

export async function openErasePlace(): Promise<ErasePlace> {
  const root = await openTestRoot({ PRESSRUN_SECRET: 'a secret of the erasure test with 32 characters' })
  const store = await root.store()
  const { query } = store.db
  return {
    root,
    store,
    async idOf(address) {
      const row = await query
        .selectFrom('subscriber')
        .select('id')
        .where('address_key', '=', address)
        .executeTakeFirstOrThrow()
      return row.id
    },
    forget: (subscriberId) =>
      erase(store.db, { subscriberId, how: 'notice', keys: store.keys, now: Date.now() }),
    askToJoin: (address) =>
      recordSignUp(query, {
        listId: 1,
        address,
        name: '',
        lang: 'en',
        network: '',
        userAgent: '',
        from: 'page',
        page: '',
        now: 1,
      }),
    suppressions: () => query.selectFrom('suppression').selectAll().orderBy('reason').execute(),
    close: root.close,
  }
}
