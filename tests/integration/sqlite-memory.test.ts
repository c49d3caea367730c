/** What SQLite copies or sorts for a while, a whole file when it is tidied, lies on the disk and not in memory. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { openDb } from '../../src/db/open.js'
import { withTempFiles } from '../../src/db/temp-files.js'
import { vacuumErased } from '../../src/db/wipe.js'

const FILE_MB = 80
const MOST_MB = 45
const LOOK_MS = 5

describe.skipIf(process.env.PRESSRUN_TEST_DATABASE === 'postgres')('on SQLite', () => {
  let dataDir: string
  let db: Db

  beforeEach(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'pressrun-test-'))
    db = await openDb({ databaseUrl: null, dataDir })
    await sql`create table large (bytes blob not null, name text not null)`.execute(db.query)
    await sql`
      with recursive row (number) as (select 1 union all select number + 1 from row where number < ${FILE_MB})
      insert into large select zeroblob(1000000), hex(randomblob(8)) from row`.execute(db.query)
    await sql`delete from large where rowid = 1`.execute(db.query)
  })
  afterEach(async () => {
    await db.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  /** Pages that hold nothing: there are some until the file is tidied. */
  async function sizeOfGaps(): Promise<number> {
    const { rows } = await sql<{ freelist_count: number }>`pragma freelist_count`.execute(db.query)
    return rows[0]?.freelist_count ?? 0
  }

  test('a large file is tidied in little memory', async () => {
    await db.query.insertInto('erasure').values({ subscriber_id: 1, at: 1, done_at: 2 }).execute()

    const growth = await growthOf(() => vacuumErased(db.query, { now: Date.now() }))

    expect(await sizeOfGaps()).toBe(0)
    expect(growth).toBeLessThan(MOST_MB)
  })

  test('rows that are sorted for an index take little memory', async () => {
    const growth = await growthOf(() =>
      withTempFiles(db.query, () => sql`create index large_bytes on large (bytes, name)`.execute(db.query)),
    )

    expect(growth).toBeLessThan(MOST_MB)
  })
})

/** How much more memory this process had meanwhile, MB. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss()
  let most = before
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, LOOK_MS)
  try {
    await work()
  } finally {
    clearInterval(look)
  }
  return (most - before) / 1e6
}
