/** What another site's page may make a browser send here, and what not. */

import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { makeKeys } from '../../src/link/token.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from '../rig/database.js'
import { serveTestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const now = () => 1_000_000

let db: Db
let hits: Hits
let server: RunningServer

beforeEach(async () => {
  db = await openTestDb()
  hits = openHits({ db, now })
  const log = pino({ level: 'silent' })
  const publicUrl = async () => 'https://news.example.com/letters'
  server = await serveTestWeb({ db, keys, hits, log, now, publicUrl })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

const post = (path: string, headers: Record<string, string>) =>
  fetch(server.url + path, { method: 'POST', headers }).then(({ status }) => status)

test.each<[string, Record<string, string>]>([
  ['a foreign Origin', { origin: 'https://evil.example' }],
  ['an Origin that only begins like ours', { origin: 'https://news.example.com.evil.example' }],
  ['our host without TLS', { origin: 'http://news.example.com' }],
  ['no Origin to speak of', { origin: 'x' }],
  ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['a neighbour below the same domain', { 'sec-fetch-site': 'same-site', origin: 'null' }],
])('a POST with %s is refused, in the same page whatever it is for', async (_what, headers) => {
  expect(await post('/n/xxxxxxxxxxxxxxxxxxxxxx', headers)).toBe(403)
  expect(await post('/p/xxxxxxxxxxxxxxxxxxxxxx', headers)).toBe(403)
  expect(await post('/u/xxxxxxxxxxxxxxxxxxxxxx/undo', headers)).toBe(403)
})

test.each<[string, Record<string, string>]>([
  ['no Origin', {}],
  ['our own Origin', { origin: 'https://news.example.com' }],
  ['an Origin that our pages leave out', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ['an Origin that an older browser leaves out', { origin: 'null' }],
])('a POST with %s passes, to be told that its Token is none', async (_what, headers) => {
  expect(await post('/n/xxxxxxxxxxxxxxxxxxxxxx', headers)).toBe(404)
})

test('the address it was asked under is ours too', async () => {
  expect(await post('/n/xxxxxxxxxxxxxxxxxxxxxx', { origin: server.url })).toBe(404)
})

test('one-click unsubscribe may come from anywhere', async () => {
  expect(await post('/u/xxxxxxxxxxxxxxxxxxxxxx', { origin: 'https://mail.example.net' })).toBe(404)
})
