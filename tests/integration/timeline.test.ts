/** Timelines from a real database: one Delivery's, and one person's across Issues; in order, bounded, inert. */

import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeDeliveries } from '../../src/commands/deliveries.js'
import { printSubscriber, showSubscriber } from '../../src/commands/subscribers-show.js'
import type { Db } from '../../src/db/db.js'
import type { HitKind } from '../../src/db/schema.js'
import { insertEvents } from '../../src/event/event.js'
import { openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { makeKeys } from '../../src/link/token.js'
import type { ToldDelivery } from '../../src/report/deliveries.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { openTestDb } from '../rig/database.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const FROZEN = Date.UTC(2026, 2, 1, 8)
const MINUTE = 60_000
const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
const links = [
  { url: 'https://example.org/a', section: 'cranes', heading: 'Cranes', text: 'the report' },
  { url: 'https://example.org/b', section: 'cranes', heading: 'Cranes', text: 'the answer' },
]

let db: Db
let send: SeededSend

beforeEach(async () => {
  db = await openTestDb()
  send = await seedSend(db.query, {
    now: FROZEN,
    links,
    deliveries: [
      { who: 'dora' },
      { who: 'grace' },
      { who: 'frank', state: 'excluded', reason: 'suppressed' },
      { who: 'erin', state: 'deferred' },
    ],
  })
})

afterEach(() => db.close())

const idOf = (who: string) => send.deliveries[who] ?? 0

async function attempt(
  who: string,
  number: number,
  given: { at: number; code: number; text: string; outcome: string },
) {
  await db.query
    .insertInto('attempt')
    .values({
      delivery_id: idOf(who),
      number,
      send_id: send.sendId,
      relay: 'main',
      fence: 1,
      owner: 'test',
      intended_at: given.at,
      outcome: given.outcome,
      code: given.code,
      text: given.text,
      replied_at: given.at + 1_000,
    })
    .execute()
}

async function hit(who: string, kind: HitKind, given: { at: number; link?: number; userAgent?: string }) {
  await openHits({ db, now: () => given.at }).record({
    kind,
    deliveryId: idOf(who),
    link: given.link ?? null,
    method: 'GET',
    userAgent: given.userAgent ?? safari,
    network: '192.0.2.0/24',
    headers: { 'accept-language': 'en' },
  })
}

async function write(request: Partial<Parameters<typeof writeDeliveries>[0]>): Promise<string> {
  const out = new PassThrough()
  const written = text(out)
  await writeDeliveries(
    { sendId: send.sendId, state: null, address: null, format: 'text', ...request },
    { query: db.query, out },
  ).finally(() => out.end())
  return written
}

/** Greylisted, then taken, opened, clicked; then the mailbox was gone. */
async function tellOfDora() {
  await attempt('dora', 1, {
    at: FROZEN + 1_000,
    code: 451,
    text: '451 4.7.1 Greylisted',
    outcome: 'deferred',
  })
  await attempt('dora', 2, { at: FROZEN + 10 * MINUTE, code: 250, text: '2.0.0 Ok', outcome: 'sent' })
  await hit('dora', 'open', { at: FROZEN + 60 * MINUTE })
  await hit('dora', 'click', { at: FROZEN + 61 * MINUTE, link: 1 })
  await ingestOnce({ db, now: () => FROZEN + 62 * MINUTE })
  const { subscriber_id } = await db.query
    .selectFrom('delivery')
    .select('subscriber_id')
    .where('id', '=', idOf('dora'))
    .executeTakeFirstOrThrow()
  await insertEvents(db.query, [
    {
      kind: 'bounced',
      at: FROZEN + 90 * MINUTE,
      subscriberId: subscriber_id,
      sendId: send.sendId,
      deliveryId: idOf('dora'),
      detail: { fault: 'hard', status: '5.1.1', text: 'no such user', source: 'smtp' },
    },
  ])
  // As `takeFeedback` leaves it beside the Event.
  await db.query
    .insertInto('feedback')
    .values({
      digest: 'hard',
      source: 'smtp',
      verdict: 'hard',
      detail: '{}',
      delivery_id: idOf('dora'),
      at: FROZEN + 90 * MINUTE,
    })
    .execute()
}

test('the timeline of a Delivery has the freeze, each intent and reply, each Hit with its verdict, and what came back', async () => {
  await tellOfDora()

  const [told] = JSON.parse(await write({ address: 'Dora@example.com', format: 'json' })) as ToldDelivery[]

  expect(told).toMatchObject({ address: 'dora@example.com', state: 'sent', nextTry: null })
  expect(told?.timeline.map(({ at, what, verdict }) => [Date.parse(at) - FROZEN, what, verdict])).toEqual([
    [0, 'frozen', null],
    [1_000, 'intent', null],
    [2_000, 'reply', null],
    [10 * MINUTE, 'intent', null],
    [10 * MINUTE + 1_000, 'reply', null],
    [60 * MINUTE, 'open', 'person'],
    [61 * MINUTE, 'click', 'person'],
    [90 * MINUTE, 'bounced', null],
  ])
  expect(told?.timeline[2]?.detail).toBe('deferred: 451 4.7.1 Greylisted')
  expect(told?.timeline[6]?.link).toEqual({ index: 1, url: 'https://example.org/b' })
})

test('as text it reads from top to bottom', async () => {
  await tellOfDora()

  const lines = (await write({ address: 'dora@example.com' })).split('\n')

  expect(lines[0]).toBe('dora@example.com: sent')
  expect(lines[1]).toMatch(/^ {2}2026-03-01 08:00:00 UTC {2}frozen +lane other$/)
  expect(lines[2]).toMatch(/^ {2}2026-03-01 08:00:01 UTC {2}intent +attempt 1, relay main$/)
  expect(lines.find((line) => line.includes(' click '))).toContain('Link 1 https://example.org/b')
  expect(lines.at(-2)).toContain('bounced')
  expect(lines.at(-2)).toContain('fault hard, status 5.1.1, text no such user')
})

test('someone who was left out has the reason, someone who waits the time of the next try', async () => {
  const due = FROZEN + 20 * MINUTE
  await db.query.updateTable('delivery').set({ not_before: due }).where('id', '=', idOf('erin')).execute()

  const [frank] = JSON.parse(await write({ address: 'frank@example.com', format: 'json' })) as ToldDelivery[]
  const [erin] = JSON.parse(await write({ address: 'erin@example.com', format: 'json' })) as ToldDelivery[]

  expect(frank?.timeline.map(({ what, detail }) => [what, detail])).toEqual([
    ['frozen', 'lane other'],
    ['excluded', 'suppressed'],
  ])
  expect(erin?.nextTry).toBe('2026-03-01T08:20:00.000Z')
  expect(await write({ address: 'erin@example.com' })).toContain('tried again from 2026-03-01 08:20:00 UTC')
})

test('a person is found by the address they had then and by the one they have now', async () => {
  await db.query
    .updateTable('subscriber')
    .set({ address: 'dora@new.example', address_key: 'dora@new.example' })
    .where('address_key', '=', 'dora@example.com')
    .execute()

  const byOld = JSON.parse(await write({ address: 'dora@example.com', format: 'json' }))
  const byNew = JSON.parse(await write({ address: 'dora@new.example', format: 'json' }))

  expect(byOld).toEqual(byNew)
  expect(byNew).toHaveLength(1)
})

test('of a stranger, or in a state that they are not in, the sentence says so and nothing is written', async () => {
  await expect(write({ address: 'x@example.com' })).rejects.toThrow(
    `Send ${send.sendId} (2026-03-01-cranes to harbour) has no Delivery to x@example.com; pressrun subscribers show`,
  )
  await expect(write({ address: 'dora@example.com', state: 'bounced' })).rejects.toThrow('that is bounced')
  await expect(write({ address: 'no address' })).rejects.toThrow('the address "no address"')
})

test('V42, V43: what a scanner calls itself steers no terminal and is no formula in a table', async () => {
  const hostile = '=HYPERLINK("https://evil.example")\u001b[2J<img src=x onerror=alert(1)>'
  await hit('grace', 'click', { at: FROZEN + MINUTE, link: 0, userAgent: hostile })
  await attempt('grace', 1, { at: FROZEN, code: 250, text: '@SUM(1)\u0007\r\nX: y', outcome: 'sent' })
  await db.query.updateTable('delivery').set({ reply_code: null, reply_text: '=1+1' }).execute()

  const asText = await write({ address: 'grace@example.com' })
  const told: Record<string, string>[] = parse(await write({ address: 'grace@example.com', format: 'csv' }), {
    columns: true,
  })
  const all: Record<string, string>[] = parse(await write({ format: 'csv' }), { columns: true })

  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
  expect(asText).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  expect(asText.split('\n').filter((line) => line.startsWith('X:'))).toEqual([])
  expect(told.map(({ what }) => what)).toEqual(['frozen', 'intent', 'reply', 'click'])
  for (const row of [...told, ...all])
    for (const field of Object.values(row)) expect(field).not.toMatch(/^[=+\-@\t\r\n]/)
  expect(all.map(({ address, state, reply }) => [address, state, reply])).toContainEqual([
    'grace@example.com',
    'sent',
    "'=1+1",
  ])
})

test("a person's timeline goes across Issues: sent, opened, clicked, bounced, in order and with the verdicts", async () => {
  await tellOfDora()
  const later = await seedSend(db.query, {
    now: FROZEN + 14 * 24 * 60 * MINUTE,
    links,
    issue: { slug: '2026-03-15-tides' },
    deliveries: [{ who: 'dora', state: 'excluded', reason: 'suppressed' }],
  })
  await unsubscribe(db, {
    deliveryId: later.deliveries.dora ?? 0,
    how: 'page',
    now: FROZEN + 15 * 24 * 60 * MINUTE,
  })

  const record = await showSubscriber({ address: 'dora@example.com', db, keys, now: () => FROZEN })
  const printed = printSubscriber(record)

  expect(record.timeline.map(({ what, issue, verdict }) => [what, issue, verdict])).toEqual([
    ['sent', '2026-03-01-cranes', null],
    ['opened', '2026-03-01-cranes', 'person'],
    ['clicked', '2026-03-01-cranes', 'person'],
    ['bounced', '2026-03-01-cranes', null],
    ['excluded', '2026-03-15-tides', null],
    ['unsubscribed', '2026-03-15-tides', null],
  ])
  expect(record.timeline[2]?.link).toEqual({ index: 1, url: 'https://example.org/b' })
  expect(printed).toContain('clicked (person)')
  expect(printed).toContain('Link 1 https://example.org/b')
})

test('a timeline is bounded, and says how many more there were', async () => {
  for (let at = 0; at < 510; at += 1) await hit('grace', 'open', { at: FROZEN + at })
  await db.query
    .insertInto('surplus')
    .values({
      delivery_id: idOf('grace'),
      kind: 'open',
      link: -1,
      hits: 9_000,
      first_at: FROZEN,
      last_at: FROZEN + 999,
    })
    .execute()

  const [told] = JSON.parse(await write({ address: 'grace@example.com', format: 'json' })) as ToldDelivery[]

  expect(told?.timeline.filter(({ what }) => what === 'open')).toHaveLength(501)
  expect(told?.timeline.at(-1)?.detail).toBe('9000 more since 2026-03-01 08:00:00 UTC, counted only')
})
