/** The public web with an archive of compiled issues: those of the samples and of the press fixtures, pictures and all. */

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { compileApart } from '../../src/compile/compile-process.js'
import type { CompiledIssue } from '../../src/compile/compiled.js'
import type { Db } from '../../src/db/db.js'
import { openHits } from '../../src/event/hit.js'
import type { Publication } from '../../src/issue/publication.js'
import { readPublication } from '../../src/issue/read.js'
import { makeKeys } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import { type ArchiveRig, rigArchive } from './archive.js'
import { openTestDb } from './database.js'
import { seedSend } from './seed.js'
import { serveTestWeb } from './web.js'

const REPOSITORY = path.join(import.meta.dirname, '../..')
const FROM = { name: 'Pressrun', address: 'newsletter@pressrun.localhost' }

export interface ArchiveWeb extends ArchiveRig {
  readonly url: string
  readonly db: Db
  /** Compiles an issue of `root`, or one that is given as source; its pictures are served from then on. */
  compile(slug: string, source?: string): Promise<CompiledIssue>
  /** … and sends it to the List Harbour, which is open. */
  publish(slug: string, options: { readonly now: number; readonly source?: string }): Promise<void>
  close(): Promise<void>
}

/** `root` is a folder with `issues/`. */
export async function openArchiveWeb(root = REPOSITORY): Promise<ArchiveWeb> {
  const place = mkdtempSync(path.join(tmpdir(), 'pressrun-archive-'))
  cpSync(path.join(root, 'issues'), path.join(place, 'issues'), { recursive: true })
  cpSync(path.join(REPOSITORY, 'templates'), path.join(place, 'templates'), { recursive: true })
  const publication: Publication = await readPublication(place)
  const db = await openTestDb()
  const hits = openHits({ db, now: Date.now })
  const server = await serveTestWeb({
    db,
    hits,
    keys: makeKeys(['a secret for tests that is more than 32 characters']),
    log: openLog('error'),
    now: Date.now,
    publication: async () => publication,
  })
  const compile: ArchiveWeb['compile'] = async (slug, source) => {
    if (source !== undefined) writeFileSync(path.join(place, 'issues', `${slug}.md`), source)
    const { compilation } = await compileApart({
      root: place,
      slugOrPath: slug,
      publicUrl: server.url,
      local: { publicUrl: server.url, from: FROM },
      version: '0.0.0',
      cacheFolder: null,
      wireModule: path.join(REPOSITORY, 'dist/src/send/sample-message.js'),
    })
    const { compiled, imageBytes } = compilation
    for (const { sha256, ext } of compiled.images)
      await db.query
        .insertInto('image')
        .values({ sha256, ext, bytes: imageBytes.get(sha256) ?? new Uint8Array() })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    return compiled
  }
  return {
    ...rigArchive(db),
    url: server.url,
    db,
    compile,
    async publish(slug, { now, source }) {
      const issue = await compile(slug, source)
      await seedSend(db.query, { deliveries: [], state: 'finished', now, issue })
      await db.query.updateTable('list').set({ is_open: 1 }).where('name', '=', 'harbour').execute()
    },
    async close() {
      await server.close()
      await hits.close()
      await db.close()
      rmSync(place, { recursive: true, force: true })
    },
  }
}
