/** That an engine is alive is known by a session of its own, to every machine. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDb } from '../../src/db/open.js'
import { openTestRoot, type TestRoot } from '../rig/engine.js'
import { makeOlder } from '../rig/schema.js'

let root: TestRoot
beforeEach(async () => {
  root = await openTestRoot()
})
afterEach(() => root.close())

test('an engine whose session was cut is known again', async () => {
  const { db } = await root.store()
  const engine = await root.engine()
  const presences = async () => {
    const { rows } = await sql<{ pid: number }>`select pid from pg_locks
      where locktype = 'advisory' and mode = 'ShareLock' and granted
      and database = (select oid from pg_database where datname = current_database())`.execute(db.query)
    return rows.map(({ pid }) => pid)
  }
  const [first] = await presences()

  await sql`select pg_terminate_backend(${first})`.execute(db.query)
  await expect
    .poll(async () => (await presences()).filter((pid) => pid !== first), { timeout: 10_000 })
    .toHaveLength(1)
  await makeOlder(db.query)

  await expect(openDb(root.config)).rejects.toThrow('stop it first')
  await engine.close()
  expect(await presences()).toEqual([])
})
