/** A database that was copied or put back sends nothing until a person adopts it; one that only rested just goes on. */

import { randomUUID } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { type Engine, startEngine } from '../../src/app/engine.js'
import { identityOf, openStore, type Store } from '../../src/app/store.js'
import { adoptCommand, printAdoption } from '../../src/commands/adopt.js'
import { type Config, readConfig } from '../../src/config.js'
import { differences, readFingerprint } from '../../src/db/fingerprint.js'
import type { Tables } from '../../src/db/schema.js'
import { openLog } from '../../src/log.js'
import { pauseSend, resumeSend } from '../../src/send/life.js'
import { startWatch } from '../../workers/watch.js'
import { dropDatabase } from '../rig/database.js'
import {
  compilation,
  countStates,
  freeze,
  openTestRoot,
  readLedger,
  subscribe,
  type TestRoot,
  untilFinished,
} from '../rig/engine.js'

const isPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'
const PEOPLE = 20
const readers = Array.from({ length: PEOPLE }, (_, index) => `reader${index}`)
const log = openLog('silent')

let root: TestRoot
const closers: (() => Promise<unknown> | unknown)[] = []

beforeEach(async () => {
  isRefusing = true
  root = await openTestRoot({ RETRY_SCHEDULE: '1h' })
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await root.close()
})

/** Every second reader is told to come back later, until nobody is any more. */
let isRefusing = true
const refuseHalf = (address: string) =>
  isRefusing && Number(/\d+/.exec(address)?.[0]) % 2 === 1 ? { code: 450, text: '4.2.0 later' } : null

/** An engine that has sent a Send to half of its people; the others are due in an hour, so nothing is written. */
async function sendHalf(store: Store): Promise<{ engine: Engine; sendId: number; listId: number }> {
  const listId = await subscribe(store, 'weekly', readers)
  const engine = await root.engine({ onRecipient: refuseHalf })
  const { sendId } = await freeze(store, listId)
  await vi.waitFor(
    async () => expect(await countStates(store, sendId)).toEqual({ sent: PEOPLE / 2, deferred: PEOPLE / 2 }),
    { timeout: 30_000, interval: 50 },
  )
  return { engine, sendId, listId }
}

async function makeDue({ db }: Store): Promise<void> {
  await db.query.updateTable('delivery').set({ not_before: 0 }).where('state', '=', 'deferred').execute()
}

async function openOwn(config: Config): Promise<Store> {
  const store = await openStore(config)
  closers.push(store.close)
  return store
}

async function startOwn(config: Config): Promise<Engine> {
  const engine = await startEngine(config, { log })
  closers.push(engine.close)
  return engine
}

async function sendOf({ db }: Store, sendId: number) {
  return db.query
    .selectFrom('send')
    .select(['state', 'reason', 'held'])
    .where('id', '=', sendId)
    .executeTakeFirstOrThrow()
}

/** The watch has looked again, and the schedule has had several passes. */
async function untilHeld(store: Store, sendId: number): Promise<void> {
  await vi.waitFor(async () => expect((await sendOf(store, sendId)).held).toBe('copy'), {
    timeout: 10_000,
    interval: 50,
  })
}

describe.skipIf(isPostgres)('on SQLite', () => {
  /** A second root with a copy of the data folder as it is now. */
  function copyRoot(): Config {
    const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-copy-'))
    closers.push(() => rmSync(folder, { recursive: true, force: true }))
    const dataDir = path.join(folder, '.data')
    cpSync(root.config.dataDir, dataDir, { recursive: true, filter: (file) => !file.endsWith('.sock') })
    return readConfig({
      root: folder,
      env: { PORT: '0', LOG_LEVEL: 'silent', RETRY_SCHEDULE: '1h', LEASE: '2s' },
    })
  }

  test('a copy beside the running original sends nothing, not even what is sent on it; the original sends all', async () => {
    const store = await root.store()
    const { sendId } = await sendHalf(store)
    const config = copyRoot()
    const copy = await openOwn(config)
    await makeDue(copy)
    await startOwn(config)
    const onCopy = await sendOf(copy, sendId)
    const listId = await subscribe(copy, 'others', ['alice', 'dora'])
    const { sendId: second } = await freeze(copy, listId, compilation('2026-01-12-harbour'))
    await untilHeld(copy, second)
    isRefusing = false
    await makeDue(store)
    await untilFinished(store, sendId)

    expect(onCopy.state).toBe('paused')
    expect(onCopy.reason).toMatch(
      /looks copied or restored \(its file is another one.*run pressrun adopt; if not, pressrun cancel 1$/,
    )
    expect(readLedger(path.join(config.dataDir, 'inbox', 'ledger.jsonl'))).toHaveLength(PEOPLE / 2)
    expect(await countStates(copy, second)).toEqual({ queued: 2 })
    expect(await countStates(store, sendId)).toEqual({ sent: PEOPLE })
    expect(root.ledger()).toHaveLength(PEOPLE)
  })

  test('an adopted copy goes on beside its engine; who is uncertain stays so', async () => {
    const { sendId, engine } = await sendHalf(await root.store())
    await engine.close()
    const config = copyRoot()
    const copy = await openOwn(config)
    await makeDue(copy)
    await copy.db.query
      .updateTable('delivery')
      .set({ state: 'uncertain' })
      .where('address', '=', 'reader1@example.org')
      .execute()
    await startOwn(config)

    const adoption = await adoptCommand(config, { store: copy, log })
    await untilFinished(copy, sendId)
    const again = await adoptCommand(config, { store: copy, log })

    expect(printAdoption(adoption)).toMatch(
      /^adopted, though its file is another one.*\nSend 1 goes on \(sending\): 9 still to go out, 1 uncertain\n$/,
    )
    expect(await countStates(copy, sendId)).toEqual({ sent: PEOPLE - 1, uncertain: 1 })
    expect(again).toEqual({ adopted: false, seen: [], released: [] })
  })

  test('a scheduled Send of a copy waits for the adoption, not for its time; resume does not go around it', async () => {
    const store = await root.store()
    const { engine, listId } = await sendHalf(store)
    const { sendId: planned } = await freeze(store, listId, compilation('2026-01-19-harbour'))
    await store.db.query
      .updateTable('send')
      .set({ state: 'scheduled', scheduled_at: Date.now() + 3_600_000, started_at: null, freeze_cursor: 0 })
      .where('id', '=', planned)
      .execute()
    await engine.close()
    const config = copyRoot()
    const copy = await openOwn(config)
    await startOwn(config)

    const resumed = await resumeSend(planned, { query: copy.db.query, now: copy.now })
    const held = await sendOf(copy, planned)
    const { released } = await adoptCommand(config, { store: copy, log })

    expect(resumed).toMatchObject({ kind: 'refused', state: 'paused' })
    expect(held).toMatchObject({ state: 'paused', held: 'copy' })
    expect(released.map(({ send, state }) => ({ send, state }))).toContainEqual({
      send: planned,
      state: 'scheduled',
    })
    expect((await sendOf(copy, planned)).state).toBe('scheduled')
  })

  const file = () => path.join(root.config.dataDir, 'pressrun.db')
  test.each([
    [
      'with a new inode',
      'its file',
      (backup: string) => {
        rmSync(file())
        cpSync(path.join(backup, 'pressrun.db'), file())
      },
    ],
    [
      'overwritten in place',
      'it is older than what ran here last',
      (backup: string) => {
        const { ino } = statSync(file())
        writeFileSync(file(), readFileSync(path.join(backup, 'pressrun.db')))
        expect(statSync(file()).ino).toBe(ino)
      },
    ],
    [
      'with its whole folder copied over this one',
      'it is older than what ran here last',
      (backup: string) => {
        const { ino } = statSync(file())
        writeOver(backup, root.config.dataDir)
        expect(statSync(file()).ino).toBe(ino)
      },
    ],
  ])('a backup that is put back %s sends nothing before it is adopted', async (_, seen, putBack) => {
    const first = await openStore(root.config)
    const { engine, sendId } = await sendHalf(first)
    await makeDue(first)
    await first.close()
    await engine.close()
    const backup = mkdtempSync(path.join(tmpdir(), 'pressrun-backup-'))
    closers.push(() => rmSync(backup, { recursive: true, force: true }))
    cpSync(root.config.dataDir, backup, { recursive: true })
    const next = await root.engine()
    await untilFinished(next.store, sendId)
    await next.close()
    const ledger = root.ledger()
    putBack(backup)
    writeFileSync(
      path.join(root.config.dataDir, 'inbox', 'ledger.jsonl'),
      ledger.map((line) => `${JSON.stringify(line)}\n`).join(''),
    )

    const { store } = await root.engine()
    const listId = await subscribe(store, 'others', ['alice'])
    const { sendId: second } = await freeze(store, listId, compilation('2026-01-12-harbour'))
    await untilHeld(store, second)

    const { state, reason } = await sendOf(store, sendId)
    expect(state).toBe('paused')
    expect(reason).toContain(seen)
    expect(root.ledger()).toEqual(ledger)
  })

  test('a backup made a moment before the engine ended is seen to be older', async () => {
    const store = await openStore(root.config)
    const { engine } = await sendHalf(store)
    const config = copyRoot()
    await store.close()
    await engine.close()
    writeFileSync(file(), readFileSync(path.join(config.dataDir, 'pressrun.db')))
    for (const suffix of ['-wal', '-shm'])
      cpSync(path.join(config.dataDir, `pressrun.db${suffix}`), `${file()}${suffix}`)

    const next = await root.engine()

    expect((await sendOf(next.store, 1)).reason).toContain('it is older than what ran here last')
  })

  test('an engine that starts again on the same file has nothing to ask', async () => {
    const store = await root.store()
    const { engine, sendId } = await sendHalf(store)
    await engine.close()
    await makeDue(store)

    await root.engine()
    await untilFinished(store, sendId)

    expect(root.ledger()).toHaveLength(PEOPLE)
  })

  test('a database that is made anew in a used folder, with nothing sent yet, has nothing to ask', async () => {
    const { engine } = await sendHalf(await openOwn(root.config))
    await engine.close()
    for (const close of closers.splice(0)) await close()
    rmSync(file())

    const next = await root.engine()
    const listId = await subscribe(next.store, 'weekly', ['alice'])
    const { sendId } = await freeze(next.store, listId, compilation('2026-01-12-harbour'))
    await untilFinished(next.store, sendId)

    expect(await countStates(next.store, sendId)).toEqual({ sent: 1 })
  })
})

describe.runIf(isPostgres)('on Postgres', () => {
  /** Another database with the same content, as the server copies it; nobody may be connected to the original. */
  async function copyDatabase(): Promise<Config> {
    const url = new URL(root.config.databaseUrl ?? '')
    const name = `${url.pathname.slice(1)}_copy`
    const { db, close } = await openStore({ ...root.config, databaseUrl: inject('postgresUrl') })
    await sql.raw(`create database ${name} template ${url.pathname.slice(1)}`).execute(db.query)
    await close()
    url.pathname = `/${name}`
    closers.push(() => dropDatabase(url.href))
    return { ...root.config, databaseUrl: url.href }
  }

  test('a copy of the database is held by every engine until it is adopted; the original goes on', async () => {
    const first = await openStore(root.config)
    const { engine, sendId } = await sendHalf(first)
    await makeDue(first)
    await first.close()
    await engine.close()
    const config = await copyDatabase()
    const copy = await openOwn(config)
    const options = { identity: identityOf(copy, config), longSilenceMs: 3_600_000, now: Date.now, log }
    const other = await startWatch(options)
    closers.push(other.close)
    const onCopy = await startEngine(config, { log })
    const held = await sendOf(copy, sendId)
    const listId = await subscribe(copy, 'others', ['alice'])
    const { sendId: second } = await freeze(copy, listId, compilation('2026-01-12-harbour'))
    await untilHeld(copy, second)
    const before = root.ledger().length
    await adoptCommand(config, { store: copy, log })
    await untilFinished(copy, sendId)
    await untilFinished(copy, second)
    await onCopy.close()
    const original = await root.engine()
    await untilFinished(original.store, sendId)

    expect(held.reason).toContain('it is another database of the Postgres cluster')
    expect(before).toBe(PEOPLE / 2)
    await vi.waitFor(() => expect(other.isOpen()).toBe(true), { timeout: 10_000, interval: 50 })
    // Both were told to go on: that is what holding the copy is for.
    expect(root.ledger()).toHaveLength(PEOPLE / 2 + 2 * (PEOPLE / 2) + 1)
  })

  test('someone without rights of an administrator is told all that the fingerprint needs', async () => {
    const { db } = await root.store()
    const url = new URL(root.config.databaseUrl ?? '')
    const role = `reader_${randomUUID().replaceAll('-', '')}`
    await sql.raw(`create role ${role} login`).execute(db.query)
    closers.push(() => sql.raw(`drop role ${role}`).execute(db.query))
    url.username = role
    const pool = new pg.Pool({ connectionString: url.href, max: 1 })
    const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    closers.push(() => query.destroy())

    const fingerprint = await readFingerprint({ engine: 'postgres', query, close: async () => {} }, '')

    expect(fingerprint).toEqual(await readFingerprint(db, ''))
    expect(Object.values(fingerprint)).not.toContain('')
  })

  test('what a provider has taken the right to is not compared', async () => {
    const { db } = await root.store()
    const before = await readFingerprint(db, '')

    expect(differences({ ...before, system: '' }, before)).toEqual([])
    expect(differences({ ...before, timeline: '00000001' }, { ...before, timeline: '00000002' })).toEqual([
      'the Postgres cluster was restored or has failed over',
    ])
  })
})

describe('long silence', () => {
  /** As if the engine had ended ten hours ago. */
  async function rest({ db }: Store, sendId: number): Promise<void> {
    const hours = sql.lit(10 * 3_600_000)
    await sql`update meta set value = cast(cast(value as bigint) - ${hours} as text) where key = 'last seen'`.execute(
      db.query,
    )
    await sql`update send set created_at = created_at - ${hours}, started_at = started_at - ${hours}
      where id = ${sql.lit(sendId)}`.execute(db.query)
  }

  test('a Send under way when the engine ended hours ago is held; others go out; adopt lets it go on', async () => {
    const store = await root.store()
    const { engine, sendId } = await sendHalf(store)
    await engine.close()
    await rest(store, sendId)
    await makeDue(store)

    await root.engine()
    const held = await sendOf(store, sendId)
    const listId = await subscribe(store, 'others', ['alice'])
    const { sendId: second } = await freeze(store, listId, compilation('2026-01-12-harbour'))
    await untilFinished(store, second)
    const before = await countStates(store, sendId)
    const { seen, released } = await adoptCommand(root.config, { store, log })
    await untilFinished(store, sendId)

    expect(held).toMatchObject({ state: 'paused', held: 'silent' })
    expect(held.reason).toMatch(
      /^no engine has run here since 20.*run pressrun adopt; if not, pressrun cancel 1$/,
    )
    expect(before).toEqual({ sent: PEOPLE / 2, deferred: PEOPLE / 2 })
    expect({ seen, released }).toEqual({
      seen: [],
      released: [{ send: sendId, state: 'sending', waiting: PEOPLE / 2, uncertain: 0 }],
    })
    expect(root.ledger()).toHaveLength(PEOPLE + 1)
  })

  test('adopted before the engine starts, it is not held again', async () => {
    const store = await root.store()
    const { engine, sendId } = await sendHalf(store)
    await engine.close()
    await rest(store, sendId)
    await makeDue(store)
    await (await root.engine()).close()
    await rest(store, sendId)
    await adoptCommand(root.config, { store, log })

    await root.engine()
    await untilFinished(store, sendId)

    expect(await countStates(store, sendId)).toEqual({ sent: PEOPLE })
  })

  test('a held Send that a person pauses stays paused when the database is adopted', async () => {
    const store = await root.store()
    const { engine, sendId } = await sendHalf(store)
    await engine.close()
    await rest(store, sendId)
    await root.engine()
    const held = await sendOf(store, sendId)

    const change = await pauseSend(sendId, { query: store.db.query, reason: 'paused by Ada' })
    const { released } = await adoptCommand(root.config, { store, log })

    expect(held.held).toBe('silent')
    expect(change.kind).toBe('changed')
    expect(released).toEqual([])
    expect(await sendOf(store, sendId)).toEqual({ state: 'paused', reason: 'paused by Ada', held: null })
  })

  test('a held Send that a person has resumed and paused again stays as he left it', async () => {
    const store = await root.store()
    const { engine, sendId } = await sendHalf(store)
    await engine.close()
    await rest(store, sendId)
    await root.engine()

    await resumeSend(sendId, { query: store.db.query, now: store.now })
    await pauseSend(sendId, { query: store.db.query, reason: 'paused by Ada' })
    const { adopted } = await adoptCommand(root.config, { store, log })

    expect(adopted).toBe(false)
    expect(await sendOf(store, sendId)).toEqual({ state: 'paused', reason: 'paused by Ada', held: null })
  })

  test('a Send made while no engine ran for long goes out, and a scheduled one keeps its time', async () => {
    const store = await root.store()
    const { engine, sendId, listId } = await sendHalf(store)
    await engine.close()
    await rest(store, sendId)
    const { sendId: fresh } = await freeze(store, listId, compilation('2026-01-12-harbour'))
    const { sendId: planned } = await freeze(store, listId, compilation('2026-01-19-harbour'))
    await store.db.query
      .updateTable('send')
      .set({ state: 'scheduled', scheduled_at: Date.now() + 3_600_000, started_at: null })
      .where('id', '=', planned)
      .execute()
    await rest(store, planned)

    await root.engine()
    await untilFinished(store, fresh)

    expect((await sendOf(store, sendId)).held).toBe('silent')
    expect((await sendOf(store, planned)).state).toBe('scheduled')
  })
})

test('two engines that start at once on a new database agree that it is the one', async () => {
  const store = await root.store()
  const options = { identity: identityOf(store, root.config), longSilenceMs: 3_600_000, now: Date.now, log }

  const watches = await Promise.all([startWatch(options), startWatch(options)])

  expect(watches.map(({ isOpen }) => isOpen())).toEqual([true, true])
  for (const watch of watches) await watch.close()
})

/** As `cp -r` does: a file that is there keeps its inode, which `cpSync` would give up for a new one. */
function writeOver(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)]
    if (entry.isDirectory()) {
      mkdirSync(target, { recursive: true })
      writeOver(source, target)
    } else if (entry.isFile()) writeFileSync(target, readFileSync(source))
  }
}
