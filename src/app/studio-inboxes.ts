/** The local inboxes that the studio shows: the engine's and test sends', and the demo's with the store of its own. */

import path from 'node:path'
import type { Config } from '../config.js'
import { readCompiled } from '../send/send.js'
import type { InboxFolder } from '../web/studio/context.js'
import { withStore } from './look.js'
import type { Store } from './store.js'

export function inboxFolders(config: Config): readonly InboxFolder[] {
  const demo = { ...config, dataDir: path.join(config.dataDir, 'demo'), databaseUrl: null, secrets: null }
  return [inboxFolder('inbox', config), inboxFolder('demo', demo)]
}

function inboxFolder(name: string, config: Config): InboxFolder {
  return {
    name,
    folder: path.join(config.dataDir, 'inbox'),
    readLinks: (sendId) => withStore(config, (store) => readLinks(store, sendId)),
    readImage: (sha256) => withStore(config, (store) => readImage(store, sha256)),
  }
}

async function readLinks({ db }: Store, sendId: number) {
  const send = await db.query
    .selectFrom('send')
    .select('compiled_hash as hash')
    .where('id', '=', sendId)
    .executeTakeFirst()
  return send === undefined ? null : (await readCompiled(db.query, send.hash)).links
}

async function readImage({ db }: Store, sha256: string): Promise<Uint8Array | null> {
  const row = await db.query
    .selectFrom('image')
    .select('bytes')
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  return row?.bytes ?? null
}
