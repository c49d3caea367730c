/** That an engine is alive is known by a session of its own, to every machine. */

import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Query } from '../../src/db/db.js'
import { takeEngineLock } from '../../src/db/engine-lock.js'
import { MIGRATIONS } from '../../src/db/migrate.js'
import { openDb } from '../../src/db/open.js'
import { openPresence } from '../../src/db/presence.js'
import { openLog } from '../../src/log.js'
import { openTestRoot, type TestRoot } from '../rig/engine.js'
import { startProxy } from '../rig/proxy.js'
import { makeOlder, setSchema } from '../rig/schema.js'

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

test('an engine that comes back to a database of a newer version says so, after all that it said of the outage', async () => {
  const { db } = await root.store()
  const url = root.config.databaseUrl ?? ''
  const proxy = await startProxy(Number(new URL(url).port))
  const said: { readonly msg: string; readonly error: string }[] = []
  const log = openLog('warn', { write: (line) => said.push(JSON.parse(line)) })
  const presence = await openPresence(proxy.through(url), log)
  try {
    await proxy.refuse()
    proxy.cut()
    await expect.poll(() => said.map(({ msg }) => msg), { timeout: 10_000 }).toHaveLength(1)
    await setSchema(db.query, MIGRATIONS.length + 1)
    await proxy.accept()

    await expect
      .poll(() => said.at(-1), { timeout: 10_000 })
      .toMatchObject({ level: 50, error: expect.stringContaining('used by a newer Pressrun') })
  } finally {
    await presence.close()
    await proxy.close()
  }
})

describe('an engine whose version has no session for it', () => {
  const beat = (query: Query) =>
    sql`insert into worker (owner, seen_at, is_alone, seen)
      values ('older', extract(epoch from clock_timestamp()) * 1000, 0, '{}')
      on conflict (owner) do update set seen_at = excluded.seen_at`.execute(query)

  test('is known by the signs of life of its worker', async () => {
    const { db } = await root.store()
    await makeOlder(db.query)
    await beat(db.query)
    const beating = setInterval(() => void beat(db.query), 500)

    await expect(openDb(root.config)).rejects.toThrow('stop it first')

    clearInterval(beating)
  })

  test('is gone when there is no other', async () => {
    const { db } = await root.store()
    await makeOlder(db.query)
    await beat(db.query)

    const opened = await openDb(root.config)

    await opened.close()
  })

  test('is known by the lock of its folder, if it has a Redis of its own', async () => {
    const { db } = await root.store()
    await makeOlder(db.query)
    const lock = takeEngineLock(root.config.dataDir, 'hold')

    await expect(openDb(root.config)).rejects.toThrow('stop it first')

    lock?.release()
  })
})
