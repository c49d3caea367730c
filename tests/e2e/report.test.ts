/** The report from the command line: the same numbers as text, JSON, tables and a page, of a Send that people have read. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { type DefaultTreeAdapterTypes, parse as parseHtml } from 'parse5'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { click, findMessage, open, scan, unsubscribeByOneClick } from '../../src/commands/demo-reader.js'
import { elementsOf, textOf } from '../../src/issue/import/html-tree.js'
import type { ToldDelivery } from '../../src/report/deliveries.js'
import type { Report } from '../../src/report/report.js'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE } from '../rig/cli.js'

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot({}, 'shared')
})

afterEach(() => place.close())

/** Three read, a machine asks for everything, one leaves. Returns how many clicks that is. */
async function sendAndRead(): Promise<number> {
  await place.start()
  const cast = [
    'alice@example.org,Alice',
    'bob@example.org,Bob',
    'erin@example.org,Erin',
    'grace@example.net,Grace',
  ]
  place.write('readers.csv', readersCsv(20, cast))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  await place.run('subscribers', 'suppress', 'reader7@example.org', '--reason', 'asked by phone')
  await place.run('send', SAMPLE, '--list', 'weekly')
  await vi.waitFor(async () => expect(await place.json('status', '1')).toMatchObject({ state: 'finished' }), {
    timeout: 60_000,
    interval: 200,
  })
  const inbox = path.join(place.root, '.data', 'inbox')
  const mailOf = (who: string) => findMessage(inbox, who)
  for (const who of ['alice@example.org', 'bob@example.org']) await open(await mailOf(who))
  await click(await mailOf('alice@example.org'), 3)
  const scanned = await mailOf('grace@example.net')
  await scan(scanned)
  await unsubscribeByOneClick(await mailOf('erin@example.org'))
  return 1 + scanned.clickUrls.length
}

/** Once all that was asked is counted. */
function settledReport(clicked: number): Promise<Report> {
  return vi.waitFor(
    async () => {
      const report = (await place.json('report', '1')) as Report
      expect(report).toMatchObject({
        settled: true,
        unsubscribes: 1,
        opens: { hits: 2 },
        clicks: { deliveries: 2, hits: clicked },
      })
      return report
    },
    { timeout: 30_000, interval: 200 },
  )
}

async function table(name: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const { code, stdout, stderr } = await place.run('report', '1', '--csv', name)
  expect([code, stderr]).toEqual([0, ''])
  return parse(stdout, { columns: true })
}

const format = (count: number) => count.toLocaleString('en')

test('text, JSON, tables and page say the same', async () => {
  const report = await settledReport(await sendAndRead())
  const { opens, clicks } = report

  const { stdout: asText } = await place.run('report', '1')
  const made = await place.run('report', '1', '--format', 'html', '--out', 'report.html')
  const again = await place.run('report', '1', '--format', 'html', '--out', 'report.html')
  const page = readPage(path.join(place.root, 'report.html'))

  expect(report).toMatchObject({ audience: 24, sent: 23, excluded: 1 })
  expect(made).toMatchObject({ code: 0, stdout: '' })
  expect(again.code).toBe(2)
  expect(again.stderr).toContain('is there already')

  const identity = '24 = sent 23 + excluded 1'
  expect(asText).toContain(`audience ${identity}`)
  expect(page.text).toContain(`Audience ${identity}`)

  const numbers = Object.fromEntries((await table('numbers')).map(({ name, value }) => [name, Number(value)]))
  expect(numbers).toMatchObject({
    audience: 24,
    sent: 23,
    excluded: 1,
    opened_person: opens.person,
    opened_unknown: opens.unknown,
    opened_machine: opens.machine,
    opened_requests: opens.hits,
    clicked_person: clicks.person,
    clicked_machine: clicks.machine,
    unsubscribed: 1,
  })
  const line = (name: string) => asText.split('\n').find((one) => one.startsWith(`  ${name} `)) ?? ''
  expect(line('opened').split(/ {2,}/).slice(2, 6)).toEqual(
    [opens.person, opens.unknown, opens.machine, opens.hits].map(format),
  )
  expect(page.headline('people opened it')).toBe(format(opens.person))
  expect(page.headline('people clicked')).toBe(format(clicks.person))
  expect(page.headline('unsubscribed')).toBe('1')

  const links = await table('links')
  expect(links.map(({ url, person, machine }) => [url, Number(person), Number(machine)])).toEqual(
    clicks.links.map(({ url, person, machine }) => [url, person, machine]),
  )
  expect(page.links).toEqual(
    clicks.links.map(({ person, unknown, machine, hits }) => [person, unknown, machine, hits].map(format)),
  )
  expect(page.counts.every(([index, count]) => count === format(clicks.links[index]?.person ?? -1))).toBe(
    true,
  )
  expect(new Set(page.counts.map(([index]) => index)).size).toBe(clicks.links.length)

  const overTime = await table('time')
  expect(overTime.reduce((sum, row) => sum + Number(row.opened_person), 0)).toBe(opens.person)
  const deliveries = await table('deliveries')
  expect(deliveries.filter(({ state }) => state === 'sent')).toHaveLength(23)
})

test("one person's Delivery is told from the freeze to the click, as text, JSON and a table", async () => {
  await settledReport(await sendAndRead())

  const [told] = (await place.json('deliveries', '1', '--address', 'Alice@example.org')) as ToldDelivery[]
  const { stdout: asText } = await place.run('deliveries', '1', '--address', 'alice@example.org')
  const { stdout: asCsv } = await place.run('deliveries', '1', '--address', 'alice@example.org', '--csv')
  const stranger = await place.run('deliveries', '1', '--address', 'nobody@example.org')
  const person = (await place.json('subscribers', 'show', 'alice@example.org')) as {
    timeline: readonly { readonly what: string }[]
  }

  const steps = told?.timeline.map(({ what }) => what)
  expect(steps).toEqual(['frozen', 'intent', 'reply', 'open', 'click'])
  expect(told?.timeline.at(-1)).toMatchObject({
    verdict: expect.any(String),
    link: { url: expect.stringMatching(/^https:/) },
  })
  expect(asText.trimEnd().split('\n')).toHaveLength(6)
  const rows: readonly Readonly<Record<string, string>>[] = parse(asCsv, { columns: true })
  expect(rows.map(({ what }) => what)).toEqual(steps)
  expect(stranger.code).toBe(2)
  expect(stranger.stderr).toContain('has no Delivery to nobody@example.org')
  expect(person.timeline.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['sent', 'opened', 'clicked']),
  )
})

test('a table that there is not, two forms at once and a folder that is not there are refused, and leave nothing', async () => {
  place.write('readers.csv', readersCsv(2))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  await place.run('send', SAMPLE, '--list', 'weekly', '--wait')
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await place.run('report', '1', ...args)
    expect([code, stdout]).toEqual([2, ''])
    return stderr
  }

  expect(await refused('--csv', 'opens')).toContain(
    '--csv: "opens" is no table of a report; there is numbers,',
  )
  expect(await refused('--json', '--format', 'html')).toContain('leave the others out')
  expect(await refused('--out', 'no/such/report.txt')).toContain('no/such/report.txt: cannot be written')
  expect(await refused('--force')).toContain('--force: replaces a file; name it')
  expect(readdirSync(place.root).filter((file) => file.includes('report'))).toEqual([])
})

/** What stands on the page, read as a browser's parser does. */
function readPage(file: string) {
  const document = parseHtml(readFileSync(file, 'utf8'))
  const root = document.childNodes.find((node): node is DefaultTreeAdapterTypes.Element => 'tagName' in node)
  if (root === undefined) throw new Error('a page without a root')
  const all = [...elementsOf(root)]
  const map = all.find(({ tagName }) => tagName === 'template')
  const inMap =
    map && 'content' in map
      ? [...elementsOf({ ...map, childNodes: (map as DefaultTreeAdapterTypes.Template).content.childNodes })]
      : []
  const attribute = (element: DefaultTreeAdapterTypes.Element, name: string) =>
    element.attrs.find((one) => one.name === name)?.value ?? ''
  return {
    text: textOf(root),
    headline(name: string): string {
      const term = all.find((one) => one.tagName === 'dt' && textOf(one) === name)
      const parent = term?.parentNode as DefaultTreeAdapterTypes.Element
      return textOf([...elementsOf(parent)].find(({ tagName }) => tagName === 'b') ?? parent)
    },
    /** The numbers of each row of the table of Links. */
    links: all
      .filter((one) => one.tagName === 'tr' && attribute(one, 'id').startsWith('link-'))
      .map((row) => [...elementsOf(row)].filter((one) => attribute(one, 'class') === 'number').map(textOf)),
    /** Index of the Link and the number beside it. */
    counts: inMap.flatMap((one, at): (readonly [number, string])[] => {
      const next = inMap.slice(at + 1).find(({ tagName }) => tagName === 'pressrun-count')
      const index = /^#link-(\d+)$/.exec(attribute(one, 'href'))?.[1]
      return index === undefined || next === undefined ? [] : [[Number(index), textOf(next)]]
    }),
  }
}
