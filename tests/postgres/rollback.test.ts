/** A Postgres that is put back as it was earlier keeps its system id and its oids; only the marks in data folders know. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Engine, type EngineOptions, startEngine } from '../../src/app/engine.js'
import { identityOf, openStore, type Store } from '../../src/app/store.js'
import { adoptCommand } from '../../src/commands/adopt.js'
import { type Config, readConfig } from '../../src/config.js'
import { openLog } from '../../src/log.js'
import { startWatch, type Watch } from '../../workers/watch.js'
import { createDatabase, dropDatabase } from '../rig/database.js'
import { freeze, readLedger, subscribe, untilFinished } from '../rig/engine.js'
import { startPostgres } from '../rig/postgres.js'

const log = openLog('silent')
const closers: (() => Promise<unknown> | unknown)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A root of its own, as on another machine. */
function newRoot(databaseUrl: string): Config {
  const root = mkdtempSync(path.join(tmpdir(), 'pressrun-rollback-'))
  closers.push(() => rmSync(root, { recursive: true, force: true }))
  return readConfig({
    root,
    env: { DATABASE_URL: databaseUrl, PORT: '0', PRESSRUN_SECRET: 'x'.repeat(64), LEASE: '2s' },
  })
}

async function openOwn(config: Config): Promise<Store> {
  const store = await openStore(config)
  closers.push(store.close)
  return store
}

describe('the count put back', () => {
  let url: string
  let store: Store
  let here: Config

  beforeEach(async () => {
    url = (await createDatabase()) ?? ''
    closers.push(() => dropDatabase(url))
    here = newRoot(url)
    store = await openOwn(here)
  })

  async function watch(config = here): Promise<Watch> {
    const identity = identityOf(store, config)
    const watch = await startWatch({ identity, longSilenceMs: 3_600_000, now: Date.now, log })
    closers.push(watch.close)
    return watch
  }

  async function run(config = here): Promise<boolean> {
    const { isOpen, close } = await watch(config)
    await close()
    return isOpen()
  }

  async function generation(): Promise<string> {
    const { value } = await store.db.query
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'generation')
      .executeTakeFirstOrThrow()
    return value
  }

  /** As a volume snapshot of then would. */
  async function putBack(value: string): Promise<void> {
    await store.db.query.updateTable('meta').set({ value }).where('key', '=', 'generation').execute()
  }

  const marksIn = ({ dataDir }: Config) => readdirSync(path.join(dataDir, 'generation'))

  test('every start and every orderly end grows the count and leaves it as the only mark', async () => {
    await run()
    const first = await generation()
    await run()

    expect([first, await generation()].map((value) => value.split('.')[0])).toEqual(['2', '4'])
    expect(marksIn(here)).toEqual([`${await generation()}.postgres`])
  })

  test('a database older than the mark is held, also by engines that have no mark, until it is adopted', async () => {
    await run()
    const earlier = await generation()
    await run()
    await putBack(earlier)
    const elsewhere = newRoot(url)

    const opens = [await run(), await run(elsewhere)]
    const { seen } = await adoptCommand(elsewhere, { store, log })

    expect(opens).toEqual([false, false])
    expect(seen).toEqual(['it is older than what ran here last'])
    expect([await run(), await run(elsewhere)]).toEqual([true, true])
  })

  test('one from before an adoption is known by the mark that was left before it', async () => {
    await run()
    const earlier = await generation()
    await run()
    await putBack(earlier)
    await adoptCommand(here, { store, log })
    await run()
    await putBack(earlier)

    expect(await run()).toBe(false)
  })

  test('an engine that starts again, on this machine or a new one, has nothing to ask', async () => {
    expect([await run(), await run(), await run(newRoot(url)), await run()]).toEqual([true, true, true, true])
  })

  test('marks of another database, and those of a file, say nothing and stay', async () => {
    const otherUrl = (await createDatabase()) ?? ''
    closers.push(() => dropDatabase(otherUrl))
    const other = await openOwn({ ...here, databaseUrl: otherUrl })
    const file = await openOwn({ ...here, databaseUrl: null })
    const options = { longSilenceMs: 3_600_000, now: Date.now, log }
    for (const used of [file, other, other]) {
      const { close } = await startWatch({ identity: identityOf(used, here), ...options })
      await close()
    }

    const isOpen = await run()
    const again = []
    for (const used of [file, other]) {
      const { isOpen, close } = await startWatch({ identity: identityOf(used, here), ...options })
      await close()
      again.push(isOpen())
    }

    expect(isOpen).toBe(true)
    expect(again).toEqual([true, true])
    expect(marksIn(here)).toHaveLength(3)
  })

  test('engines that start and end at once, in one folder and in several, give no false alarm', async () => {
    const elsewhere = newRoot(url)
    const opens: boolean[] = []
    for (let round = 0; round < 5; round++) {
      const watches = await Promise.all(
        [here, here, here, elsewhere, elsewhere].map((config) => watch(config)),
      )
      await Promise.all(watches.map(({ close }) => close()))
      opens.push(...watches.map(({ isOpen }) => isOpen()))
    }

    expect(new Set(opens)).toEqual(new Set([true]))
    expect(await run()).toBe(true)
    expect((await generation()).split('.')[0]).toBe('52')
  })

  test('marks that are gone say nothing', async () => {
    await run()
    rmSync(path.join(here.dataDir, 'generation'), { recursive: true })

    expect(await run()).toBe(true)
    expect(marksIn(here)).toHaveLength(1)
  })
})

test('a data directory of Postgres that is put back as it was sends nothing a second time', async () => {
  const cluster = await startPostgres()
  closers.push(() => cluster.stop())
  const config = newRoot(cluster.url)
  const engineOn = async (options: Partial<EngineOptions> = {}): Promise<Engine> => {
    const engine = await startEngine(config, { log, ...options })
    closers.push(engine.close)
    return engine
  }
  const first = await engineOn({ parts: ['schedule'] })
  const listId = await subscribe(first.store, 'weekly', ['alice', 'dora', 'erin'])
  const { sendId } = await freeze(first.store, listId)
  await first.close()
  await cluster.end()
  const backup = `${cluster.data}-backup`
  // As Postgres' own user, who has to own it.
  execFileSync('cp', ['-a', cluster.data, backup])
  await cluster.start()
  const second = await engineOn()
  await untilFinished(second.store, sendId)
  await second.close()
  const before = readLedger(path.join(config.dataDir, 'inbox', 'ledger.jsonl'))
  await cluster.end()
  rmSync(cluster.data, { recursive: true })
  renameSync(backup, cluster.data)
  await cluster.start()

  const third = await engineOn()
  const send = await third.store.db.query
    .selectFrom('send')
    .select(['state', 'held', 'reason'])
    .where('id', '=', sendId)
    .executeTakeFirstOrThrow()

  expect(before).toHaveLength(3)
  expect(send).toMatchObject({ state: 'paused', held: 'copy' })
  expect(send.reason).toContain('(it is older than what ran here last)')
  expect(readLedger(path.join(config.dataDir, 'inbox', 'ledger.jsonl'))).toEqual(before)
})
