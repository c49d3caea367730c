/** SQLite held by another process for longer than it is waited for: what fails meanwhile leaves nothing behind. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import Database from 'libsql'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { DATABASE_FILE, openDb } from '../../src/db/open.js'
import { probeCommit } from '../../src/db/probe-commit.js'
import { together } from '../../src/db/together.js'

const isSqlite = process.env.PRESSRUN_TEST_DATABASE !== 'postgres'

let dataDir: string
let db: Db
let holder: Database.Database

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'pressrun-locked-'))
  db = await openDb({ databaseUrl: null, dataDir })
  holder = new Database(path.join(dataDir, DATABASE_FILE))
  await sql`pragma busy_timeout = 50`.execute(db.query)
})
afterEach(async () => {
  holder.close()
  await db.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const issue = (slug: string) => db.query.insertInto('issue').values({ slug, created_at: 1 })

/** Each is a way to write, as some part of the engine does. */
const WAYS: Readonly<Record<string, (slug: string) => Promise<unknown>>> = {
  'a lone statement': (slug) => issue(slug).execute(),
  'a lone statement that gives rows back': (slug) => issue(slug).returning('id').execute(),
  'a transaction': (slug) =>
    db.query
      .transaction()
      .execute((trx) => trx.insertInto('issue').values({ slug, created_at: 1 }).execute()),
  'statements that go together': (slug) =>
    together(db.query, 'test', [issue(slug).compile(), issue(`${slug}-too`).compile()]),
  'the tidying of the file': () => sql`vacuum`.execute(db.query),
}

test.runIf(isSqlite).each(Object.keys(WAYS))(
  'when %s has found the database held, whatever is answered as written afterwards is there for others',
  async (way) => {
    holder.exec('begin immediate')
    await expect(WAYS[way]?.('meanwhile')).rejects.toThrow('locked')
    holder.exec('rollback')

    const told: string[] = []
    for (const [index, write] of Object.values(WAYS).entries()) {
      await write(`after-${index}`)
      told.push(`after-${index}`)
    }
    await probeCommit(db.query, () => 1)

    const seen = holder.prepare('select slug from issue').all([]) as { slug: string }[]
    const slugs = seen.map(({ slug }) => slug)
    expect(slugs).not.toContain('meanwhile')
    expect(slugs).toEqual(expect.arrayContaining(told.slice(0, 4)))
  },
)
