/** The report as a file: whole or not there, in each form, with the same numbers. */

import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeDeliveriesFile } from '../../src/commands/deliveries.js'
import { type ReportForm, readReportForm, writeReport, writeReportFile } from '../../src/commands/report.js'
import { createWholeFile } from '../../src/commands/whole-file.js'
import type { Db } from '../../src/db/db.js'
import { openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { DELIVERY_COLUMNS } from '../../src/report/delivery-columns.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const NOW = Date.UTC(2026, 2, 1, 9)
const links = [{ url: 'https://example.org/a', section: 'cranes', heading: 'Cranes', text: 'the report' }]

let db: Db
let folder: string
let sendId: number

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pressrun-report-'))
  db = await openTestDb()
  const seeded = await seedSend(db.query, {
    state: 'finished',
    now: NOW - 3_600_000,
    links,
    deliveries: [
      { who: 'alice' },
      { who: 'bob', state: 'bounced' },
      { who: 'charlie', state: 'excluded', reason: 'unsubscribed' },
    ],
  })
  sendId = seeded.sendId
  const requester = {
    method: 'GET',
    userAgent: 'Thunderbird',
    network: '',
    headers: { 'accept-language': 'en' },
  }
  await openHits({ db, now: () => NOW }).record({
    kind: 'open',
    deliveryId: seeded.deliveries.alice ?? 0,
    link: null,
    ...requester,
  })
  await ingestOnce({ db, now: () => NOW })
})

afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

async function write(form: ReportForm, name: string, replaces = false): Promise<string> {
  const file = path.join(folder, name)
  await writeReportFile({ sendId, form, file, replaces }, { query: db.query, now: () => NOW })
  return readFileSync(file, 'utf8')
}

test('each form says the same of the same Send', async () => {
  const report = JSON.parse(await write({ kind: 'json' }, 'a.json'))
  const asText = await write({ kind: 'text' }, 'a.txt')
  const numbers = await write({ kind: 'csv', table: 'numbers' }, 'a.csv')
  const page = await write({ kind: 'html' }, 'a.html')

  expect([report.audience, report.sent, report.bounced, report.excluded]).toEqual([3, 1, 1, 1])
  expect(asText).toContain('audience 3 = sent 1 + bounced 1 + excluded 1')
  expect(numbers).toContain('\r\naudience,3\r\nsent,1\r\n')
  expect(page).toContain('Audience 3 = sent 1 + bounced 1 + excluded 1')
  expect(readdirSync(folder).sort()).toEqual(['a.csv', 'a.html', 'a.json', 'a.txt'])
})

test('the table of Deliveries is the one that deliveries writes', async () => {
  const table = await write({ kind: 'csv', table: 'deliveries' }, 'd.csv')

  expect(table.split('\r\n')).toEqual([
    `\uFEFF${DELIVERY_COLUMNS.map(({ name }) => name).join(',')}`,
    'alice@example.com,sent,,1,250 2.0.0 Ok,,,,person,2026-03-01T09:00:00.000Z,,,,,,,',
    'bob@example.com,bounced,,1,,,,,,,,,,,,,',
    'charlie@example.com,excluded,unsubscribed,0,,,,,,,,,,,,,',
    '',
  ])
})

test('a table in a file begins with a byte order mark, on stdout and in any other form there is none', async () => {
  const out = new PassThrough()
  const piped = text(out)
  await writeReport(
    { sendId, form: { kind: 'csv', table: 'links' } },
    { query: db.query, now: () => NOW, out },
  )
  out.end()

  expect(await write({ kind: 'csv', table: 'links' }, 'l.csv')).toBe(`\uFEFF${await piped}`)
  expect(await piped).toMatch(/^link,/)
  expect(await write({ kind: 'json' }, 'l.json')).toMatch(/^\{/)
  expect(await write({ kind: 'text' }, 'l.txt')).toMatch(/^Cranes/)
})

test('Deliveries in a file are whole, for their owner alone, and those that were asked for', async () => {
  const file = path.join(folder, 'sent.csv')
  const request = { sendId, state: 'sent', address: null, format: 'csv', file } as const

  await writeDeliveriesFile({ ...request, replaces: false }, { query: db.query })

  expect(readFileSync(file, 'utf8')).toMatch(/^\uFEFFaddress,.*\r\nalice@example\.com,sent,[^\n]*\n$/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await write({ kind: 'csv', table: 'deliveries' }, 'all.csv')
  expect(statSync(path.join(folder, 'all.csv')).mode & 0o777).toBe(0o600)
  await expect(writeDeliveriesFile({ ...request, replaces: false }, { query: db.query })).rejects.toThrow(
    'is there already',
  )
  const stranger = { ...request, address: 'x@example.com', file: path.join(folder, 'x.csv') }
  await expect(writeDeliveriesFile({ ...stranger, replaces: false }, { query: db.query })).rejects.toThrow(
    'no Delivery to x@example.com',
  )
  expect(readdirSync(folder).sort()).toEqual(['all.csv', 'sent.csv'])
})

test('what a process that is gone has left half written opens nothing to others, and leads nowhere', async () => {
  const left = path.join(folder, `.d.csv.${process.pid}.part`)
  const elsewhere = path.join(folder, 'elsewhere')
  writeFileSync(left, 'half', { mode: 0o644 })
  await write({ kind: 'csv', table: 'deliveries' }, 'd.csv')
  expect(statSync(path.join(folder, 'd.csv')).mode & 0o777).toBe(0o600)

  symlinkSync(elsewhere, left)
  await write({ kind: 'csv', table: 'deliveries' }, 'd.csv', true)

  expect(lstatSync(path.join(folder, 'd.csv')).isFile()).toBe(true)
  expect(existsSync(elsewhere)).toBe(false)
})

test('the page names no reader', async () => {
  const page = await write({ kind: 'html' }, 'a.html')

  expect(page).not.toMatch(/alice|bob@|charlie/)
})

test('a file that is there stays, unless it is to be replaced', async () => {
  writeFileSync(path.join(folder, 'a.html'), 'mine')

  await expect(write({ kind: 'html' }, 'a.html')).rejects.toThrow(
    'is there already; name another file, or let --force',
  )
  expect(readFileSync(path.join(folder, 'a.html'), 'utf8')).toBe('mine')

  expect(await write({ kind: 'html' }, 'a.html', true)).toContain('<!doctype html>')
  expect(readdirSync(folder)).toEqual(['a.html'])
})

test('one that another has made meanwhile stays too, and nothing is left behind', async () => {
  const file = path.join(folder, 'a.txt')
  const whole = await createWholeFile(file, { replaces: false })
  whole.stream.write('ours')
  writeFileSync(file, 'theirs')

  await expect(whole.close()).rejects.toThrow('is there already')

  expect(readFileSync(file, 'utf8')).toBe('theirs')
  expect(readdirSync(folder)).toEqual(['a.txt'])
})

test('of a Send that there is not no file is left, nor in a folder that is not there', async () => {
  const request = { form: { kind: 'html' }, file: path.join(folder, 'x.html'), replaces: false } as const
  const context = { query: db.query, now: () => NOW }

  await expect(writeReportFile({ ...request, sendId: 99 }, context)).rejects.toThrow('there is no Send 99')
  await expect(
    writeReportFile({ ...request, sendId, file: path.join(folder, 'no', 'x.html') }, context),
  ).rejects.toThrow('cannot be written')

  expect(existsSync(folder) && readdirSync(folder)).toEqual([])
})

test('a form is one of those there are, and one alone', () => {
  expect(readReportForm({})).toEqual({ kind: 'text' })
  expect(readReportForm({ json: true, format: 'json' })).toEqual({ kind: 'json' })
  expect(readReportForm({ format: 'csv' })).toEqual({ kind: 'csv', table: 'numbers' })
  expect(readReportForm({ csv: true })).toEqual({ kind: 'csv', table: 'numbers' })
  expect(readReportForm({ csv: 'links', format: 'csv' })).toEqual({ kind: 'csv', table: 'links' })
  expect(() => readReportForm({ csv: 'link' })).toThrow(
    '--csv: "link" is no table of a report; there is numbers, reasons',
  )
  expect(() => readReportForm({ json: true, format: 'html' })).toThrow('json, html; leave the others out')
})

test('where nothing else is said the name of the file says the form, and what contradicts it is refused', () => {
  const kindOf = (out: string) => readReportForm({ out })

  expect(kindOf('report.html')).toEqual({ kind: 'html' })
  expect(kindOf('out/Report.HTM')).toEqual({ kind: 'html' })
  expect(kindOf('report.json')).toEqual({ kind: 'json' })
  expect(kindOf('report.csv')).toEqual({ kind: 'csv', table: 'numbers' })
  expect(kindOf('report.txt')).toEqual({ kind: 'text' })
  expect(kindOf('report')).toEqual({ kind: 'text' })
  expect(readReportForm({ out: 'links.csv', csv: 'links' })).toEqual({ kind: 'csv', table: 'links' })
  expect(readReportForm({ out: 'report.old', format: 'html' })).toEqual({ kind: 'html' })
  expect(() => readReportForm({ out: 'out/report.html', json: true })).toThrow(
    '--out: out/report.html is the name of a page, and a JSON document is asked for; name it out/report.json, or ask for html',
  )
  expect(() => readReportForm({ out: 'report.csv', format: 'text' })).toThrow('name it report.txt')
})
