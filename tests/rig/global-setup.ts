/** One Postgres cluster for all files of a ring that runs on Postgres; PRESSRUN_TEST_POSTGRES_URL names another. */

import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDb } from '../../src/db/open.js'
import { startPostgres } from './postgres.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A database of the cluster, for someone who may create others. */
    readonly postgresUrl: string
    /** Name of a database of it that has the schema of today and nothing else. */
    readonly postgresToday: string
  }
}

/** Linux's disk in memory, where an fsync costs nothing: each test commits a hundred times to get its tables. */
const MEMORY = '/dev/shm'
/** More than the databases of one ring come to. */
const ROOM_BYTES = 4_000_000_000

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.PRESSRUN_TEST_POSTGRES_URL
  const cluster = given ? null : await startPostgres(parentFor(project.name))
  const url = given || cluster?.url || ''
  const today = await openToday(url)
  project.provide('postgresUrl', url)
  project.provide('postgresToday', today.name)
  return async () => {
    await today.drop()
    await cluster?.stop()
  }
}

/** What breaks things keeps a disk that takes its time. */
function parentFor(ring: string): string {
  if (ring.startsWith('chaos') || !existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > ROOM_BYTES ? MEMORY : tmpdir()
}

/** Postgres copies only a database that nobody is connected to; nobody but this ever is. */
async function openToday(
  url: string,
): Promise<{ readonly name: string; readonly drop: () => Promise<void> }> {
  const name = `pressrun_today_${randomUUID().replaceAll('-', '')}`
  await run(url, `create database ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  const dataDir = mkdtempSync(path.join(tmpdir(), 'pressrun-today-'))
  const db = await openDb({ databaseUrl: own.href, dataDir })
  await db.close()
  rmSync(dataDir, { recursive: true, force: true })
  return { name, drop: () => run(url, `drop database ${name}`) }
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
