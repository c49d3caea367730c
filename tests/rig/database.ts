/**
 * An empty database of its own for each test, on the engine that the ring names: PRESSRUN_TEST_DATABASE is `sqlite`
 * or `postgres`.
 */

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { openDb } from '../../src/db/open.js'

/** Opens an empty database with the schema up to date. Closing it also removes it. */
export async function openTestDb(): Promise<Db> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'pressrun-test-'))
  const databaseUrl = await copyDatabase()
  const db = await openDb({ databaseUrl, dataDir })
  return {
    ...db,
    async close() {
      await db.close()
      rmSync(dataDir, { recursive: true, force: true })
      if (databaseUrl !== null) await dropDatabase(databaseUrl)
    },
  }
}

/** The URL of a new database without any table, for DATABASE_URL; null on SQLite, which needs none. */
export async function createDatabase(): Promise<string | null> {
  return isPostgres() ? create('template1') : null
}

/** The same with the schema of today, made once a ring: a hundred statements less for each test. */
export async function copyDatabase(): Promise<string | null> {
  return isPostgres() ? create(inject('postgresToday')) : null
}

function isPostgres(): boolean {
  return process.env.PRESSRUN_TEST_DATABASE === 'postgres'
}

async function create(template: string): Promise<string> {
  const name = `pressrun_${randomUUID().replaceAll('-', '')}`
  await asOwner(`create database ${name} template ${template}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return url.href
}

export async function dropDatabase(url: string): Promise<void> {
  await asOwner(`drop database if exists ${new URL(url).pathname.slice(1)} with (force)`)
}

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
