/** An engine on a root and a database of its own, with the local inbox as its receiver, and the stages before it. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { expect, vi } from 'vitest'
import { type Engine, type EngineOptions, startEngine } from '../../src/app/engine.js'
import { openStore, type Store } from '../../src/app/store.js'
import { canonicalJson } from '../../src/compile/canonical.js'
import type { Compilation, CompiledIssue } from '../../src/compile/compiled.js'
import { type Config, readConfig } from '../../src/config.js'
import { rowsOf } from '../../src/db/rows.js'
import { openLog } from '../../src/log.js'
import { type CreatedSend, createSend } from '../../src/send/create.js'
import { freezeSend } from '../../src/send/freeze.js'
import { copyDatabase, dropDatabase } from './database.js'

export interface TestRoot {
  readonly config: Config
  /** The database and keys, opened when asked for first. */
  readonly store: () => Promise<Store>
  readonly engine: (
    options?: Partial<EngineOptions> & { readonly env?: Record<string, string> },
  ) => Promise<Engine>
  /** Messages that the local inbox accepted, by address. */
  readonly ledger: () => readonly { readonly to: string; readonly messageId: string }[]
  readonly close: () => Promise<void>
}

/** `env` is the engine's environment; nothing of this process's is read. */
export async function openTestRoot(env: Readonly<Record<string, string>> = {}): Promise<TestRoot> {
  const root = mkdtempSync(path.join(tmpdir(), 'pressrun-'))
  const databaseUrl = await copyDatabase()
  const base = { PORT: '0', LOG_LEVEL: 'warn', RETRY_SCHEDULE: '200ms,400ms', LEASE: '2s', ...env }
  const configure = (more: Readonly<Record<string, string>>) =>
    readConfig({ root, env: { ...base, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}), ...more } })
  const config = configure({})
  const engines: Engine[] = []
  let store: Promise<Store> | null = null
  return {
    config,
    store: () => {
      store ??= openStore(config)
      return store
    },
    async engine({ env: more = {}, ...options } = {}) {
      const own = configure(more)
      const engine = await startEngine(own, { log: openLog(own.logLevel), ...options })
      engines.push(engine)
      return engine
    },
    ledger: () => readLedger(path.join(config.dataDir, 'inbox', 'ledger.jsonl')),
    async close() {
      for (const engine of engines) await engine.close()
      await (await store)?.close()
      if (databaseUrl) await dropDatabase(databaseUrl)
      rmSync(root, { recursive: true, force: true })
    },
  }
}

export function readLedger(file: string): { to: string; messageId: string }[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { to: string; messageId: string })
}

/** Puts people on a List, active; returns the List's id. A name without @ stands for one at example.org. */
export async function subscribe({ db }: Store, listName: string, people: readonly string[]): Promise<number> {
  const { query } = db
  await query
    .insertInto('list')
    .values({ name: listName, title: listName, visibility: 'private', created_at: 1 })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { id } = await query
    .selectFrom('list')
    .select('id')
    .where('name', '=', listName)
    .executeTakeFirstOrThrow()
  const rows = people.map((name) => ({ address: name.includes('@') ? name : `${name}@example.org`, name }))
  const given = rowsOf(query, { address: 'text', name: 'text' }, rows)
  await sql`insert into subscriber (address, address_key, name, created_at, changed_at)
    select given.address, given.address, given.name, 1, 1 from ${given} where true on conflict do nothing`.execute(
    query,
  )
  await sql`insert into subscription (list_id, subscriber_id, status, created_at, changed_at)
    select ${sql.lit(id)}, subscriber.id, 'active', 1, 1 from ${given}
    join subscriber on subscriber.address_key = given.address where true on conflict do nothing`.execute(
    query,
  )
  return id
}

/** A small CompiledIssue; `slug` tells issues apart. */
export function compilation(slug = '2026-01-05-harbour', publicUrl = 'http://127.0.0.1:4321'): Compilation {
  const compiled: CompiledIssue = {
    slug,
    title: 'Harbour',
    number: 1,
    date: '2026-01-05',
    lang: 'en',
    publication: {
      name: 'Harbour',
      from: { name: 'Harbour', address: 'editor@example.com' },
      replyTo: null,
      publicUrl,
    },
    subject: ['Harbour for ', { kind: 'person', name: 'name', fallback: 'you' }],
    html: ['<p>Hello ', { kind: 'person', name: 'name', fallback: 'you' }, '</p>'],
    text: ['Hello ', { kind: 'person', name: 'name', fallback: 'you' }],
    web: '<!doctype html><title>Harbour</title>',
    links: [],
    images: [],
    versions: { pressrun: '0', mjml: '0' },
  }
  return { compiled, hash: `hash of ${slug}`, imageBytes: new Map() }
}

/** Creates and freezes a Send. */
export async function freeze(
  { db, keys, now }: Store,
  listId: number,
  issue = compilation(),
): Promise<CreatedSend> {
  const content = canonicalJson(issue.compiled)
  const created = await createSend(db.query, { compilation: issue, content, listId, now: now() })
  if (created.kind === 'created') await freezeSend(created.sendId, { query: db.query, keys, now })
  return created
}

/** How many Deliveries of a Send are in each state. */
export async function countStates({ db }: Store, sendId: number): Promise<Record<string, number>> {
  const rows = await db.query
    .selectFrom('delivery')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .where('send_id', '=', sendId)
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

export async function untilFinished({ db }: Store, sendId: number, timeout = 60_000): Promise<void> {
  await vi.waitFor(
    async () => {
      const { state } = await db.query
        .selectFrom('send')
        .select('state')
        .where('id', '=', sendId)
        .executeTakeFirstOrThrow()
      expect(state).toBe('finished')
    },
    { timeout, interval: 50 },
  )
}
