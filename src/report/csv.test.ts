import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { makeReport } from '../../tests/rig/made-report.js'
import { REPORT_TABLES, type ReportTable, writeReportTable } from './csv.js'
import type { Report } from './report.js'

const HOSTILE = '=HYPERLINK("https://evil.example")'
const issue = {
  slug: '2026-03-01-cranes',
  title: HOSTILE,
  links: [
    { index: 0, url: 'https://example.org/a', section: 'cranes', heading: '+1', text: '@SUM(A1)' },
    {
      index: 1,
      url: 'https://example.org/b?x=1,2',
      section: 'cranes',
      heading: '+1',
      text: 'a "quoted", word',
    },
  ],
}
const report = makeReport(issue, {
  reasons: [{ state: 'bounced', reason: '-2+3\r\nX: y', count: 3 }],
})

function read(name: ReportTable, of: Report = report): readonly Readonly<Record<string, string>>[] {
  return parse(writeReportTable(of, name), { columns: true })
}

describe.each(REPORT_TABLES)('the table %s', (name) => {
  test('is one table: each row has each column, and a number in each that counts', () => {
    const rows = read(name)

    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows)
      for (const [column, field] of Object.entries(row))
        if (/person|unknown|machine|requests|sent$|audience|people|deferr/.test(column))
          expect(field).toMatch(/^\d+$/)
  })

  test('V43: holds nothing that a spreadsheet takes for a formula', () => {
    for (const row of read(name))
      for (const field of Object.values(row)) expect(field).not.toMatch(/^[=+\-@\t\r\n]/)
  })
})

test('what was guarded is the field with an apostrophe in front', () => {
  expect(read('numbers').find(({ name }) => name === 'title')).toEqual({
    name: 'title',
    value: `'${HOSTILE}`,
  })
  expect(read('links').map(({ text }) => text)).toEqual(["'@SUM(A1)", 'a "quoted", word'])
  expect(read('reasons')).toEqual([{ state: 'bounced', reason: "'-2+3\r\nX: y", people: '3' }])
})

test('the states of each lane, and of all of it, add up to the audience', () => {
  const states = ['sent', 'sending', 'queued', 'deferred', 'bounced', 'failed', 'uncertain', 'excluded']
  const sum = (row: Readonly<Record<string, string>>) =>
    states.reduce((total, state) => total + Number(row[state]), 0)
  const numbers = Object.fromEntries(read('numbers').map(({ name, value }) => [name, value]))

  for (const lane of read('lanes')) expect(sum(lane)).toBe(Number(lane.audience))
  expect(sum(numbers as Record<string, string>)).toBe(12_480)
})

test('what came over time adds up to all of it', () => {
  const total = read('time').reduce((sum, row) => sum + Number(row.opened_person), 0)

  expect(total).toBe(report.opens.person)
})

test('all other domains have an empty name', () => {
  expect(read('domains').at(-1)?.domain).toBe('')
})

test('what was not tracked is empty, never a nought', () => {
  const untracked = makeReport(issue, { tracking: { opens: false, clicks: false, untracked: 0 } })
  const numbers = Object.fromEntries(read('numbers', untracked).map(({ name, value }) => [name, value]))

  expect(numbers).toMatchObject({ opened_person: '', clicked_requests: '', untracked: '', rules: '' })
  for (const { opened_person, clicked_person } of read('lanes', untracked))
    expect([opened_person, clicked_person]).toEqual(['', ''])
})

test("the editor's note has its name", () => {
  const noted = makeReport({
    ...issue,
    links: issue.links.map((link) => ({ ...link, section: '', heading: '' })),
  })

  expect(read('sections', noted).map(({ heading }) => heading)).toEqual(["editor's note"])
})
