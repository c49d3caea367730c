/** What SQLite copies or sorts for a while, a whole file when it is tidied, lies on the disk and not in memory. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { openDb } from '../../src/db/open.js'

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
  })
  afterEach(async () => {
    await db.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  test('a large file is tidied in little memory', async () => {
    expect(await growthOf(() => sql`vacuum`.execute(db.query))).toBeLessThan(MOST_MB)
  })

  test('rows that are sorted for an index take little memory', async () => {
    const growth = await growthOf(() =>
      sql`create index large_bytes on large (bytes, name)`.execute(db.query),
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
