/** A look into the store: opened for one question and closed after it, so that whoever looks holds nothing. */

import type { Config } from '../config.js'
import { hasStore, openStore, type Store } from './store.js'

/** Null where there is no store yet: looking makes none. */
export async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T | null> {
  if (!hasStore(config)) return null
  const store = await openStore(config)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
