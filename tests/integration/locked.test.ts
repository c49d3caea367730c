/** SQLite held by another process for longer than it is waited for: what fails meanwhile leaves nothing behind. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import Database from 'libsql'
import { expect, test } from 'vitest'
import { DATABASE_FILE, openDb } from '../../src/db/open.js'

const isSqlite = process.env.PRESSRUN_TEST_DATABASE !== 'postgres'

test.runIf(isSqlite)(
  'a write that found the database held keeps no later one from being committed',
  async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'pressrun-locked-'))
    const db = await openDb({ databaseUrl: null, dataDir })
    const holder = new Database(path.join(dataDir, DATABASE_FILE))
    await sql`pragma busy_timeout = 50`.execute(db.query)
    const add = (slug: string) =>
      db.query.insertInto('issue').values({ slug, created_at: 1 }).returning('id').execute()

    holder.exec('begin immediate')
    const held = add('meanwhile')
    await expect(held).rejects.toThrow('locked')
    holder.exec('rollback')
    await db.query.transaction().execute((trx) => trx.updateTable('meta').set({ value: 'x' }).execute())
    await add('after')

    const slugs = await db.query.selectFrom('issue').select('slug').execute()
    expect(slugs).toEqual([{ slug: 'after' }])
    holder.close()
    await db.close()
    rmSync(dataDir, { recursive: true, force: true })
  },
)
