/** Search over past issues, as a reader asks it. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { makeKeys } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import type { RunningServer } from '../../src/web/server.js'
import { type ArchiveRig, DAY_MS, publicationOf, rigArchive } from '../rig/archive.js'
import { openTestDb } from '../rig/database.js'
import { serveTestWeb } from '../rig/web.js'

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
    publication: async () => publicationOf(),
  })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

const ask = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/search?q=${encodeURIComponent(query)}`, { headers })

/** Slugs in the order they are shown. */
async function find(query: string): Promise<readonly string[]> {
  const page = await (await ask(query)).text()
  return [...page.matchAll(/href="issues\/([^"]+)"/g)].map(([, slug]) => slug ?? '')
}

test('words are found without case and accents, by their beginning, with a slip, and only all together', async () => {
  await archive.send('cranes', '<p>The <em>Größe</em> of the cranes in the harbour café</p>', { now: DAY_MS })
  await archive.send('tides', '<p>Tides rise in the harbour</p>', { now: 2 * DAY_MS })
  await archive.send('ports', '<p>静かな港の話です</p>', { now: 3 * DAY_MS })
  await archive.send('members', '<p>Cranes for members</p>', { list: 'Members', visibility: 'private' })

  expect(await find('CRANES')).toEqual(['cranes'])
  expect(await find('grosse cafe')).toEqual(['cranes'])
  expect(await find('har')).toHaveLength(2)
  expect(await find('harbor')).toHaveLength(2)
  expect(await find('harbour tides')).toEqual(['tides'])
  expect(await find('harbour nothing')).toEqual([])
  expect(await find('港の話')).toEqual(['ports'])
  expect(await find('ha')).toEqual([])
})

test('an issue that has the word in its title stands before one that mentions it', async () => {
  await archive.send('one', '<p>cranes cranes and quays</p>', { now: DAY_MS, issue: { title: 'Quays' } })
  await archive.send('two', '<p>a crane and other things</p>', {
    now: 2 * DAY_MS,
    issue: { title: 'Cranes' },
  })

  expect(await find('cranes')).toEqual(['two', 'one'])
})

test('what is sent or corrected meanwhile is found at once, and what was there before no more', async () => {
  await archive.send('cranes', '<p>Four cranes</p>', { now: DAY_MS })
  expect(await find('four')).toEqual(['cranes'])

  await archive.send('tides', '<p>Four tides</p>', { now: 2 * DAY_MS })
  await archive.correct('cranes', '<p>Five cranes</p>', { note: 'One more.', at: 3 * DAY_MS })

  expect(await find('four')).toEqual(['tides'])
  expect(await find('five')).toEqual(['cranes'])
  await db.query.updateTable('send').set({ state: 'cancelled' }).execute()
  expect(await find('five')).toEqual([])
})

test('the page marks what it met, says how many, is for no search engine, and speaks four languages', async () => {
  await archive.send(
    'cranes',
    '<h2>Quays</h2><p>Four <a href="https://example.org/">cranes</a>, at the quay</p>',
    { now: DAY_MS },
  )

  const answer = await ask('crane')
  const page = await answer.text()

  expect(page).toContain('Quays · Four <mark>cranes</mark>, at the quay')
  expect(page).toContain('<p role="status">One issue with “crane”</p>')
  expect(page).toContain('<meta name="robots" content="noindex">')
  expect(answer.headers.get('x-robots-tag')).toBe('noindex')
  expect(answer.headers.get('vary')).toContain('Accept-Language')
  for (const [lang, words] of [
    ['de', 'Eine Ausgabe mit „crane“'],
    ['fr', 'Un numéro avec « crane »'],
    ['es', 'Un número con «crane»'],
  ] as const)
    expect(await (await ask('crane', { 'accept-language': lang })).text()).toContain(words)
  expect((await fetch(`${server.url}/search`)).status).toBe(200)
})

test('twenty are shown of many', async () => {
  for (let day = 1; day <= 23; day++) await archive.send(`day-${day}`, '<p>Crane</p>', { now: day * DAY_MS })

  expect(await find('crane')).toHaveLength(20)
  expect(await (await ask('crane')).text()).toContain('23 issues with')
})

test('V41: what is asked is text, however long and whatever it looks like', async () => {
  await archive.send('cranes', '<p>&lt;script&gt;alert(1)&lt;/script&gt; crane</p>', {
    issue: { title: '<script>alert(2)</script> crane' },
  })

  const page = await (await ask('"><script>alert(3)</script> crane')).text()
  const found = await (await ask('crane script')).text()

  expect(page).not.toContain('<script')
  expect(page).toContain('value="&quot;&gt;&lt;script&gt;alert(3)&lt;/script&gt; crane"')
  expect(found).toContain(
    '&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; <mark>crane</mark>',
  )
  expect(found).not.toContain('<script')
  const long = await ask('crane '.repeat(1_000))
  expect(long.status).toBe(200)
  expect((await long.text()).length).toBeLessThan(20_000)
  for (const odd of ['\u0000', '\ud800', '%', '()*+?[', 'constructor', '__proto__', 'toString'])
    expect((await ask(odd.toWellFormed())).status).toBe(200)
})
