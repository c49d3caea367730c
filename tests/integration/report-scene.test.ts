/** A Send to which everything has happened, read from a real database and told in every form: the numbers are the same. */

import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Holed } from '../../src/compile/compiled.js'
import type { Db } from '../../src/db/db.js'
import { insertEvents } from '../../src/event/event.js'
import { openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { type ReportTable, writeReportTable } from '../../src/report/csv.js'
import { writeReportPage } from '../../src/report/html/page.js'
import { printReport } from '../../src/report/print-report.js'
import { type Report, readReport } from '../../src/report/report.js'
import { readCompiled } from '../../src/send/send.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { openTestDb } from '../rig/database.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const START = Date.UTC(2026, 2, 1, 8)
const MINUTE = 60_000
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
const HOME = 'https://brief.example.com'
const TOKEN = { kind: 'token', purpose: 'read' } as const
const links = [
  { url: 'https://example.org/a', section: 'cranes', heading: 'Cranes', text: 'the report' },
  { url: 'https://example.org/b', section: 'cranes', heading: 'Cranes', text: 'the answer' },
]
const html: Holed = [
  `<h2>Cranes</h2><p><a href="${HOME}/c/`,
  TOKEN,
  '/0">the report</a></p>',
  {
    kind: 'choice',
    name: 'city',
    present: [`<p><a href="${HOME}/c/`, TOKEN, '/1">the answer</a></p>'],
    absent: [],
  },
]

let db: Db
let send: SeededSend

beforeEach(async () => {
  db = await openTestDb()
  await seedSend(db.query, {
    state: 'finished',
    now: START - 14 * 24 * 60 * MINUTE,
    issue: { slug: '2026-02-15-tides', title: 'Tides' },
    deliveries: [{ who: 'alice' }, { who: 'bob' }],
  })
  send = await seedSend(db.query, {
    state: 'finished',
    now: START,
    links,
    issue: { html },
    deliveries: [
      ...['alice', 'bob', 'dora', 'erin', 'grace', 'heidi'].map((who) => ({ who })),
      { who: 'oscar', state: 'bounced' },
      { who: 'frank', state: 'excluded', reason: 'suppressed' },
    ],
  })
  await tellAttempts()
  // A lane is set when a Send is frozen.
  await sql`update delivery set lane = 'gmail', attributes = '{"city":"Kyoto"}'
    where id in (${idOf('alice')}, ${idOf('bob')})`.execute(db.query)
})

afterEach(() => db.close())

const idOf = (who: string) => send.deliveries[who] ?? 0

/** Dora is greylisted first; the others are taken at once. */
async function tellAttempts(): Promise<void> {
  const attempt = (who: string, number: number, at: number, outcome: string, code: number) => ({
    delivery_id: idOf(who),
    number,
    send_id: send.sendId,
    relay: 'main',
    fence: 1,
    owner: 'test',
    intended_at: at,
    outcome,
    code,
    text: `${code} ok`,
    replied_at: at + 100,
  })
  const taken = ['alice', 'bob', 'erin', 'grace', 'heidi'].map((who, at) =>
    attempt(who, 1, START + at * 200, 'sent', 250),
  )
  await db.query
    .insertInto('attempt')
    .values([
      ...taken,
      attempt('dora', 1, START + 500, 'deferred', 451),
      attempt('dora', 2, START + 10 * MINUTE, 'sent', 250),
      attempt('oscar', 1, START + 700, 'bounced', 550),
    ])
    .execute()
}

async function hit(who: string, link: number | null, at: number, userAgent = safari): Promise<void> {
  await openHits({ db, now: () => at }).record({
    kind: link === null ? 'open' : 'click',
    deliveryId: idOf(who),
    link,
    method: 'GET',
    userAgent,
    network: '',
    headers: { 'accept-language': 'en', accept: 'text/html' },
  })
}

async function live(): Promise<void> {
  await hit('alice', null, START + 30 * MINUTE)
  await hit('alice', 0, START + 31 * MINUTE)
  await hit('alice', 1, START + 90 * MINUTE)
  await hit('bob', null, START + 70 * 60 * MINUTE)
  await hit('erin', null, START + 40 * MINUTE, 'Mozilla/5.0')
  await hit('grace', 0, START + 45 * MINUTE, 'BarracudaCentral')
  await ingestOnce({ db, now: () => START + 72 * 60 * MINUTE })
  await unsubscribe(db, { deliveryId: idOf('bob'), how: 'page', now: START + 50 * MINUTE })
  const about = async (who: string) => {
    const { subscriber_id } = await db.query
      .selectFrom('delivery')
      .select('subscriber_id')
      .where('id', '=', idOf(who))
      .executeTakeFirstOrThrow()
    return {
      subscriberId: subscriber_id,
      sendId: send.sendId,
      deliveryId: idOf(who),
      at: START + 60 * MINUTE,
    }
  }
  await insertEvents(db.query, [
    { kind: 'complained', ...(await about('erin')), detail: { type: 'abuse', source: 'smtp' } },
    { kind: 'bounced', ...(await about('heidi')), detail: { fault: 'hard', text: 'gone', source: 'smtp' } },
  ])
}

function table(report: Report, name: ReportTable): readonly Readonly<Record<string, string>>[] {
  return parse(writeReportTable(report, name), { columns: true })
}

async function drawPage(report: Report): Promise<string> {
  const compiled = await readCompiled(db.query, report.hash)
  return writeReportPage({ report, compiled, pictures: new Map(), madeAt: '2026-03-05T00:00:00.000Z' })
}

test('every number is a number, whichever database it comes from', async () => {
  await live()

  const report = await readReport(db.query, send.sendId)

  const strings = (value: unknown, at: string): readonly string[] => {
    if (typeof value === 'string') return /^\d+$/.test(value) ? [`${at}: "${value}"`] : []
    if (value === null || typeof value !== 'object') return []
    return Object.entries(value).flatMap(([key, inner]) => strings(inner, `${at}.${key}`))
  }
  expect(strings(report, 'report')).toEqual([])
})

test('what happened is in each form, and the same', async () => {
  await live()

  const report = await readReport(db.query, send.sendId)
  const printed = printReport(report)
  const page = await drawPage(report)

  expect(report).toMatchObject({ audience: 8, sent: 6, bounced: 1, excluded: 1, settled: true })
  expect(report.left).toEqual({
    unsubscribes: 1,
    complaints: 1,
    bouncedLater: { hard: 1, soft: 0, other: 0 },
  })
  const identity = '8 = sent 6 + bounced 1 + excluded 1'
  expect(printed).toContain(`audience ${identity}`)
  expect(page).toContain(`Audience ${identity}`)
  expect(printed).toMatch(
    / 1 {2}unsubscribed {3}16.7 % of 6 sent\n {2}1 {2}complained {5}16.7 % of 6 sent\n {2}1 {2}bounced later/,
  )
  expect(page).toContain('1 for good, 0 for now, 0 for other reasons')
  expect(printed).toContain('2026-02-15  Tides')
  expect(page).toContain('<bdi>Tides</bdi>')

  const [person, machine] = [report.clicks.links[0]?.person, report.clicks.links[0]?.machine]
  expect([person, machine]).toEqual([1, 1])
  expect(table(report, 'links')[0]).toMatchObject({ person: '1', machine: '1' })
  expect(page).toContain(
    '<pressrun-count data-step="4" title="1 person clicked (16.7 % of 6 sent); 0 unknown, 1 machines">1<',
  )
})

test('lanes, passages and time add up to all of it', async () => {
  await live()

  const report = await readReport(db.query, send.sendId)
  const sum = (name: ReportTable, column: string) =>
    table(report, name).reduce((total, row) => total + Number(row[column]), 0)

  expect(sum('lanes', 'audience')).toBe(report.audience)
  expect(sum('domains', 'audience')).toBe(report.audience)
  expect(sum('lanes', 'deferrals')).toBe(1)
  expect(sum('lanes', 'opened_person')).toBe(report.opens.person)
  expect(sum('domains', 'clicked_person')).toBe(report.clicks.person)
  expect(sum('time', 'opened_person')).toBe(report.opens.person)
  expect(sum('time', 'opened_unknown')).toBe(report.opens.unknown)
  expect(sum('sending', 'sent')).toBe(6)
  expect(
    table(report, 'passages').map(({ alternative, sent, clicked_person }) => [
      alternative,
      sent,
      clicked_person,
    ]),
  ).toEqual([
    ['present', '2', '1'],
    ['absent', '4', '0'],
  ])
  expect(printReport(report)).toMatch(/with subscriber\.city +2 +2 +1 {2}50 % of 2 sent/)
})

test('a Send that is under way says so, and one that nobody has read is told all the same', async () => {
  await db.query
    .updateTable('send')
    .set({ state: 'sending', finished_at: null })
    .where('id', '=', send.sendId)
    .execute()
  await db.query.updateTable('delivery').set({ state: 'queued' }).where('id', '=', idOf('heidi')).execute()

  const report = await readReport(db.query, send.sendId)
  const page = await drawPage(report)

  expect(report.settled).toBe(false)
  expect(printReport(report)).toContain('The send is not finished (sending)')
  expect(page).toContain('<b>Counted live.</b>')
  expect(page).toContain('None yet.')
})

test('a Send to a part of a List says to whom, on the page and in the table, too', async () => {
  const segment = { name: null, filter: 'city = "Kiel"' }
  const report = { ...(await readReport(db.query, send.sendId)), segment, topics: ['quays'] }

  expect(await drawPage(report)).toContain('only to those where city = &quot;Kiel&quot;, topics quays')
  expect(table(report, 'numbers').filter(({ name }) => name === 'segment' || name === 'topics')).toEqual([
    { name: 'segment', value: 'city = "Kiel"' },
    { name: 'topics', value: 'quays' },
  ])
})

test('an earlier issue whose readers were not tracked is not compared by nought', async () => {
  const { content, hash } = await db.query
    .selectFrom('compiled_issue')
    .select(['content', 'hash'])
    .where('slug', '=', '2026-02-15-tides')
    .executeTakeFirstOrThrow()
  const compiled = JSON.parse(content)
  const publication = { ...compiled.publication, tracking: { opens: false, clicks: true } }
  const quiet = JSON.stringify({ ...compiled, publication })
  await sql`update compiled_issue set content = ${quiet} where hash = ${hash}`.execute(db.query)

  const report = await readReport(db.query, send.sendId)

  expect(report.earlier).toMatchObject([{ opened: null, clicked: 0 }])
  expect(table(report, 'earlier')).toMatchObject([{ opened: '', clicked: '0' }])
  expect(await drawPage(report)).toContain('Tides: not tracked')
})
