/** An engine that is started before its database can be had: it says what it waits for, and goes on by itself. */

import path from 'node:path'
import Database from 'libsql'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { awaitDb } from '../../src/db/await-db.js'
import { DATABASE_FILE } from '../../src/db/open.js'
import { type CliRoot, openCliRoot, spawnCli } from '../rig/cli.js'
import { startProxy, type TcpProxy } from '../rig/proxy.js'

const isPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'
const HINDRANCE = isPostgres
  ? /^Postgres at 127\.0\.0\.1:\d+ takes no connections yet \(.*ECONNREFUSED.*\): waiting for it, 60 seconds at most$/m
  : /^another process holds \S+pressrun\.db: waiting for it, 60 seconds at most$/m

let place: CliRoot
let proxy: TcpProxy | null
let databaseUrl: string | null
let giveBack: () => Promise<void>

beforeEach(async () => {
  place = await openCliRoot()
  await place.run('lists', 'new', 'weekly')
  const direct = place.env.DATABASE_URL ?? null
  proxy = direct === null ? null : await startProxy(Number(new URL(direct).port))
  databaseUrl = direct === null ? null : (proxy?.through(direct) ?? null)
  giveBack = await takeAway()
})

afterEach(async () => {
  await giveBack()
  await place.close()
  await proxy?.close()
})

/** Held by another process; on Postgres, it takes no connections. */
async function takeAway(): Promise<() => Promise<void>> {
  if (proxy !== null) {
    await proxy.refuse()
    return proxy.accept
  }
  const holder = new Database(path.join(place.root, '.data', DATABASE_FILE))
  holder.exec('begin immediate')
  let isHeld = true
  return async () => {
    // Asked anything once it is closed, libsql ends the process.
    if (isHeld) holder.close()
    isHeld = false
  }
}

function begin() {
  const env = { ...place.env, ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }) }
  return spawnCli(['start'], { root: place.root, env })
}

type Begun = ReturnType<typeof begin>

async function untilSaid({ stderr, closed }: Begun, words: RegExp): Promise<void> {
  let isOver = false
  void closed.then(() => {
    isOver = true
  })
  await vi.waitFor(
    () => {
      if (!isOver) expect(stderr()).toMatch(words)
    },
    { timeout: 60_000, interval: 50 },
  )
  expect(stderr()).toMatch(words)
}

test('an engine waits for a database that is held or not there yet, says so once, and goes on by itself', async () => {
  const engine = begin()
  await untilSaid(engine, HINDRANCE)
  expect(engine.stderr()).not.toContain('the engine runs')

  await giveBack()

  await untilSaid(engine, /^the engine runs/m)
  expect(engine.stderr()).toMatch(/^the database is there$/m)
  expect(engine.stderr().match(/waiting for it/g)).toHaveLength(1)
  engine.child.kill('SIGTERM')
  expect((await engine.closed).code).toBe(0)
})

test('SIGTERM ends an engine that waits for its database', async () => {
  const engine = begin()
  await untilSaid(engine, HINDRANCE)

  engine.child.kill('SIGTERM')

  const { code, stderr } = await engine.closed
  expect(code).toBe(0)
  expect(stderr).toMatch(/\nended while waiting for the database\n$/)
})

test('a database that stays away is what the engine ends with', async () => {
  const said: string[] = []
  const config = { dataDir: path.join(place.root, '.data'), databaseUrl }
  const waiting = {
    say: (sentence: string) => said.push(sentence),
    signal: new AbortController().signal,
    patienceMs: 1_000,
  }

  const ended = await awaitDb(config, waiting).catch((error: unknown) => error)

  expect(ended).toMatchObject(
    isPostgres
      ? { message: expect.stringContaining('DATABASE_URL: cannot reach Postgres: ') }
      : { code: 'SQLITE_BUSY' },
  )
  expect(said).toEqual([expect.stringContaining('waiting for it, 1 seconds at most')])
})
