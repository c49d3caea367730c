/** Sends with a time: begun when they are due, asked about when they are late, begun once however many look. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openStore, type Store } from '../../src/app/store.js'
import { hashAddress } from '../../src/link/token.js'
import { printStatus } from '../../src/report/print.js'
import { readStatus } from '../../src/report/status.js'
import { beginDueSends } from '../../src/send/begin.js'
import { type CreatedSend, createSend } from '../../src/send/create.js'
import { freezeSend } from '../../src/send/freeze.js'
import { cancelSend, pauseSend, resumeSend } from '../../src/send/life.js'
import { readScheduledTime } from '../../src/send/scheduled-time.js'
import { findSend } from '../../src/send/send.js'
import {
  compilation,
  countStates,
  openTestRoot,
  subscribe,
  type TestRoot,
  untilFinished,
} from '../rig/engine.js'
import { countReasons, people, pinned } from '../rig/life.js'

const HOUR_MS = 3_600_000

let root: TestRoot
let store: Store
let listId: number

beforeEach(async () => {
  root = await openTestRoot()
  store = await root.store()
  listId = await subscribe(store, 'weekly', ['alice', 'dora', 'frank'])
})

afterEach(() => root.close())

const context = (now = store.now) => ({ query: store.db.query, keys: store.keys, now })

/** `from` in the past makes it due already. */
async function schedule(fromNowMs: number, { zone = 'Europe/Berlin', lateMs = 6 * HOUR_MS } = {}) {
  const at = store.now() + fromNowMs
  const now = store.now()
  const plain = { ...pinned(compilation()), listId, now }
  const created: CreatedSend = await createSend(store.db.query, { ...plain, schedule: { at, zone, lateMs } })
  return { ...created, at }
}

test('a scheduled Send is frozen when it is due, for those who are on the List then', async () => {
  const { sendId } = await schedule(1_500)
  await root.engine()
  const early = await findSend(store.db.query, sendId)
  await subscribe(store, 'weekly', ['late'])
  const suppression = { address_hash: hashAddress(store.keys, 'frank@example.org'), reason: 'complained' }
  await store.db.query
    .insertInto('suppression')
    .values({ ...suppression, created_at: store.now() })
    .execute()

  await untilFinished(store, sendId)

  expect(early).toMatchObject({ state: 'scheduled', audience: null })
  expect(await countStates(store, sendId)).toEqual({ sent: 3, excluded: 1 })
  expect(
    root
      .ledger()
      .map(({ to }) => to)
      .sort(),
  ).toEqual(['alice@example.org', 'dora@example.org', 'late@example.org'])
  const { startedAt, scheduled } = await findSend(store.db.query, sendId)
  expect(startedAt).toBeGreaterThanOrEqual(scheduled?.at ?? Number.POSITIVE_INFINITY)
})

test.skipIf(process.env.PRESSRUN_TEST_DATABASE === 'postgres')(
  'on the morning after the clocks have gone forward it begins at nine by the clock on the wall',
  async () => {
    const saturday = Date.parse('2027-03-27T12:00:00Z')
    const said = { saidZone: 'Europe/Berlin', defaultZone: 'UTC', now: saturday }
    const time = readScheduledTime('2027-03-28 09:00', said)
    const plain = { ...pinned(compilation()), listId, now: saturday }
    const { sendId } = await createSend(store.db.query, { ...plain, schedule: { ...time, lateMs: HOUR_MS } })

    const before = await beginDueSends(context(() => Date.parse('2027-03-28T06:59:59.999Z')))
    const then = await beginDueSends(context(() => Date.parse('2027-03-28T07:00:00Z')))

    expect(before).toEqual({ begun: [], missed: [] })
    expect(then).toEqual({ begun: [sendId], missed: [] })
  },
)

test('a time that was missed by more than it may be waits for a word; resumed, it goes out', async () => {
  const { sendId } = await schedule(-7 * HOUR_MS - 60_000)
  const engine = await root.engine()
  await vi.waitFor(async () => expect((await findSend(store.db.query, sendId)).state).toBe('paused'), {
    timeout: 20_000,
  })

  const { reason } = await findSend(store.db.query, sendId)
  const resumed = await resumeSend(sendId, context())
  await untilFinished(engine.store, sendId)

  expect(reason).toMatch(
    /^missed its time, \d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? Europe\/Berlin \(.* UTC\), by 7 h; pressrun resume 1 sends it now, pressrun cancel 1 does not$/,
  )
  expect(resumed).toMatchObject({ kind: 'changed', state: 'preparing' })
  expect(root.ledger()).toHaveLength(3)
})

test.each([
  { when: 'five hours late of six', fromNowMs: -5 * HOUR_MS, lateMs: 6 * HOUR_MS, state: 'preparing' },
  { when: 'a minute late of none', fromNowMs: -60_000, lateMs: 0, state: 'paused' },
  { when: 'a minute early', fromNowMs: 60_000, lateMs: 0, state: 'scheduled' },
] as const)('$when it is $state', async ({ fromNowMs, lateMs, state }) => {
  const { sendId } = await schedule(fromNowMs, { lateMs })

  await beginDueSends(context())

  expect((await findSend(store.db.query, sendId)).state).toBe(state)
})

test.each([
  [6_500, '6 s'],
  [90_000, '1 min'],
] as const)('missed by %i ms, the reason says by %s', async (lateByMs, said) => {
  const { sendId, at } = await schedule(-lateByMs, { lateMs: 1_000 })

  await beginDueSends(context(() => at + lateByMs))

  const { reason } = await findSend(store.db.query, sendId)
  if (process.env.PRESSRUN_TEST_DATABASE === 'postgres') expect(reason).toMatch(/, by \d+ (s|min); /)
  else expect(reason).toContain(`, by ${said}; `)
})

test('paused before its time and resumed, it waits for it again; resumed after it, it goes out', async () => {
  const { sendId } = await schedule(HOUR_MS)
  await pauseSend(sendId, { query: store.db.query, reason: 'paused by Ada' })

  const before = await resumeSend(sendId, context())
  await pauseSend(sendId, { query: store.db.query, reason: 'paused by Ada' })
  await store.db.query
    .updateTable('send')
    .set({ scheduled_at: store.now() - HOUR_MS })
    .execute()
  const untouched = await beginDueSends(context())
  const after = await resumeSend(sendId, context())

  expect(before).toMatchObject({ kind: 'changed', state: 'scheduled' })
  expect(untouched).toEqual({ begun: [], missed: [] })
  expect(after).toMatchObject({ kind: 'changed', state: 'preparing' })
})

test('cancelled before its time, nobody gets it, and it can be scheduled anew', async () => {
  const { sendId } = await schedule(-1_000)
  await cancelSend(sendId, { query: store.db.query, reason: 'cancelled by Ada' })

  const begun = await beginDueSends(context())
  const anew = await schedule(HOUR_MS)

  expect(begun).toEqual({ begun: [], missed: [] })
  expect(anew).toMatchObject({ kind: 'created', sendId: sendId + 1 })
  expect(await schedule(HOUR_MS)).toMatchObject({ kind: 'exists', sendId: sendId + 1, state: 'scheduled' })
})

test('V14: two schedulers begin the same due Send at the same instant: one Send, everyone placed once', async () => {
  await subscribe(store, 'weekly', people(4_500))
  const { sendId } = await schedule(-1_000)
  const other = await openStore(root.config)

  const both = await Promise.all([store, other].map(({ db, now }) => beginDueSends({ query: db.query, now })))
  await Promise.all(
    [store, other].map(({ db, keys, now }) => freezeSend(sendId, { query: db.query, keys, now })),
  )

  expect(both.flatMap(({ begun }) => begun)).toEqual([sendId])
  expect(await countStates(store, sendId)).toEqual({ queued: 4_503 })
  expect(await findSend(store.db.query, sendId)).toMatchObject({ state: 'sending', audience: 4_503 })
  await other.close()
})

test('V14: two operators schedule the same issue at the same instant: one Send', async () => {
  const other = await openStore(root.config)
  const plain = { ...pinned(compilation()), listId, now: store.now() }
  const time = { at: store.now() + HOUR_MS, zone: 'UTC', lateMs: HOUR_MS }

  const both = await Promise.all(
    [store, other].map(({ db }) => createSend(db.query, { ...plain, schedule: time })),
  )

  expect(both.map(({ kind }) => kind).sort()).toEqual(['created', 'exists'])
  expect(new Set(both.map(({ sendId }) => sendId)).size).toBe(1)
  expect(await store.db.query.selectFrom('send').select('id').execute()).toHaveLength(1)
  await other.close()
})

test('V14: cancelled and due at the same instant: it begins or it does not, and nobody gets it', async () => {
  for (let round = 0; round < 10; round++) {
    const { sendId } = await schedule(-1_000)

    await Promise.all([
      beginDueSends(context()).then(() => freezeSend(sendId, context())),
      cancelSend(sendId, { query: store.db.query, reason: 'cancelled by Ada' }),
    ])

    const { state } = await findSend(store.db.query, sendId)
    expect(state).toBe('cancelled')
    // What was placed before would stand in the way of the next round.
    if (Object.keys(await countStates(store, sendId)).length > 0) break
  }
  const engine = await root.engine()
  await vi.waitFor(async () => {
    const open = engine.store.db.query.selectFrom('send').select('id').where('finished_at', 'is', null)
    expect(await open.execute()).toEqual([])
  })
  const gone = store.db.query.selectFrom('delivery').select('id').where('state', '!=', 'excluded')
  expect(await gone.execute()).toEqual([])
})

test('the status names the time in its zone, and what a Send is', async () => {
  const at = Date.parse('2027-01-05T08:00:00Z')
  const plain = { ...pinned(compilation()), listId, now: store.now() }
  const time = { at, zone: 'Europe/Berlin', lateMs: HOUR_MS }
  const { sendId } = await createSend(store.db.query, { ...plain, schedule: time, uncertainPolicy: 'resend' })

  const status = await readStatus(store.db.query, sendId)

  expect(status).toMatchObject({
    state: 'scheduled',
    scheduledAt: '2027-01-05T08:00:00.000Z',
    zone: 'Europe/Berlin',
    uncertainPolicy: 'resend',
    label: null,
  })
  expect(printStatus(status)).toBe(
    [
      'Send 1: 2026-01-05-harbour to weekly',
      'state      scheduled',
      'scheduled  2027-01-05 09:00 Europe/Berlin (08:00 UTC)',
      'audience 0 = 0',
      '',
    ].join('\n'),
  )
  expect(await countReasons(store, sendId)).toEqual({})
})
