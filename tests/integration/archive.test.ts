/** The archive over real HTTP: which Issues are shown, in which version, and to whom they are named. */

import { imageSize } from 'image-size'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { makeKeys } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import type { RunningServer } from '../../src/web/server.js'
import { type ArchiveRig, DAY_MS, rigArchive } from '../rig/archive.js'
import { openTestDb } from '../rig/database.js'
import type { SeedSend } from '../rig/seed.js'
import { serveTestWeb } from '../rig/web.js'

const HOME = 'https://news.example.org'

let db: Db
let hits: Hits
let server: RunningServer
let archive: ArchiveRig

beforeEach(async () => {
  db = await openTestDb()
  hits = openHits({ db, now: Date.now })
  archive = rigArchive(db)
  server = await serveTestWeb({
    db,
    hits,
    keys: makeKeys(['a secret for tests that is more than 32 characters']),
    log: openLog('error'),
    now: Date.now,
    publicUrl: async () => HOME,
  })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

const ask = (path: string, init: RequestInit = {}) =>
  fetch(server.url + path, { redirect: 'manual', ...init })
const read = async (path: string) => (await ask(path)).text()

/** A finished Send of an Issue that says `words`. */
const seed = (slug: string, words: string, more: Partial<SeedSend> = {}) =>
  archive.send(slug, `<p>${words}</p>`, more)
const correct = (slug: string, words: string, correction: { note: string; at: number }) =>
  archive.correct(slug, `<p>${words}</p>`, correction)

test('where a test of an Issue leads to is no page of it before it is sent, and leads there afterwards', async () => {
  await seed('tides', 'Third', { state: 'preparing', now: 3 * DAY_MS })
  await db.query.updateTable('send').set({ started_at: null }).where('state', '=', 'preparing').execute()
  await seed('cranes', 'First', { now: DAY_MS })

  const [tested, unknown] = [await ask('/issues/tides/test'), await ask('/issues/nowhere/test')]
  const sent = await ask('/issues/cranes/test')

  expect([tested.status, tested.headers.get('x-robots-tag')]).toEqual([200, 'noindex'])
  const words = await tested.text()
  expect(words).toContain('This is a test copy')
  expect(words).not.toContain('Third')
  // Which issues are being written is told nobody.
  expect(await unknown.text()).toBe(words)
  expect([sent.status, sent.headers.get('location')]).toEqual([302, '../cranes'])
  expect((await fetch(`${server.url}/issues/cranes/test`)).url).toBe(`${server.url}/issues/cranes`)
  expect((await ask('/issues/tides/test', { method: 'POST' })).status).toBe(405)
})

test('the page of an Issue shows what its newest Send has pinned, and no Issue that was not sent', async () => {
  await seed('cranes', 'First', { now: DAY_MS })
  await seed('cranes', 'Second', { now: 2 * DAY_MS, list: 'Canal' })
  await seed('tides', 'Third', { state: 'preparing', now: 3 * DAY_MS })
  await db.query.updateTable('send').set({ started_at: null }).where('state', '=', 'preparing').execute()

  const page = await ask('/issues/cranes')
  const list = await read('/')

  expect(await page.text()).toContain('<p>Second</p>')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page.headers.get('content-security-policy')).toContain("img-src 'self' https://brief.example.com")
  expect(page.headers.get('content-security-policy')).not.toContain('script')
  expect(list).toContain('href="issues/cranes"')
  expect(list).toContain('1 March 2026')
  expect(list).toContain('About cranes')
  expect(list).not.toContain('tides')
  expect((await ask('/issues/tides')).status).toBe(404)
  expect((await ask('/issues/..%2f..%2fetc')).status).toBe(404)
})

test('an Issue that went to private Lists alone is named nowhere, and its page asks machines to forget it', async () => {
  await seed('members', 'For members', { list: 'Members', visibility: 'private' })

  const page = await ask('/issues/members')

  expect(await read('/')).not.toContain('members')
  expect(page.headers.get('x-robots-tag')).toBe('noindex')
  const body = await page.text()
  expect(body).toContain('<p>For members</p>')
  expect(body).toContain('<meta name="robots" content="noindex">')
  expect(body).not.toContain('rel="alternate"')
})

test('a public Issue shows nothing that only a private List was sent', async () => {
  await seed('cranes', 'For all', { now: DAY_MS })
  const { hash } = await seed('cranes', 'For members', {
    now: 2 * DAY_MS,
    list: 'Members',
    visibility: 'private',
  })

  expect(await read('/issues/cranes')).toContain('<p>For all</p>')
  expect((await ask(`/issues/cranes/versions/${hash}`)).status).toBe(404)
})

test('a corrected Issue shows its newest version with a note, and keeps the earlier ones', async () => {
  const first = await seed('cranes', 'Four cranes', { now: Date.UTC(2026, 2, 1, 12), state: 'cancelled' })
  await db.query
    .updateTable('send')
    .set({ started_at: Date.UTC(2026, 2, 1, 12) })
    .execute()
  const second = await seed('cranes', 'Five cranes', {
    now: Date.UTC(2026, 2, 2, 12),
    list: 'Canal',
  })
  const { hash } = await correct('cranes', 'Six cranes', {
    note: 'There are <six> cranes.',
    at: Date.UTC(2026, 2, 3, 12),
  })

  const page = await read('/issues/cranes')
  expect(page).toContain('<p>Six cranes</p>')
  expect(page).toContain('<strong>Corrected on 3 March 2026</strong>: There are &lt;six&gt; cranes.')
  expect(page).toContain(`<a href="cranes/versions/${first.hash}">First published on 1 March 2026</a>`)
  expect(page).toContain(`<a href="cranes/versions/${second.hash}">Corrected on 2 March 2026</a>`)
  expect(page).not.toContain(hash)
  expect(page).toContain(`<link rel="canonical" href="${HOME}/issues/cranes">`)

  const earlier = await ask(`/issues/cranes/versions/${second.hash}`)
  const body = await earlier.text()
  expect(earlier.headers.get('x-robots-tag')).toBe('noindex')
  expect(body).toContain('<p>Five cranes</p>')
  expect(body).toContain('This is an earlier version, of 2 March 2026.')
  expect(body).toContain(`<link rel="canonical" href="${HOME}/issues/cranes">`)
  expect(body).toContain('<meta name="robots" content="noindex">')
  expect(body).toContain('<a href="../../cranes">Corrected on 3 March 2026</a>')

  const newest = await ask(`/issues/cranes/versions/${hash}`)
  expect([newest.status, newest.headers.get('location')]).toEqual([302, '../../cranes'])
  for (const other of ['0'.repeat(64), hash.slice(0, 8), hash.toUpperCase(), '%00'])
    expect((await ask(`/issues/cranes/versions/${other}`)).status).toBe(404)

  await db.query
    .insertInto('correction')
    .columns(['issue_id', 'compiled_hash', 'note', 'at'])
    .expression((eb) =>
      eb
        .selectFrom('correction')
        .select(({ val }) => ['issue_id', val(first.hash).as('hash'), 'note', val(DAY_MS * 30_000).as('at')]),
    )
    .execute()
  expect(await read('/issues/cranes')).toContain('<p>Four cranes</p>')
})

test('a repeat of the same bytes takes nothing back, and a new template is no correction', async () => {
  const first = await seed('cranes', 'Four cranes', { now: DAY_MS })
  await correct('cranes', 'Five cranes', { note: 'One was missed.', at: 2 * DAY_MS })
  const { id: _id, ...sent } = await db.query
    .selectFrom('send')
    .selectAll()
    .where('id', '=', first.sendId)
    .executeTakeFirstOrThrow()
  const repeat = { copy: 1, of_send: first.sendId, of_which: 'failed' as const }
  await db.query
    .insertInto('send')
    .values({ ...sent, ...repeat, created_at: 3 * DAY_MS, started_at: 3 * DAY_MS })
    .execute()
  await seed('tides', 'The tide', { now: DAY_MS })
  await seed('tides', 'The tide', {
    now: 2 * DAY_MS,
    list: 'Canal',
    issue: { versions: { pressrun: '0.2.0', mjml: '5.4.1' } },
  })

  expect(await read('/issues/cranes')).toContain('<p>Five cranes</p>')
  expect(await read('/issues/tides')).not.toContain('Corrected')
})

test('issues are twenty a page, newest first, and each page names those beside it', async () => {
  for (let day = 1; day <= 41; day++) await seed(`day-${day}`, `Day ${day}`, { now: day * DAY_MS })

  const [one, two, three] = [await read('/'), await read('/?page=2'), await read('/?page=3')]

  const slugs = (page: string) => [...page.matchAll(/href="issues\/([^"]+)"/g)].map(([, slug]) => slug)
  expect(slugs(one)).toEqual(Array.from({ length: 20 }, (_, index) => `day-${41 - index}`))
  expect(slugs(two)).toHaveLength(20)
  expect(slugs(three)).toEqual(['day-1'])
  expect(one).toContain(`<link rel="canonical" href="${HOME}/">`)
  expect(one).toContain(`<link rel="next" href="${HOME}/?page=2">`)
  expect(two).toContain(`<link rel="canonical" href="${HOME}/?page=2">`)
  expect(two).toContain(`<link rel="prev" href="${HOME}/">`)
  expect(two).toContain('<a rel="prev" href="./">Newer issues</a>')
  expect(three).not.toContain('rel="next"')
  for (const page of ['4', '0', '-1', '1.5', 'x', '', '01', '9'.repeat(30)])
    expect([page, (await ask(`/?page=${page}`)).status]).toEqual([page, 404])

  const middle = await read('/issues/day-20')
  expect(middle).toContain(`<link rel="prev" href="${HOME}/issues/day-19">`)
  expect(middle).toContain(`<link rel="next" href="${HOME}/issues/day-21">`)
  expect(await read('/issues/day-41')).not.toContain('rel="next"')
})

test.each(['/', '/issues/cranes'])(
  '%s is not sent again to who has it, and changes with what it shows',
  async (path) => {
    await seed('cranes', 'Four cranes '.repeat(200), { now: DAY_MS })

    const first = await ask(path)
    const tag = first.headers.get('etag') ?? ''
    const plain = await ask(path, { headers: { 'accept-encoding': 'identity' } })
    const head = await ask(path, { method: 'HEAD' })

    expect(tag).toMatch(/^"[\w-]{27}-gzip"$/)
    expect(plain.headers.get('etag')).toBe(tag.replace('-gzip', ''))
    expect(await plain.text()).toBe(await first.text())
    expect(first.headers.get('vary')).toContain('Accept-Encoding')
    expect(first.headers.get('cache-control')).toBe('public, max-age=60')
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, tag, ''])
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*', tag.replace('-gzip', '')]) {
      const again = await ask(path, { headers: { 'if-none-match': known } })
      expect([known, again.status, await again.text()]).toEqual([known, 304, ''])
      expect(again.headers.get('etag')).toBe(tag)
      expect(again.headers.get('cache-control')).toBe('public, max-age=60')
    }

    await archive.correct('cranes', '<p>Five cranes</p>', {
      note: 'One more.',
      at: 2 * DAY_MS,
      issue: { title: 'Five' },
    })
    expect((await ask(path, { headers: { 'if-none-match': tag } })).status).toBe(200)
  },
)

test('the card of an Issue is a picture of its title, and another once that is corrected', async () => {
  await seed('cranes', 'Four', { issue: { title: 'Four cranes' }, now: DAY_MS })
  const page = await read('/issues/cranes')
  const card = await ask('/issues/cranes/card.png')
  const tag = card.headers.get('etag') ?? ''

  expect(page).toContain(`<meta property="og:image" content="${HOME}/issues/cranes/card.png">`)
  expect(page).toContain('<meta name="twitter:card" content="summary_large_image">')
  expect(card.headers.get('content-type')).toBe('image/png')
  expect(imageSize(new Uint8Array(await card.arrayBuffer()))).toMatchObject({ width: 1200, height: 630 })
  expect((await ask('/issues/cranes/card.png', { headers: { 'if-none-match': tag } })).status).toBe(304)
  expect((await ask('/issues/tides/card.png')).status).toBe(404)

  await archive.correct('cranes', '<p>Five</p>', {
    note: 'One more.',
    at: 2 * DAY_MS,
    issue: { title: 'Five cranes' },
  })
  expect((await ask('/issues/cranes/card.png', { headers: { 'if-none-match': tag } })).status).toBe(200)
})

test('a page that nests without end is shown as it is, and keeps no other from being shown', async () => {
  await seed('cranes', 'Four', { now: DAY_MS })
  await archive.send('deep', '<div>'.repeat(5_000), { now: 2 * DAY_MS })

  expect((await ask('/issues/deep')).status).toBe(200)
  expect(await read('/')).toContain('On cranes')
  expect(await read('/feed.atom')).toContain('Four')
})
