/** What a command adds that lets something go out, when the database may be a copy. */

import { identityOf, type Store } from '../app/store.js'
import type { Config } from '../config.js'

/** Looks, and changes nothing. */
export async function sayIfCopied(
  store: Store,
  { config, say }: { readonly config: Config; readonly say: (sentence: string) => void },
): Promise<void> {
  const identity = identityOf(store, config)
  const present = await identity.present()
  const { kind } = await store.db.query.transaction().execute((trx) => identity.recognise(trx, present))
  if (kind === 'copy') say('this database looks copied or restored: nothing is sent until pressrun adopt')
}
