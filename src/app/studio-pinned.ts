/** What was made earlier, by the first digits of its hash: pinned by a Send, or built here lately. */

import path from 'node:path'
import { findBuilt } from '../compile/cached-build.js'
import type { Compilation } from '../compile/compiled.js'
import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import { findCompiled } from '../send/send.js'
import { withStore } from './look.js'
import type { Store } from './store.js'

/** Null when there is none. Throws InputError when there are several. */
export async function findPinned(config: Config, prefix: string): Promise<Compilation | null> {
  const pinned = await withStore(config, (store) => readPinned(store, prefix))
  if (pinned !== null) return pinned
  const cacheFolder = path.join(config.dataDir, 'cache')
  return theOne(await findBuilt({ root: config.root, cacheFolder }, prefix), prefix)
}

async function readPinned({ db }: Store, prefix: string): Promise<Compilation | null> {
  const found = theOne(await findCompiled(db.query, prefix), prefix)
  if (found === null) return null
  const wanted = found.compiled.images.map(({ sha256 }) => sha256)
  const rows =
    wanted.length === 0
      ? []
      : await db.query.selectFrom('image').select(['sha256', 'bytes']).where('sha256', 'in', wanted).execute()
  return { ...found, imageBytes: new Map(rows.map(({ sha256, bytes }) => [sha256, bytes])) }
}

function theOne<T>([found, another]: readonly T[], prefix: string): T | null {
  if (another !== undefined) throw new InputError(`${prefix} begins more than one hash; give more of it`)
  return found ?? null
}
