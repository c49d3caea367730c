/** What came after each Delivery of a Send: the lines say it, add up to the Report, and ask no more of a Send that is read more. */

import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import { createQueryId } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DeliveriesRequest, writeDeliveries } from '../../src/commands/deliveries.js'
import type { Db, Query } from '../../src/db/db.js'
import { transact } from '../../src/db/transact.js'
import { insertEvents } from '../../src/event/event.js'
import { openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import type { DeliveryLine } from '../../src/report/deliveries.js'
import { DELIVERY_COLUMNS } from '../../src/report/delivery-columns.js'
import { readReport } from '../../src/report/report.js'
import { restoreSubscription } from '../../src/track/restore.js'
import { scrub } from '../../src/track/scrub.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { openTestDb } from '../rig/database.js'
import { about, bounced, complained, KEYS, take } from '../rig/feedback.js'
import { explain, questionsOf } from '../rig/questions.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const START = Date.UTC(2026, 2, 1, 8)
const MINUTE = 60_000
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
const links = [{ url: 'https://example.org/a', section: 'cranes', heading: 'Cranes', text: 'the report' }]

let db: Db
let send: SeededSend

beforeEach(async () => {
  db = await openTestDb()
  send = await seedSend(db.query, {
    state: 'finished',
    now: START,
    links,
    deliveries: [
      ...['alice', 'bob', 'charlie', 'dora', 'erin', 'grace', 'heidi', 'ivan', 'judy'].map((who) => ({
        who,
      })),
      { who: 'oscar', state: 'bounced' as const },
      { who: 'frank', state: 'excluded' as const, reason: 'suppressed' },
    ],
  })
})

afterEach(() => db.close())

const idOf = (who: string) => send.deliveries[who] ?? 0

async function hit(who: string, kind: 'open' | 'click', minutes: number, userAgent = safari): Promise<void> {
  await openHits({ db, now: () => START + minutes * MINUTE }).record({
    kind,
    deliveryId: idOf(who),
    link: kind === 'open' ? null : 0,
    method: 'GET',
    userAgent,
    network: '',
    headers: { 'accept-language': 'en', accept: 'text/html' },
  })
}

const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString()

/** Everything that may come after. */
async function live(): Promise<void> {
  await db.query.updateTable('delivery').set({ is_untracked: 1 }).where('id', '=', idOf('judy')).execute()
  await hit('alice', 'open', 20, 'Mozilla/5.0')
  await hit('alice', 'open', 30)
  await hit('alice', 'open', 90)
  await hit('alice', 'click', 40)
  await hit('bob', 'click', 50)
  await hit('erin', 'open', 60, 'Mozilla/5.0')
  await hit('grace', 'open', 60, 'BarracudaCentral')
  await hit('grace', 'click', 60, 'BarracudaCentral')
  await ingestOnce({ db, now: () => START + 100 * MINUTE })
  await unsubscribe(db, { deliveryId: idOf('charlie'), how: 'page', now: START + 70 * MINUTE })
  const optOut = { kind: 'complained', type: 'opt-out', recipient: null } as const
  await take(db, about(idOf('dora'), [optOut]), { now: START + 71 * MINUTE })
  await take(db, about(idOf('erin'), [complained()]), { now: START + 72 * MINUTE })
  const soft = bounced({ fault: 'soft', status: '5.2.2' })
  await take(db, about(idOf('heidi'), [soft]), { now: START + 73 * MINUTE })
  await take(db, about(idOf('heidi'), [bounced({ status: '5.1.1' })]), { now: START + 74 * MINUTE })
  await take(db, about(idOf('ivan'), [bounced({ fault: 'policy', status: '5.7.1' })]), {
    now: START + 75 * MINUTE,
  })
}

async function write(request: Partial<DeliveriesRequest>, query: Query = db.query): Promise<string> {
  const out = new PassThrough()
  const written = text(out)
  await writeDeliveries(
    { sendId: send.sendId, state: null, address: null, format: 'csv', ...request },
    { query, out },
  )
  out.end()
  return written
}

async function table(request: Partial<DeliveriesRequest> = {}) {
  const rows: Record<string, string>[] = parse(await write(request), { columns: true })
  return new Map(rows.map((row) => [row.address?.split('@')[0] ?? '', row]))
}

test('each line says what came after', async () => {
  await live()

  const rows = await table()
  const said = (who: string) => {
    const all = Object.entries(rows.get(who) ?? {}).slice(
      DELIVERY_COLUMNS.findIndex(({ name }) => name === 'opened'),
    )
    return Object.fromEntries(all.filter(([, value]) => value !== ''))
  }

  expect(said('alice')).toEqual({
    opened: 'person',
    opened_at: at(30),
    clicked: 'person',
    clicked_at: at(40),
  })
  // Their pictures came by nobody: whoever clicks has opened.
  expect(said('bob')).toEqual({ opened: 'person', opened_at: at(50), clicked: 'person', clicked_at: at(50) })
  expect(said('charlie')).toEqual({ unsubscribed_at: at(70) })
  expect(said('dora')).toEqual({ unsubscribed_at: at(71) })
  expect(said('erin')).toEqual({ opened: 'unknown', complained_at: at(72) })
  expect(said('grace')).toEqual({ opened: 'machine', clicked: 'machine' })
  expect(said('heidi')).toEqual({
    bounced_later: 'hard',
    bounced_later_status: '5.1.1',
    bounced_later_at: at(74),
  })
  expect(said('ivan')).toMatchObject({ bounced_later: 'policy', bounced_later_status: '5.7.1' })
  expect(said('judy')).toEqual({ opened: 'untracked', clicked: 'untracked' })
  expect(said('oscar')).toEqual({})
  expect(said('frank')).toEqual({})
})

test('the lines add up to the Report', async () => {
  await live()

  const { opens, clicks, left } = await readReport(db.query, send.sendId)
  const rows = [...(await table()).values()]
  const count = (name: string, value?: string) =>
    rows.filter((row) => (value === undefined ? row[name] !== '' : row[name] === value)).length
  const parts = (name: string) => ['person', 'unknown', 'machine'].map((verdict) => count(name, verdict))

  expect(parts('opened')).toEqual([opens.person, opens.unknown, opens.machine])
  expect(parts('clicked')).toEqual([clicks.person, clicks.unknown, clicks.machine])
  expect(count('opened_at')).toBe(opens.person)
  expect(count('unsubscribed_at')).toBe(left.unsubscribes)
  expect(count('complained_at')).toBe(left.complaints)
  const { hard, soft, other } = left.bouncedLater
  expect([hard, soft, other]).toEqual([1, 0, 1])
  expect(count('bounced_later', 'hard')).toBe(hard)
  expect(count('bounced_later')).toBe(hard + soft + other)
})

test('JSON says the same, and a filter leaves it as it is', async () => {
  await live()

  const lines = JSON.parse(await write({ format: 'json' })) as DeliveryLine[]
  const [alice] = JSON.parse(await write({ format: 'json', address: 'alice@example.com' })) as DeliveryLine[]
  const sent = await table({ state: 'sent' })

  expect(lines[0]).toMatchObject({ opened: 'person', openedAt: at(30), clicked: 'person', clickedAt: at(40) })
  expect(alice).toMatchObject({ opened: 'person', openedAt: at(30) })
  const rows = [...(await table()).values()]
  expect(rows).toEqual(
    lines.map((line) => Object.fromEntries(DELIVERY_COLUMNS.map(({ name, of }) => [name, of(line) ?? '']))),
  )
  expect([...sent.values()]).toEqual(rows.filter(({ state }) => state === 'sent'))
})

test('a report that settles an uncertain one is its state, and no bounce that came later', async () => {
  await db.query.updateTable('delivery').set({ state: 'uncertain' }).where('id', '=', idOf('bob')).execute()
  await db.query
    .insertInto('attempt')
    .values({
      delivery_id: idOf('bob'),
      number: 1,
      send_id: send.sendId,
      relay: 'main',
      fence: 1,
      owner: 'test',
      intended_at: START,
      outcome: 'uncertain',
    })
    .execute()

  await take(db, about(idOf('bob'), [bounced()]))

  expect((await table()).get('bob')).toMatchObject({ state: 'bounced', bounced_later: '' })
  const { bounced: refused, left } = await readReport(db.query, send.sendId)
  expect([refused, left.bouncedLater.hard]).toEqual([2, 0])
})

test('an unsubscribe that was taken back is none, until they leave again', async () => {
  const leave = (minutes: number) =>
    unsubscribe(db, { deliveryId: idOf('charlie'), how: 'page', now: START + minutes * MINUTE })
  const left = async () => [
    (await readReport(db.query, send.sendId)).left.unsubscribes,
    (await table()).get('charlie')?.unsubscribed_at,
  ]
  const { subscription_id: subscriptionId } = await db.query
    .selectFrom('delivery')
    .select('subscription_id')
    .where('id', '=', idOf('charlie'))
    .executeTakeFirstOrThrow()
  await leave(10)
  expect(await left()).toEqual([1, at(10)])

  const request = { subscriptionId, detail: { how: 'page' }, keys: KEYS, now: START + 11 * MINUTE }
  expect(await transact(db.query, 'restore', (trx) => restoreSubscription(trx, request))).toBe(true)
  expect(await left()).toEqual([0, ''])

  await leave(12)
  expect(await left()).toEqual([1, at(12)])
})

test('what they take back years later is not what they did here', async () => {
  await unsubscribe(db, { deliveryId: idOf('charlie'), how: 'page', now: START + 10 * MINUTE })
  const { subscriber_id: subscriberId, list_id: listId } = await db.query
    .selectFrom('event')
    .select(['subscriber_id', 'list_id'])
    .where('kind', '=', 'unsubscribed')
    .executeTakeFirstOrThrow()
  for (const kind of ['subscribed', 'unsubscribed', 'restored'] as const)
    await insertEvents(db.query, [{ kind, at: START + 20 * MINUTE, subscriberId, listId, detail: {} }])

  expect((await readReport(db.query, send.sendId)).left.unsubscribes).toBe(1)
  expect((await table()).get('charlie')?.unsubscribed_at).toBe(at(10))
})

test('where a Send tracks nothing, its lines say so', async () => {
  const issue = await db.query.selectFrom('compiled_issue').select('content').executeTakeFirstOrThrow()
  const compiled = JSON.parse(issue.content)
  send = await seedSend(db.query, {
    now: START,
    links,
    issue: {
      slug: 'quiet',
      publication: { ...compiled.publication, tracking: { opens: false, clicks: false } },
    },
    deliveries: [{ who: 'alice' }, { who: 'bob', state: 'bounced' }],
  })

  const rows = await table()

  expect([rows.get('alice')?.opened, rows.get('alice')?.clicked]).toEqual(['untracked', 'untracked'])
  expect(rows.get('bob')?.opened).toBe('')
})

test('whoever is erased keeps the numbers, and no code that could tell of them; of those unread nothing will be kept', async () => {
  await live()

  await transact(db.query, 'erase', (trx) => scrub(trx, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]))

  const rows: Record<string, string>[] = parse(await write({}), { columns: true })
  expect(
    rows.map(({ address, opened, bounced_later }) => [address, opened, bounced_later]).slice(0, 7),
  ).toEqual([
    ['', 'person', ''],
    ['', 'person', ''],
    ['', 'untracked', ''],
    ['', 'untracked', ''],
    ['', 'unknown', ''],
    ['', 'machine', ''],
    ['', 'untracked', 'hard'],
  ])
  expect((await table()).get('')?.bounced_later_status).toBe('')
})

test('a page asks the same questions, however much its people did, each by an index', async () => {
  const before = await questionsOf(db.query, (query) => write({}, query))
  await live()
  for (let minutes = 100; minutes < 120; minutes++) await hit('alice', 'open', minutes)
  await ingestOnce({ db, now: () => START + 120 * MINUTE })

  const asked = await questionsOf(db.query, (query) => write({}, query))

  expect(asked).toHaveLength(before.length)
  if (db.engine === 'postgres') return
  const steps = (await Promise.all(asked.map((node) => explain(db.query, node)))).flat()
  expect(steps.some((step) => step.includes('event_after'))).toBe(true)
  expect(steps.some((step) => step.includes('hit_delivery'))).toBe(true)
  expect(steps.filter((step) => /^SCAN (hit|event|classification|delivery|attempt)\b/.test(step))).toEqual([])
})

test('as text, which does not say what came after, nobody asks', async () => {
  const asked = await questionsOf(db.query, (query) => write({ format: 'text' }, query))

  const texts = asked.map((node) => db.query.getExecutor().compileQuery(node, createQueryId()).sql)
  expect(texts.filter((one) => /\b(hit|event)\b/.test(one))).toEqual([])
})
