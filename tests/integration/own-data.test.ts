/** One's own data over real HTTP: a copy as a download, erasure by the mailbox's yes, and what other links make of it then. */

import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { makeKeys, signToken } from '../../src/link/token.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'
import { tablesWith } from '../rig/traces.js'
import { serveTestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const NOON = Date.UTC(2026, 0, 31, 12)

let time = NOON
const now = () => time
let db: Db
let hits: Hits
let server: RunningServer

beforeEach(async () => {
  time = NOON
  db = await openTestDb()
  hits = openHits({ db, now })
  server = await serveTestWeb({ db, keys, hits, log: pino({ level: 'silent' }), now })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

const post = (
  path: string,
  fields: Readonly<Record<string, string>> = {},
  headers: Record<string, string> = {},
) =>
  fetch(server.url + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { 'user-agent': 'T/1', ...headers },
  })

/** Alice has asked for it on her page, and this is the link that her mailbox got. */
async function askFor(act: 'export' | 'erase') {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bertram' }],
    links: [{ url: 'https://example.org/a' }],
  })
  const id = deliveries.alice ?? 0
  await fetch(`${server.url}/c/${signToken(keys, 'read', id)}/0`, { redirect: 'manual' })
  await post(`/p/${signToken(keys, 'leave', id)}`, { act })
  const notice = await db.query.selectFrom('notice').select('id').executeTakeFirstOrThrow()
  return { link: `/n/${signToken(keys, 'notice', notice.id)}`, leave: signToken(keys, 'leave', id) }
}

test('a copy is a download with all that is kept of them, and nothing of others', async () => {
  const { link } = await askFor('export')
  for (const method of ['GET', 'HEAD']) await fetch(server.url + link, { method })
  expect(await db.query.selectFrom('event').select('kind').execute()).toEqual([])

  const first = await post(link)
  const again = await post(link)

  expect(first.headers.get('content-disposition')).toBe('attachment; filename="my-data.json"')
  expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(first.headers.get('cache-control')).toBe('no-store, private')
  const text = await first.text()
  expect(JSON.parse(text)).toMatchObject({
    address: 'alice@example.com',
    name: 'alice',
    subscriptions: [{ list: 'harbour', status: 'active' }],
    deliveries: [
      {
        issue: '2026-03-01-cranes',
        state: 'sent',
        requests: [{ kind: 'click', link: 0 }, { kind: 'form' }],
      },
    ],
    notices: [{ kind: 'export', to: 'alice@example.com' }],
    events: [{ kind: 'exported' }],
    comments: [],
  })
  expect(text).not.toContain('bertram')
  expect(again.status).toBe(200)
  expect(await db.query.selectFrom('event').select('kind').execute()).toEqual([{ kind: 'exported' }])
  expect((await post(link, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  time += 86_400_000
  expect((await post(link)).status).toBe(404)
})

test('V38: erased by one yes; every link of theirs is then as one that was never ours', async () => {
  const { link, leave } = await askFor('erase')
  for (let i = 0; i < 5; i++) expect((await fetch(server.url + link)).status).toBe(200)
  expect(await tablesWith(db.query, 'alice')).not.toEqual([])

  const done = await post(link)

  expect(await done.text()).toContain('Your data is erased')
  expect(await tablesWith(db.query, 'alice')).toEqual([])
  expect(await tablesWith(db.query, 'bertram')).toEqual(['delivery', 'subscriber'])
  const forged = await (await fetch(`${server.url}/p/${'A'.repeat(22)}`)).text()
  for (const path of [link, `/p/${leave}`, `/u/${leave}`]) {
    expect(await (await fetch(server.url + path)).text()).toBe(forged)
    expect(await (await post(path)).text()).toBe(forged)
  }
  expect(await (await post(`/u/${leave}/undo`)).text()).toBe(forged)
})
