/** A disk that fills up and a database that is away in the middle of a Send: nothing is begun, nothing is lost. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Engine } from '../../src/app/engine.js'
import type { Store } from '../../src/app/store.js'
import { verifySend } from '../../src/send/verify.js'
import { countStates, freeze, openTestRoot, subscribe, type TestRoot, untilFinished } from '../rig/engine.js'
import { takeDatabaseAway } from '../rig/outage.js'
import { type Act, type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'

const CONNECTIONS = 13
/** Of a lane that has had no reply yet: the last quarter is kept for others. */
const UNDER_WAY = 10

let smtp: ScriptedSmtp
let root: TestRoot
let store: Store
let logged: string[]
/** What the relay does with the next message that has ended. */
let answerTheDot: () => Act | null

const log = pino({ level: 'warn' }, { write: (line) => logged.push(line) })

beforeEach(async () => {
  logged = []
  answerTheDot = () => null
  smtp = await startScriptedSmtp({ act: ({ phase }) => (phase === 'DOT' ? answerTheDot() : null) })
  root = await openTestRoot({
    SMTP_URL: `${smtp.url}/?maxConnections=${CONNECTIONS}`,
    PRESSRUN_SECRET: 'an integration secret of 32 characters',
  })
  store = await root.store()
})

afterEach(async () => {
  await root.close()
  await smtp.stop()
})

async function freezeFor(count: number): Promise<number> {
  const people = Array.from({ length: count }, (_, index) => `reader${index}`)
  const { sendId } = await freeze(store, await subscribe(store, 'weekly', people))
  return sendId
}

async function reasonOf(sendId: number): Promise<string | null> {
  const { reason } = await store.db.query
    .selectFrom('send')
    .select('reason')
    .where('id', '=', sendId)
    .executeTakeFirstOrThrow()
  return reason
}

async function health(engine: Engine) {
  const answer = await fetch(`${engine.url}/health`)
  return { status: answer.status, body: await answer.json() }
}

function kept(): readonly string[] {
  const folder = path.join(root.config.dataDir, 'outcomes')
  if (!existsSync(folder)) return []
  const text = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'))
  return text.join('').split('\n').filter(Boolean)
}

async function expectEveryoneOnce(sendId: number, count: number): Promise<void> {
  expect(await countStates(store, sendId)).toEqual({ sent: count })
  expect(new Set(smtp.messages.map(({ to }) => to[0])).size).toBe(count)
  expect(smtp.messages).toHaveLength(count)
  expect((await verifySend(sendId, { query: store.db.query, keys: store.keys })).findings).toEqual([])
}

test('a disk that is nearly full: nothing is begun, the Send and /health say why, and it goes on by itself', async () => {
  let free = 1e9
  let looks = 0
  const freeBytes = async () => {
    looks += 1
    return free
  }
  const untilLookedAt = async (times: number) => {
    const seen = looks
    await vi.waitFor(() => expect(looks).toBeGreaterThanOrEqual(seen + times), { timeout: 10_000 })
  }
  answerTheDot = () => ({ say: ['250 kept'], afterMs: 20 })
  const sendId = await freezeFor(600)
  const engine = await root.engine({ log, freeBytes })
  await vi.waitFor(() => expect(smtp.messages.length).toBeGreaterThan(20), { timeout: 20_000 })

  free = 120e6
  await vi.waitFor(async () => expect(await reasonOf(sendId)).toContain('MIN_FREE_DISK'), { timeout: 20_000 })
  // What was on its way goes its way.
  await untilLookedAt(1)
  const accepted = smtp.messages.length
  await untilLookedAt(2)
  expect(smtp.messages.length).toBe(accepted)
  expect(accepted).toBeLessThan(600)
  expect(await reasonOf(sendId)).toBe(
    'the disk with .data has 120 MB left, less than MIN_FREE_DISK (200 MB); sending goes on by itself when there is room',
  )
  expect(await health(engine)).toEqual({ status: 503, body: { ok: false, ill: { disk: 'is nearly full' } } })

  free = 1e9
  await untilFinished(store, sendId)
  await expectEveryoneOnce(sendId, 600)
  expect(await health(engine)).toEqual({ status: 200, body: { ok: true } })
  expect(logged).toHaveLength(2)
})

test('the database goes away while replies are awaited: they are kept in a file, nothing more is begun, all is sent once', async () => {
  const back = deferred()
  answerTheDot = () => ({ say: ['250 kept'], after: back.promise })
  const sendId = await freezeFor(40)
  const engine = await root.engine({ log })
  await vi.waitFor(() => expect(smtp.messages).toHaveLength(UNDER_WAY), { timeout: 20_000 })

  const restore = await takeDatabaseAway(engine.store.db, root.config.databaseUrl)
  back.resolve()
  await vi.waitFor(() => expect(kept()).toHaveLength(UNDER_WAY), { timeout: 20_000 })
  await vi.waitFor(
    async () =>
      expect(await health(engine)).toEqual({
        status: 503,
        body: { ok: false, ill: { database: 'cannot commit' } },
      }),
    { timeout: 20_000, interval: 200 },
  )
  expect(smtp.messages).toHaveLength(UNDER_WAY)
  expect(kept().join()).not.toContain('@')

  await restore()
  await untilFinished(store, sendId)
  await expectEveryoneOnce(sendId, 40)
  expect(kept()).toEqual([])
  expect(logged.length).toBeLessThan(30)
})

test('an engine that ends while the database is away leaves its outcomes to the next one', async () => {
  const back = deferred()
  answerTheDot = () => ({ say: ['250 kept'], after: back.promise })
  const sendId = await freezeFor(40)
  const first = await root.engine({ log })
  await vi.waitFor(() => expect(smtp.messages).toHaveLength(UNDER_WAY), { timeout: 20_000 })
  const restore = await takeDatabaseAway(first.store.db, root.config.databaseUrl)
  back.resolve()
  await vi.waitFor(() => expect(kept()).toHaveLength(UNDER_WAY), { timeout: 20_000 })

  await first.close()
  await restore().catch(() => {})
  expect(kept()).toHaveLength(UNDER_WAY)
  await root.engine({ log })
  await untilFinished(store, sendId)

  await expectEveryoneOnce(sendId, 40)
  expect(kept()).toEqual([])
})

test.skipIf(process.env.PRESSRUN_TEST_DATABASE === 'postgres')(
  'SQLite that is full in the middle of a transaction says so, and takes the next one when there is room',
  async () => {
    const { query } = store.db
    const fill = () =>
      query.transaction().execute(async (trx) => {
        await trx.insertInto('meta').values({ key: 'small', value: '' }).execute()
        await trx
          .insertInto('meta')
          .values({ key: 'large', value: 'x'.repeat(1_000_000) })
          .execute()
      })
    await sql`pragma max_page_count = 1`.execute(query)

    await expect(fill()).rejects.toThrow('database or disk is full')
    await sql`pragma max_page_count = 1000000`.execute(query)
    await fill()

    const kept = await query.selectFrom('meta').select('key').where('key', 'in', ['small', 'large']).execute()
    expect(kept).toHaveLength(2)
  },
)

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
