/** The feeds over real HTTP, read by a parser that shares nothing with their writer. */

import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { makeKeys } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import type { RunningServer } from '../../src/web/server.js'
import { type ArchiveRig, DAY_MS, publicationOf, rigArchive } from '../rig/archive.js'
import { openTestDb } from '../rig/database.js'
import { findJsonFeedFaults } from '../rig/feed-rules.js'
import { serveTestWeb } from '../rig/web.js'

const HOME = 'https://news.example.org/brief'
const MARCH = Date.UTC(2026, 2, 1, 9)

let db: Db
let hits: Hits
let server: RunningServer
let archive: ArchiveRig
let publication = publicationOf()

beforeEach(async () => {
  db = await openTestDb()
  hits = openHits({ db, now: Date.now })
  archive = rigArchive(db)
  publication = publicationOf()
  server = await serveTestWeb({
    db,
    hits,
    keys: makeKeys(['a secret for tests that is more than 32 characters']),
    log: openLog('error'),
    now: Date.now,
    publication: async () => publication,
    publicUrl: async () => HOME,
  })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

const ask = (path: string, init: RequestInit = {}) => fetch(server.url + path, init)
const read = async (path: string) => (await ask(path)).text()

/** What any of the three says, in the same words. */
async function readAll() {
  const [atom, rss, json] = [
    parseAtomFeed(await read('/feed.atom')),
    parseRssFeed(await read('/feed.rss')),
    parseJsonFeed(await read('/feed.json')),
  ]
  return {
    atom: {
      title: atom.title?.value,
      entries: (atom.entries ?? []).map((entry) => ({
        id: entry.id,
        url: entry.links?.[0]?.href,
        title: entry.title?.value,
        html: entry.content?.value,
        updated: Date.parse(entry.updated ?? ''),
        authors: (entry.authors ?? []).map(({ name }) => name),
      })),
    },
    rss: {
      title: rss.title,
      entries: (rss.items ?? []).map((item) => ({
        id: item.guid?.value,
        url: item.link,
        title: item.title,
        html: item.content?.encoded,
        updated: Date.parse(item.atom?.updated ?? ''),
        authors: item.dc?.creators ?? [],
      })),
    },
    json: {
      title: json.title,
      entries: (json.items ?? []).map((item) => ({
        id: item.id,
        url: item.url,
        title: item.title,
        html: item.content_html,
        updated: Date.parse(item.date_modified ?? ''),
        authors: (item.authors ?? []).map(({ name }) => name),
      })),
    },
  }
}

test('all three say the same of the newest issues, whole and with their authors', async () => {
  const people = JSON.stringify({ author: [{ '@type': 'Person', name: 'Ida <Marr>' }, { name: 'nobody' }] })
  const web = `<html><head><script type="application/ld+json">${people.replaceAll('<', '\\u003c')}</script></head><body><main><article><h1>Cranes &amp; "quays"</h1><nav>Contents</nav><section lang="ar" dir="rtl"><h2>مرحبا<a class="anchor" href="#a">§</a></h2></section><h2>Notes<a class="anchor" href="#n">§</a></h2><p>A &lt;b&gt; &amp; <a href="#notes">note</a>, <a href="/up">up</a> ]]&gt;</p></article></main></body></html>`
  await archive.send('cranes', '', { now: MARCH, issue: { title: 'Cranes & "quays"', web } })
  await archive.send('tides', '<p>Tide</p>', { now: MARCH + DAY_MS })

  const { atom, rss, json } = await readAll()

  expect(atom.entries).toEqual([
    {
      id: 'https://brief.example.com/issues/tides',
      url: `${HOME}/issues/tides`,
      title: 'On tides',
      html: '<p>Tide</p>',
      updated: MARCH + DAY_MS,
      authors: [],
    },
    {
      id: 'https://brief.example.com/issues/cranes',
      url: `${HOME}/issues/cranes`,
      title: 'Cranes & "quays"',
      html: `<div lang="ar" dir="rtl"><h2>مرحبا</h2></div><h2>Notes</h2><p>A &lt;b&gt; &amp; <a href="${HOME}/issues/cranes#notes">note</a>, <a href="https://news.example.org/up">up</a> ]]&gt;</p>`,
      updated: MARCH,
      authors: ['Ida <Marr>'],
    },
  ])
  expect(rss).toEqual(atom)
  expect(json).toEqual(atom)
  expect(atom.title).toBe('The Harbour Brief')
})

test('a corrected issue keeps its id, says what was corrected, and is updated', async () => {
  await archive.send('cranes', '<p>Four cranes</p>', { now: MARCH })
  await archive.correct('cranes', '<p>Five cranes</p>', { note: 'One was <missed>.', at: MARCH + DAY_MS })

  const { atom, rss, json } = await readAll()

  expect(atom.entries).toMatchObject([
    {
      id: 'https://brief.example.com/issues/cranes',
      html: '<p><strong>Corrected on 2 March 2026</strong>: One was &lt;missed&gt;.</p>\n<p>Five cranes</p>',
      updated: MARCH + DAY_MS,
    },
  ])
  expect(rss.entries).toEqual(atom.entries)
  expect(json.entries).toEqual(atom.entries)
})

test('there are twenty entries at most, none of a private List, and none is still a feed', async () => {
  const { atom: empty } = await readAll()
  for (let day = 1; day <= 25; day++) await archive.send(`day-${day}`, `<p>${day}</p>`, { now: day * DAY_MS })
  await archive.send('members', '<p>M</p>', { now: 99 * DAY_MS, list: 'Members', visibility: 'private' })

  const { atom, rss, json } = await readAll()

  expect(empty).toEqual({ title: 'The Harbour Brief', entries: [] })
  for (const { entries } of [atom, rss, json])
    expect(entries.map(({ title }) => title)).toEqual(
      Array.from({ length: 20 }, (_, index) => `On day-${25 - index}`),
    )
})

test('a feed stays of a size that can be fetched often; the newest issue is there whatever its own', async () => {
  const long = `<p>${'Harbour '.repeat(110_000)}</p>`
  for (let day = 1; day <= 4; day++) await archive.send(`day-${day}`, long, { now: day * DAY_MS })
  const { atom: some } = await readAll()
  await archive.send('longer', long.repeat(3), { now: 5 * DAY_MS })

  const { atom: one } = await readAll()

  expect(some.entries.map(({ title }) => title)).toEqual(['On day-4'])
  expect(one.entries.map(({ title }) => title)).toEqual(['On longer'])
})

test('JSON Feed keeps the rules of 1.1', async () => {
  await archive.send('cranes', '<p>Four cranes</p>', { now: MARCH })
  await archive.correct('cranes', '<p>Five cranes</p>', { note: 'One more.', at: MARCH + DAY_MS })

  expect(findJsonFeedFaults(await read('/feed.json'))).toEqual([])
})

describe.each([
  ['/feed.atom', 'application/atom+xml; charset=utf-8'],
  ['/feed.rss', 'application/rss+xml; charset=utf-8'],
  ['/feed.json', 'application/feed+json; charset=utf-8'],
  ['/sitemap.xml', 'application/xml; charset=utf-8'],
])('%s', (path, type) => {
  test('has its type, and is not sent again to who has it', async () => {
    await archive.send('cranes', `<p>${'Four cranes '.repeat(200)}</p>`, { now: MARCH })
    const first = await ask(path)
    const tag = first.headers.get('etag') ?? ''
    const changed = first.headers.get('last-modified')

    expect(first.headers.get('content-type')).toBe(type)
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/)
    expect((await ask(path, { headers: { 'if-none-match': tag } })).status).toBe(304)
    expect((await ask(path, { method: 'HEAD' })).headers.get('etag')).toBe(tag)
    expect((await ask(path, { method: 'POST' })).status).toBe(405)
    if (path !== '/sitemap.xml') expect(changed).toBe(new Date(MARCH).toUTCString())
    if (changed !== null) {
      const since = (header: string) => ask(path, { headers: { 'if-modified-since': header } })
      expect((await since(changed)).status).toBe(304)
      expect((await since(new Date(MARCH - 1000).toUTCString())).status).toBe(200)
      expect((await since('yesterday')).status).toBe(200)
    }

    await archive.correct('cranes', '<p>Five</p>', { note: 'One more.', at: MARCH + DAY_MS })
    expect((await ask(path, { headers: { 'if-none-match': tag } })).status).toBe(200)
  })
})

test('another name of the publication is another feed', async () => {
  const before = await read('/feed.atom')
  publication = publicationOf({ name: 'The Quay Brief', tagline: null })

  expect(before).toContain('<title>The Harbour Brief</title>')
  expect(await read('/feed.atom')).toContain('<title>The Quay Brief</title>')
  expect(await read('/feed.rss')).toContain('<description>The Quay Brief</description>')
})

test('the sitemap names what may be listed, with the time of its last change', async () => {
  await archive.send('cranes', '<p>Four cranes</p>', { now: MARCH })
  await archive.correct('cranes', '<p>Five cranes</p>', { note: 'One more.', at: MARCH + DAY_MS })
  await archive.send('members', '<p>M</p>', { list: 'Members', visibility: 'private' })
  await db.query.updateTable('list').set({ is_open: 1 }).where('name', '=', 'harbour').execute()

  const map = await read('/sitemap.xml')

  expect(
    [...map.matchAll(/<loc>([^<]*)<\/loc>(?:<lastmod>([^<]*)<\/lastmod>)?/g)].map(([, ...of]) => of),
  ).toEqual([
    [`${HOME}/`, '2026-03-02T09:00:00.000Z'],
    [`${HOME}/subscribe/harbour`, undefined],
    [`${HOME}/issues/cranes`, '2026-03-02T09:00:00.000Z'],
  ])
})

test('robots are kept from what is tracked, signed or searched, and shown the sitemap', async () => {
  const robots = await ask('/robots.txt')

  expect(robots.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(await robots.text()).toBe(
    'User-agent: *\nDisallow: /brief/c/\nDisallow: /brief/o/\nDisallow: /brief/u/\nDisallow: /brief/p/\nDisallow: /brief/n/\nDisallow: /brief/hooks/\nDisallow: /brief/search\n\nSitemap: https://news.example.org/brief/sitemap.xml\n',
  )
})

test('V41: nothing of an issue runs in a feed reader, and nothing in it counts readers', async () => {
  const hostile = `<p onclick="a()">One</p><script>a()</script><style>b</style><img src="x" onerror="a()">
<img src="https://tracker.example.net/p.gif"><img src="https://brief.example.com/i/${'a'.repeat(64)}.png" alt="ours" onload="a()" style="x">
<a href="javascript:a()">j</a><a href="JaVa&#10;Script:a()">k</a><a href="data:text/html,x">d</a><a href="vbscript:x">v</a>
<iframe src="https://example.net"></iframe><object data="x"></object><svg><script>a()</script></svg><math><mi>m</mi></math>
<form action="/"><input></form><template><script>a()</script></template><noscript><img src=x></noscript><base href="//example.net"><meta http-equiv="refresh" content="0">`
  await archive.send('cranes', hostile, { now: MARCH, issue: { title: '<script>a()</script>' } })

  const { atom, rss, json } = await readAll()

  const [entry] = atom.entries
  expect(entry?.html?.replace(/\s+/g, ' ').trim()).toBe(
    `<p>One</p> <img alt="ours" src="${HOME}/i/${'a'.repeat(64)}.png" /> <a>j</a><a>k</a><a>d</a><a>v</a> m`,
  )
  expect(entry?.title).toBe('<script>a()</script>')
  expect(rss.entries).toEqual(atom.entries)
  expect(json.entries).toEqual(atom.entries)
  expect(await read('/feed.atom')).not.toContain('<script')
})
