/** From an issue file to the report, as an editor goes: check, build, import, send, read, click, leave, verify. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Report } from '../../src/report/report.js'
import type { Status } from '../../src/report/status.js'
import { type CliRoot, openCliRoot, type RunningEngine, readersCsv, SAMPLE, spawnCli } from '../rig/cli.js'

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot()
})

afterEach(() => place.close())

const inbox = () => path.join(place.root, '.data', 'inbox')

async function finished(sendId: number): Promise<Status> {
  return vi.waitFor(
    async () => {
      const status = (await place.json('status', String(sendId))) as Status
      expect(status.state).toBe('finished')
      return status
    },
    { timeout: 60_000, interval: 200 },
  )
}

async function mailFor(address: string) {
  const ledger = readFileSync(path.join(inbox(), 'ledger.jsonl'), 'utf8')
  const entry = ledger
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { to: string; file: string })
    .find(({ to }) => to === address)
  return PostalMime.parse(readFileSync(path.join(inbox(), entry?.file ?? '')))
}

test('two builds of an issue are the same bytes, and the manifest names the hash the Send is pinned by', async () => {
  await place.run('build', SAMPLE, '--out', 'one')
  await place.run('build', SAMPLE, '--out', 'two')
  place.write('readers.csv', readersCsv(3))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  const status = (await place.json('send', SAMPLE, '--list', 'weekly', '--wait')) as Status

  const files = readdirSync(path.join(place.root, 'one')).sort()
  expect(files).toEqual(['email.html', 'email.txt', 'manifest.json', 'message.eml', 'web.html'])
  for (const file of files)
    expect(readFileSync(path.join(place.root, 'one', file), 'utf8')).toBe(
      readFileSync(path.join(place.root, 'two', file), 'utf8'),
    )
  expect(status).toMatchObject({ state: 'finished', audience: 3, sent: 3, issue: SAMPLE, list: 'weekly' })
  expect(status.hash).toMatch(/^[0-9a-f]{64}$/)
})

test('every message is well formed, every Link leads through a click to the original URL, and the report counts it', async () => {
  const engine = await place.start()
  place.write(
    'readers.csv',
    'address,name,city\nalice@example.org,Alice,Kyoto\nreader0@example.org,Reader,\n',
  )
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  await place.run('send', SAMPLE, '--list', 'weekly')
  await finished(1)

  await place.run('build', SAMPLE, '--out', 'out')
  const manifest = JSON.parse(readFileSync(path.join(place.root, 'out', 'manifest.json'), 'utf8'))
  const mail = await mailFor('alice@example.org')
  expect(mail.subject).toBe(manifest.subject)
  expect(mail.from?.address).toBe(manifest.publication.from.address)
  expect(mail.attachments).toEqual([])
  // A conditional passage holds a Link for those with a city and another for those without: Alice and reader0.
  const mails = [mail, await mailFor('reader0@example.org')]
  const urls = mails.flatMap(({ html, text }) =>
    [...(html ?? '').matchAll(/href="([^"]+\/c\/[^"]+)"/g)].map(([, url]) => ({ url: url ?? '', text })),
  )
  const indexes = new Set(urls.map(({ url }) => Number(url.slice(url.lastIndexOf('/') + 1))))
  expect([...indexes].sort((a, b) => a - b)).toEqual(manifest.links.map((_: unknown, index: number) => index))
  expect(manifest.links.length).toBeGreaterThanOrEqual(15)
  for (const { url, text } of urls) {
    const answer = await fetch(url, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe(
      manifest.links[Number(url.slice(url.lastIndexOf('/') + 1))].url,
    )
    expect(text).toContain(url)
  }
  for (const { url } of manifest.links) expect(mail.html).not.toContain(`href="${url}"`)
  await vi.waitFor(
    async () => {
      const report = (await place.json('report', '1')) as Report
      expect(report.clicks.links.filter(({ hits }) => hits > 0)).toHaveLength(manifest.links.length)
    },
    { timeout: 20_000, interval: 200 },
  )
  const page = await fetch(`${engine.url}/issues/${SAMPLE}`)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<h1')
})

test('beside a running engine: status --watch, send and suppress work; a second engine is refused', async () => {
  const engine: RunningEngine = await place.start()
  place.write('readers.csv', readersCsv(300))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')

  const suppressed = await place.run(
    'subscribers',
    'suppress',
    'reader7@example.org',
    '--reason',
    'asked by phone',
  )
  const sent = await place.run('send', SAMPLE, '--list', 'weekly')
  const watched = await place.run('status', '1', '--watch')
  const second = await place.run('start')

  expect(suppressed.code).toBe(0)
  expect(sent).toMatchObject({ code: 0, stdout: '1\n' })
  expect(watched.code).toBe(0)
  expect(watched.stderr).toMatch(/finished: audience 300 = sent 299 \+ excluded 1/)
  expect(second.code).toBe(2)
  expect(second.stderr).toMatch(/^an engine already runs on .*\n$/)
  expect(engine.process.exitCode).toBeNull()
})

test('the same issue to the same list again mails nobody and says why', async () => {
  place.write('readers.csv', readersCsv(5))
  place.write('more.csv', readersCsv(2, ['zoe@example.org,Zoë']))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  await place.run('subscribers', 'import', 'more.csv', '--list', 'extra', '--create-list')
  await place.run('send', SAMPLE, '--list', 'weekly', '--wait')

  const again = await place.run('send', SAMPLE, '--list', 'weekly', '--wait')
  const dry = await place.json('send', SAMPLE, '--list', 'extra', '--dry-run')
  const other = (await place.json('send', SAMPLE, '--list', 'extra', '--wait')) as Status
  const report = await place.run('report', '2')

  expect(again.code).toBe(1)
  expect(again.stderr).toMatch(/was sent to "weekly" before, as Send 1 \(finished\); nobody gets it twice/)
  expect(dry).toMatchObject({ audience: 3, mailable: 1, excluded: { 'already received in Send 1': 2 } })
  expect(other).toMatchObject({ audience: 3, sent: 1, excluded: 2 })
  expect(report.stdout).toMatch(/Left out\n\s+2\s+already received in Send 1/)
})

test('Ctrl-C during send --wait: what is in flight is finished, and start goes on where it stopped', async () => {
  place.write('readers.csv', readersCsv(2_000))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  const sending = spawnCli(['send', SAMPLE, '--list', 'weekly', '--wait'], place)
  await vi.waitFor(() => expect(sending.stderr()).toMatch(/sent \d+/), { timeout: 60_000, interval: 20 })
  sending.child.kill('SIGINT')
  const { code, stderr } = await sending.closed

  const stopped = (await place.json('status', '1')) as Status
  expect(code).toBe(1)
  expect(stderr).toMatch(/Send 1 is sending; pressrun start goes on with it/)
  expect(stopped).toMatchObject({ state: 'sending', sending: 0, uncertain: 0 })
  expect(stopped.queued).toBeGreaterThan(0)
  await place.start()

  expect(await finished(1)).toMatchObject({ audience: 2_000, sent: 2_000 })
  expect((await place.run('verify', '1', '--ledger', path.join(inbox(), 'ledger.jsonl'))).code).toBe(0)
})
