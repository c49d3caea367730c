/** A copy of a Postgres database is another one, and known by what anyone may ask. */

import { randomUUID } from 'node:crypto'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest'
import { startEngine } from '../../src/app/engine.js'
import { identityOf, openStore } from '../../src/app/store.js'
import { adoptCommand } from '../../src/commands/adopt.js'
import type { Config } from '../../src/config.js'
import { differences, readFingerprint } from '../../src/db/fingerprint.js'
import type { Tables } from '../../src/db/schema.js'
import { openLog } from '../../src/log.js'
import { startWatch } from '../../workers/watch.js'
import { dropDatabase } from '../rig/database.js'
import { compilation, freeze, subscribe, untilFinished } from '../rig/engine.js'
import { type HalfSent, makeDue, openHalfSent, PEOPLE, sendOf, untilHeld } from '../rig/half-sent.js'

const log = openLog('silent')

let place: HalfSent

beforeEach(async () => {
  place = await openHalfSent()
})

afterEach(() => place.close())

/** Another database with the same content, as the server copies it; nobody may be connected to the original. */
async function copyDatabase(): Promise<Config> {
  const url = new URL(place.root.config.databaseUrl ?? '')
  const name = `${url.pathname.slice(1)}_copy`
  const { db, close } = await openStore({ ...place.root.config, databaseUrl: inject('postgresUrl') })
  await sql.raw(`create database ${name} template ${url.pathname.slice(1)}`).execute(db.query)
  await close()
  url.pathname = `/${name}`
  place.closers.push(() => dropDatabase(url.href))
  return { ...place.root.config, databaseUrl: url.href }
}

test('a copy of the database is held by every engine until it is adopted; the original goes on', async () => {
  const first = await openStore(place.root.config)
  const { engine, sendId } = await place.sendHalf(first)
  await makeDue(first)
  await first.close()
  await engine.close()
  const config = await copyDatabase()
  const copy = await place.openOwn(config)
  const options = { identity: identityOf(copy, config), longSilenceMs: 3_600_000, now: Date.now, log }
  const other = await startWatch(options)
  place.closers.push(other.close)
  const onCopy = await startEngine(config, { log })
  const held = await sendOf(copy, sendId)
  const listId = await subscribe(copy, 'others', ['alice'])
  const { sendId: second } = await freeze(copy, listId, compilation('2026-01-12-harbour'))
  await untilHeld(copy, second)
  const before = place.root.ledger().length
  await adoptCommand(config, { store: copy, log })
  await untilFinished(copy, sendId)
  await untilFinished(copy, second)
  await onCopy.close()
  const original = await place.root.engine()
  await untilFinished(original.store, sendId)

  expect(held.reason).toContain('it is another database of the Postgres cluster')
  expect(before).toBe(PEOPLE / 2)
  await vi.waitFor(() => expect(other.isOpen()).toBe(true), { timeout: 10_000, interval: 50 })
  // Both were told to go on: that is what holding the copy is for.
  expect(place.root.ledger()).toHaveLength(PEOPLE / 2 + 2 * (PEOPLE / 2) + 1)
})

test('someone without rights of an administrator is told all that the fingerprint needs', async () => {
  const { db } = await place.root.store()
  const url = new URL(place.root.config.databaseUrl ?? '')
  const role = `reader_${randomUUID().replaceAll('-', '')}`
  await sql.raw(`create role ${role} login`).execute(db.query)
  place.closers.push(() => sql.raw(`drop role ${role}`).execute(db.query))
  url.username = role
  const pool = new pg.Pool({ connectionString: url.href, max: 1 })
  const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  place.closers.push(() => query.destroy())

  const fingerprint = await readFingerprint({ engine: 'postgres', query, close: async () => {} }, '')

  expect(fingerprint).toEqual(await readFingerprint(db, ''))
  expect(Object.values(fingerprint)).not.toContain('')
})

test('what a provider has taken the right to is not compared', async () => {
  const { db } = await place.root.store()
  const before = await readFingerprint(db, '')

  expect(differences({ ...before, system: '' }, before)).toEqual([])
  expect(differences({ ...before, timeline: '00000001' }, { ...before, timeline: '00000002' })).toEqual([
    'the Postgres cluster was restored or has failed over',
  ])
})
