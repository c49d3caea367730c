/** The publication as engines know it: by its file, or by the database where another engine has put it. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openPublication } from '../../src/app/publication.js'
import type { Db } from '../../src/db/db.js'
import { openLog } from '../../src/log.js'
import { openTestDb } from '../rig/database.js'

const log = openLog('silent')
let db: Db
let root: string
beforeEach(async () => {
  db = await openTestDb()
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-test-'))
  mkdirSync(path.join(root, 'issues'))
  writeFileSync(
    path.join(root, 'issues/newsletter.yaml'),
    'name: Harbour\nfrom: Harbour <editor@example.com>\npostal-address: Quay 1\nlanguage: en\n',
  )
})
afterEach(async () => {
  await db.close()
  rmSync(root, { recursive: true })
})

const elsewhere = () => openPublication({ root: path.join(root, 'nowhere'), query: db.query, log })()

test('an engine without the file takes it from the database, null while nobody has seen it', async () => {
  expect(await elsewhere()).toBeNull()

  expect(await openPublication({ root, query: db.query, log })()).toMatchObject({ name: 'Harbour' })

  expect(await elsewhere()).toMatchObject({ name: 'Harbour' })
})

test('a database that could not be written to gets it when it can', async () => {
  await sql`alter table meta rename to away`.execute(db.query)
  const publication = openPublication({ root, query: db.query, log })
  expect(await publication()).toMatchObject({ name: 'Harbour' })
  await sql`alter table away rename to meta`.execute(db.query)

  await vi.waitFor(
    async () => {
      await publication()
      expect(await elsewhere()).toMatchObject({ name: 'Harbour' })
    },
    { timeout: 10_000, interval: 100 },
  )
})
