/** Status and Report from a real database: the parts add up, and people are told from machines. */

import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readDeliveryState, writeDeliveries } from '../../src/commands/deliveries.js'
import { printSends, sendsCommand } from '../../src/commands/sends.js'
import { watchStatus } from '../../src/commands/status.js'
import type { Db } from '../../src/db/db.js'
import { transact } from '../../src/db/transact.js'
import { openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { printReport } from '../../src/report/print-report.js'
import { readReport } from '../../src/report/report.js'
import { readStatus } from '../../src/report/status.js'
import { scrub } from '../../src/track/scrub.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { openTestDb } from '../rig/database.js'
import { about, complained, take } from '../rig/feedback.js'
import { seedSend } from '../rig/seed.js'

const now = () => 1_700_000_000_000
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
const links = [
  { url: 'https://example.org/a', section: 'cranes', heading: 'Cranes', text: 'the report' },
  { url: 'https://example.org/b', section: 'cranes', heading: 'Cranes', text: 'the answer' },
  { url: 'https://example.org/c', section: 'other-news', heading: 'Other News', text: 'tides' },
]

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

/** One of each, and Alice's people. */
function seedAll() {
  return seedSend(db.query, {
    now: now(),
    links,
    deliveries: [
      { who: 'alice' },
      { who: 'grace' },
      { who: 'mallory' },
      { who: 'bob', state: 'bounced' },
      { who: 'charlie', state: 'excluded', reason: 'unsubscribed' },
      { who: 'frank', state: 'excluded', reason: 'suppressed' },
      { who: 'ivan', state: 'excluded', reason: 'already received in Send 7' },
      { who: 'judy', state: 'excluded', reason: 'already received in Send 7' },
      { who: 'dora', state: 'deferred' },
      { who: 'erin', state: 'queued' },
      { who: 'heidi', state: 'uncertain' },
      { who: 'oscar', state: 'failed', reason: 'content refused' },
      { who: 'peggy', state: 'sending' },
    ],
  })
}

test('the states of a Send add up to its audience', async () => {
  const { sendId, hash } = await seedAll()

  const status = await readStatus(db.query, sendId)

  expect(status).toEqual({
    send: sendId,
    issue: '2026-03-01-cranes',
    list: 'harbour',
    segment: null,
    topics: [],
    state: 'sending',
    reason: null,
    label: null,
    hash,
    uncertainPolicy: 'hold',
    scheduledAt: null,
    zone: null,
    audience: 13,
    queued: 1,
    sending: 1,
    deferred: 1,
    sent: 3,
    bounced: 1,
    failed: 1,
    uncertain: 1,
    excluded: 4,
    startedAt: '2023-11-14T22:13:20.000Z',
    finishedAt: null,
    alarm: null,
  })
})

test('a Delivery that went missing after the freeze is an alarm', async () => {
  const { sendId, deliveries } = await seedAll()
  await db.query
    .deleteFrom('delivery')
    .where('id', '=', deliveries.heidi ?? 0)
    .execute()

  const { audience, alarm } = await readStatus(db.query, sendId)

  expect(audience).toBe(13)
  expect(alarm).toBe('13 were frozen, but there are 12 Deliveries')
})

test('a Send that has nobody in it yet has a status, one that does not exist has none', async () => {
  const nobody = await seedSend(db.query, { deliveries: [], state: 'preparing' })

  expect(await readStatus(db.query, nobody.sendId)).toMatchObject({
    audience: 0,
    state: 'preparing',
    sent: 0,
  })
  await expect(readStatus(db.query, 99)).rejects.toThrow(
    `there is no Send 99; the newest is Send ${nobody.sendId}`,
  )
})

test('the Report tells people from machines, counts each Delivery once, and names who was left out and why', async () => {
  const { sendId, deliveries } = await seedAll()
  const other = await seedSend(db.query, {
    deliveries: [{ who: 'victor' }],
    list: 'Canal',
    issue: { slug: '2026-03-15-tides' },
    links,
  })
  const hits = openHits({ db, now })
  const hit = (who: string, kind: 'open' | 'click', link: number | null, userAgent = safari) =>
    hits.record({
      kind,
      link,
      deliveryId: deliveries[who] ?? other.deliveries[who] ?? 0,
      method: 'GET',
      userAgent,
      network: '192.0.2.0/24',
      headers: { 'accept-language': 'en' },
    })
  await Promise.all([
    hit('alice', 'open', null),
    hit('alice', 'open', null),
    hit('alice', 'open', null, 'Mozilla/5.0'),
    hit('mallory', 'open', null, 'Mozilla/5.0'),
    hit('grace', 'open', null, 'BarracudaCentral'),
    hit('alice', 'click', 0),
    hit('alice', 'click', 1),
    hit('mallory', 'click', 1),
    ...[0, 1, 2].map((link) => hit('grace', 'click', link, 'BarracudaCentral')),
    hit('victor', 'open', null),
    hit('victor', 'click', 2),
  ])
  await ingestOnce({ db, now })
  await unsubscribe(db, { deliveryId: deliveries.alice ?? 0, how: 'page', now: now() })

  const report = await readReport(db.query, sendId)

  // Whoever clicked has opened: Mallory too, whose pictures came through Apple's proxy.
  expect(report.opens).toEqual({ hits: 5, deliveries: 3, person: 2, unknown: 0, machine: 1 })
  expect(report.clicks).toMatchObject({ hits: 6, deliveries: 3, person: 2, unknown: 0, machine: 1 })
  expect(
    report.clicks.links.map(({ index, person, machine, hits: requests }) => [
      index,
      person,
      machine,
      requests,
    ]),
  ).toEqual([
    [0, 1, 1, 2],
    [1, 2, 1, 3],
    [2, 0, 1, 1],
  ])
  expect(report.clicks.sections).toMatchObject([
    { id: 'cranes', heading: 'Cranes', links: 2, person: 2, machine: 1, hits: 5 },
    { id: 'other-news', heading: 'Other News', links: 1, person: 0, machine: 1, hits: 1 },
  ])
  expect(report.unsubscribes).toBe(1)
  expect(report.reasons).toEqual([
    { state: 'bounced', reason: 'no reply', count: 1 },
    { state: 'excluded', reason: 'already received in Send 7', count: 2 },
    { state: 'excluded', reason: 'suppressed', count: 1 },
    { state: 'excluded', reason: 'unsubscribed', count: 1 },
    { state: 'failed', reason: 'content refused', count: 1 },
  ])
})

test('who left twice has left once, and who left by way of a provider has not called it spam', async () => {
  const { sendId, deliveries } = await seedAll()
  const leave = (how: string) => unsubscribe(db, { deliveryId: deliveries.alice ?? 0, how, now: now() })
  await leave('page')
  await db.query.updateTable('subscription').set({ status: 'active', left_by: null }).execute()
  await leave('one-click')
  const optOut = { kind: 'complained', type: 'opt-out', recipient: null } as const
  await take(db, about(deliveries.grace ?? 0, [optOut]))
  await take(db, about(deliveries.mallory ?? 0, [complained()]))

  const count = async () => {
    const { left, unsubscribes } = await readReport(db.query, sendId)
    return [unsubscribes, left.unsubscribes, left.complaints]
  }
  expect(await count()).toEqual([2, 2, 1])
  await transact(db.query, 'erase', (trx) => scrub(trx, [1, 2, 3]))
  expect(await count()).toEqual([2, 2, 1])
})

test('none at all is zero, and a Hit counts as soon as somebody has looked at it', async () => {
  const { sendId, deliveries } = await seedAll()
  expect((await readReport(db.query, sendId)).opens).toEqual({
    hits: 0,
    deliveries: 0,
    person: 0,
    unknown: 0,
    machine: 0,
  })
  const requester = { method: 'GET', userAgent: safari, network: '', headers: {} }
  await openHits({ db, now }).record({
    kind: 'open',
    deliveryId: deliveries.alice ?? 0,
    link: null,
    ...requester,
  })

  expect((await readReport(db.query, sendId)).opens).toMatchObject({ hits: 0, deliveries: 0 })
  await ingestOnce({ db, now })
  expect((await readReport(db.query, sendId)).opens).toMatchObject({ hits: 1, deliveries: 1, person: 1 })
})

test('the reasons of bounces are the codes of their replies', async () => {
  const { sendId, deliveries } = await seedAll()
  await db.query
    .updateTable('delivery')
    .set({ reply_code: 550, reply_text: '550 5.1.1 <bob@example.com> no such user', state: 'bounced' })
    .where('id', 'in', [deliveries.bob ?? 0, deliveries.dora ?? 0])
    .execute()
  await db.query
    .updateTable('delivery')
    .set({ reply_code: 551, reply_text: 'gone', state: 'bounced' })
    .where('id', '=', deliveries.erin ?? 0)
    .execute()

  const { reasons } = await readReport(db.query, sendId)

  expect(reasons.filter(({ state }) => state === 'bounced')).toEqual([
    { state: 'bounced', reason: '550 5.1.1', count: 2 },
    { state: 'bounced', reason: '551', count: 1 },
  ])
})

test('printed, the Report names every state that is not zero', async () => {
  const { sendId } = await seedAll()

  const printed = printReport(await readReport(db.query, sendId))

  expect(printed.split('\n').slice(0, 5)).toEqual([
    'Cranes stand still',
    `Send ${sendId}: 2026-03-01-cranes to harbour`,
    'audience 13 = sent 3 + sending 1 + queued 1 + deferred 1 + bounced 1 + failed 1 + uncertain 1 + excluded 4',
    'state    sending',
    'started  2023-11-14 22:13:20 UTC',
  ])
  expect(printed).toContain('Left out\n  2  already received in Send 7\n  1  suppressed\n  1  unsubscribed\n')
  expect(printed).toContain('3 Links nobody asked for')
})

test('Deliveries are written one by one, as lines or as one JSON document', async () => {
  const { sendId } = await seedAll()
  const write = async (request: Parameters<typeof writeDeliveries>[0]) => {
    const out = new PassThrough()
    const written = text(out)
    await writeDeliveries(request, { query: db.query, out })
    out.end()
    return written
  }

  const lines = await write({ sendId, state: 'excluded', address: null, format: 'text' })
  const all = JSON.parse(await write({ sendId, state: null, address: null, format: 'json' }))

  expect(lines.split('\n')[0]).toBe('charlie@example.com\texcluded\tunsubscribed\t0')
  expect(lines.trimEnd().split('\n')).toHaveLength(4)
  expect(all).toHaveLength(13)
  expect(all[0]).toEqual({
    address: 'alice@example.com',
    state: 'sent',
    reason: null,
    attempts: 1,
    reply: '250 2.0.0 Ok',
    decided: null,
    opened: null,
    openedAt: null,
    clicked: null,
    clickedAt: null,
    unsubscribedAt: null,
    bouncedLater: null,
    bouncedLaterStatus: null,
    bouncedLaterAt: null,
    complainedAt: null,
  })
  expect(JSON.parse(await write({ sendId, state: 'bounced', address: null, format: 'json' }))).toHaveLength(1)
  const { sendId: empty } = await seedSend(db.query, { deliveries: [], list: 'Canal' })
  expect(JSON.parse(await write({ sendId: empty, state: null, address: null, format: 'json' }))).toEqual([])
  await expect(write({ sendId: 99, state: null, address: null, format: 'json' })).rejects.toThrow(
    'there is no Send 99',
  )
  expect(() => readDeliveryState('delivered')).toThrow('there is queued, sending')
})

test('more Deliveries than a page holds are all written', async () => {
  const { sendId } = await seedSend(db.query, {
    deliveries: Array.from({ length: 1_001 }, (_, index) => ({ who: `reader${index}` })),
  })
  const out = new PassThrough()
  const written = text(out)

  const count = await writeDeliveries(
    { sendId, state: null, address: null, format: 'text' },
    { query: db.query, out },
  )

  out.end()
  expect(count).toBe(1_001)
  expect(new Set((await written).trimEnd().split('\n')).size).toBe(1_001)
})

test('Sends are listed newest first', async () => {
  expect(printSends(await sendsCommand({ query: db.query }))).toContain('nothing has been sent yet')
  const first = await seedAll()
  const second = await seedSend(db.query, { deliveries: [], state: 'preparing', list: 'Canal' })

  const sends = await sendsCommand({ query: db.query })

  expect(sends.map(({ send }) => send)).toEqual([second.sendId, first.sendId])
  expect(sends[1]).toMatchObject({ audience: 13, sent: 3, state: 'sending' })
  expect(printSends(sends).split('\n')[1]).toMatch(/^ +2 {2}2026-03-01-cranes {2}canal +preparing/)
})

test('watching ends when the Send is finished, and when the person has seen enough', async () => {
  const { sendId } = await seedAll()
  const enough = new AbortController()
  const drawn: string[] = []
  const stream = {
    write(line: string) {
      drawn.push(line)
      if (drawn.length === 1) enough.abort()
    },
  }

  const seen = await watchStatus(sendId, { query: db.query, stream, signal: enough.signal })
  await db.query.updateTable('send').set({ state: 'finished' }).where('id', '=', sendId).execute()
  const last = await watchStatus(sendId, {
    query: db.query,
    stream,
    signal: new AbortController().signal,
  })

  expect(seen.state).toBe('sending')
  expect(last.state).toBe('finished')
  expect(drawn).toHaveLength(2)
})
