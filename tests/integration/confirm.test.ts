/** Double opt-in: what the link in a confirmation does, to whom, and what it never does. */

import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createList } from '../../src/audience/list.js'
import { addSuppression } from '../../src/audience/suppression.js'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { hashAddress, makeKeys, signToken, TOKEN_PURPOSES } from '../../src/link/token.js'
import { createNotice, findNotice, type NewNotice } from '../../src/send/notice/notice.js'
import { confirm } from '../../src/track/confirm.js'
import { eraseStranger } from '../../src/track/erase.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from '../rig/database.js'
import { readAll, signUp } from '../rig/sign-up.js'
import { serveTestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const safari = 'Mozilla/5.0 (iPhone) Safari/604.1'
const scanner = 'BarracudaCentral/1.0 (link scanner)'
const DAY_MS = 86_400_000
const START = 1_764_000_000_000

let time = START
const now = () => time
let db: Db
let hits: Hits
let server: RunningServer
let listId: number

beforeEach(async () => {
  time = START
  db = await openTestDb()
  hits = openHits({ db, now })
  server = await serveTestWeb({ db, keys, hits, now, log: pino({ level: 'silent' }) })
  const list = await createList(db.query, {
    name: 'weekly',
    title: 'Tides',
    isPublic: true,
    isOpen: true,
    now: time,
  })
  listId = list.id
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

/** The id of the Notice that a sign-up on the page has led to. */
async function ask(address: string, fields: Readonly<Record<string, string>> = {}): Promise<number> {
  const headers = { 'user-agent': safari }
  await signUp({ url: server.url, keys, now }, { listId, fields: { address, ...fields }, headers })
  expect(await readAll(db, { keys, now })).toEqual(['confirm'])
  const { id } = await db.query
    .selectFrom('notice')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return id
}

const link = (id: number) => `${server.url}/n/${signToken(keys, 'notice', id)}`
const press = (id: number, agent = safari) =>
  fetch(link(id), { method: 'POST', headers: { 'user-agent': agent }, redirect: 'manual' })
const events = () => db.query.selectFrom('event').selectAll().orderBy('id').execute()
const standing = () =>
  db.query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select(['subscriber.address', 'subscriber.name', 'subscriber.lang', 'subscription.status'])
    .select(['subscription.left_by', 'subscription.paused_until'])
    .orderBy('subscriber.id')
    .execute()

test('opening the link changes nothing, however often and by whom; pressing the button subscribes', async () => {
  const id = await ask('Alice@example.org', { name: 'Alice', lang: 'de' })

  for (let n = 0; n < 20; n++)
    for (const method of ['GET', 'HEAD']) {
      const answer = await fetch(link(id), { method, headers: { 'user-agent': scanner } })
      expect(answer.status).toBe(200)
      const page = await answer.text()
      if (method === 'GET') expect(page).toContain('<button>Abonnement bestätigen</button>')
      if (method === 'GET') expect(page).toContain('<span class="whole">A…e@example.org</span>')
    }
  expect(await standing()).toEqual([])
  expect(await events()).toEqual([])

  const answer = await press(id)

  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toContain('no-store')
  const page = await answer.text()
  expect(page).toContain('Sie haben Tides abonniert')
  expect(page).toContain(`href="../p/${signToken(keys, 'notice', id)}"`)
  expect(await standing()).toEqual([
    {
      address: 'Alice@example.org',
      name: 'Alice',
      lang: 'de',
      status: 'active',
      left_by: null,
      paused_until: null,
    },
  ])
  const preferences = await fetch(`${server.url}/p/${signToken(keys, 'notice', id)}`)
  expect(preferences.status).toBe(200)
})

test('how they came is on record: who asked and who confirmed, when, from where, on which page', async () => {
  const id = await ask('alice@example.org')
  time += 5_000

  await press(id, 'Mozilla/5.0 (a phone)')

  const [event, ...more] = await events()
  expect(more).toEqual([])
  expect(event).toMatchObject({ kind: 'subscribed', at: START + 5_000, list_id: listId })
  expect(JSON.parse(event?.detail ?? '')).toEqual({
    how: 'confirm',
    network: '127.0.0.0/24',
    agent: 'Mozilla/5.0 (a phone)',
    noticeId: id,
    askedAt: START,
    askedNetwork: '127.0.0.0/24',
    askedAgent: safari,
    from: 'page',
  })
})

test('pressed again, or twice at once, it says the same and is one Event', async () => {
  const id = await ask('alice@example.org')

  const answers = await Promise.all([press(id), press(id), press(id)])
  const pages = new Set(await Promise.all([...answers, await press(id)].map((answer) => answer.text())))

  expect(pages.size).toBe(1)
  expect(await events()).toHaveLength(1)
  const page = await (await fetch(link(id))).text()
  expect(page).toContain('was confirmed already')
  expect(page).not.toContain('<form')
})

test('who had left is back, with nothing of the old pause; their second click does not undo a later leaving', async () => {
  const first = await ask('alice@example.org')
  await press(first)
  await db.query
    .updateTable('subscription')
    .set({ status: 'unsubscribed', left_by: 'person', paused_until: time + DAY_MS })
    .execute()
  await press(first)
  expect(await standing()).toMatchObject([{ status: 'unsubscribed' }])
  time += DAY_MS

  await press(await ask('alice@example.org'))

  expect(await standing()).toMatchObject([{ status: 'active', left_by: null, paused_until: null }])
  expect(JSON.parse((await events()).at(-1)?.detail ?? '')).toMatchObject({ was: 'unsubscribed' })
})

test('who has left since is told so, by the link and by its button, and shown the ways back', async () => {
  const id = await ask('alice@example.org')
  await press(id)
  await db.query.updateTable('subscription').set({ status: 'unsubscribed', left_by: 'person' }).execute()

  for (const answer of [await fetch(link(id)), await press(id)]) {
    expect(answer.status).toBe(200)
    const page = await answer.text()
    expect(page).toContain('You are no longer subscribed to Tides')
    expect(page).not.toContain('The next issue comes')
    expect(page).not.toContain('nothing more to do')
    expect(page).not.toContain('<form')
    expect(page).toContain(`href="../p/${signToken(keys, 'notice', id)}"`)
    expect(page).toContain('href="../subscribe/weekly"')
  }
  expect(await standing()).toMatchObject([{ status: 'unsubscribed' }])

  // Where nobody may subscribe by themselves, no way is offered that leads nowhere.
  await db.query.updateTable('list').set({ is_open: 0 }).execute()
  expect(await (await fetch(link(id))).text()).not.toContain('../subscribe/')
})

test('two confirmations of one List, both pressed, are one coming; what was chosen between them stays', async () => {
  const first = await ask('alice@example.org')
  time += 2 * 3_600_000
  const second = await ask('alice@example.org')
  await press(first)
  await db.query
    .updateTable('subscription')
    .set({ paused_until: time + DAY_MS })
    .execute()

  const answer = await press(second)

  expect(answer.status).toBe(200)
  expect(await standing()).toMatchObject([{ status: 'active', paused_until: time + DAY_MS }])
  expect((await events()).map(({ kind }) => kind)).toEqual(['subscribed'])
})

test('whom an editor has taken off a List stays off when it is closed', async () => {
  const id = await ask('alice@example.org')
  const second = await ask('bob@example.org')
  await press(id)
  await db.query.updateTable('subscription').set({ status: 'unsubscribed', left_by: 'editor' }).execute()
  time += 2 * 3_600_000
  const again = await ask('alice@example.org')
  await db.query.updateTable('list').set({ is_open: 0 }).execute()

  expect([(await press(again)).status, (await press(second)).status]).toEqual([404, 404])

  expect(await standing()).toMatchObject([{ status: 'unsubscribed', left_by: 'editor' }])
})

test.each(['erased', 'moved'])(
  'who was %s comes back by their own word, and the Suppression goes',
  async (reason) => {
    await addSuppression(db.query, { hash: hashAddress(keys, 'gone@example.org'), reason, now: time })

    await press(await ask('gone@example.org'))

    expect(await db.query.selectFrom('suppression').selectAll().execute()).toEqual([])
    expect((await events()).map(({ kind }) => kind)).toEqual(['allowed', 'subscribed'])
  },
)

test('whom a report says to have complained, and nothing proves it, comes back by their own word, to that List', async () => {
  await press(await ask('erin@example.org'))
  const { id: subscriberId } = await db.query.selectFrom('subscriber').select('id').executeTakeFirstOrThrow()
  const other = await createList(db.query, {
    name: 'other',
    title: 'Other',
    isPublic: true,
    isOpen: true,
    now: time,
  })
  await db.query
    .insertInto('subscription')
    .values({
      list_id: other.id,
      subscriber_id: subscriberId,
      status: 'active',
      created_at: time,
      changed_at: time,
    })
    .execute()
  const hash = hashAddress(keys, 'erin@example.org')
  await addSuppression(db.query, { hash, reason: 'reported', now: time })
  time += 2 * 3_600_000

  expect((await press(await ask('erin@example.org'))).status).toBe(200)

  expect(await db.query.selectFrom('suppression').selectAll().execute()).toEqual([])
  const rows = await db.query
    .selectFrom('subscription')
    .select(['list_id', 'status'])
    .orderBy('list_id')
    .execute()
  expect(rows).toEqual([
    { list_id: listId, status: 'active' },
    { list_id: other.id, status: 'unsubscribed' },
  ])
  expect((await events()).map(({ kind }) => kind)).toEqual(['subscribed', 'allowed', 'unsubscribed'])
})

test('a Notice that was erased while its button was pressed brings nobody back', async () => {
  const id = await ask('alice@example.org')
  const notice = await findNotice(db.query, id, time)
  if (notice === null) throw new Error('no Notice')
  await eraseStranger(db, { addressKey: 'alice@example.org', keys, now: time })

  expect(await confirm(db.query, notice, { who: { network: '', agent: '' }, now: time })).toBe('already')

  expect(await standing()).toEqual([])
  expect(await events()).toEqual([])
})

test.each(['a List that was closed', 'an address that was suppressed'])(
  '%s meanwhile takes nobody',
  async (what) => {
    const id = await ask('alice@example.org')
    if (what.startsWith('a List')) await db.query.updateTable('list').set({ is_open: 0 }).execute()
    else
      await addSuppression(db.query, {
        hash: hashAddress(keys, 'alice@example.org'),
        reason: 'bounced',
        now: time,
      })

    const answer = await press(id)

    expect(answer.status).toBe(404)
    const page = await answer.text()
    expect(page).toContain('You cannot be subscribed to Tides now')
    expect(page).not.toContain('mistyped')
    expect(await standing()).toEqual([])
    expect(await events()).toEqual([])
  },
)

test('V38: a Token that is forged, cut, swapped, of another purpose, run out or erased is one and the same page', async () => {
  const id = await ask('alice@example.org')
  const expired = await createNotice(db.query, other({ address: 'dora@example.org', now: time - 8 * DAY_MS }))
  const erased = await createNotice(db.query, other({ address: '' }))
  const known = await createNotice(db.query, other({ kind: 'known', detail: { subscriptionId: 1 } }))
  const good = signToken(keys, 'notice', id)
  const tokens = [
    ...TOKEN_PURPOSES.filter((purpose) => purpose !== 'notice').map((purpose) =>
      signToken(keys, purpose, id),
    ),
    signToken(makeKeys(['somebody else who knows 32 characters']), 'notice', id),
    ...[expired, erased, known, 999].map((one) => signToken(keys, 'notice', one)),
    good.slice(0, -1),
    `${good}A`,
    good.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    // The id of one, the signature of another.
    signToken(keys, 'notice', expired).slice(0, 8) + good.slice(8),
    '..%2f..%2fetc',
    '%00',
    'x'.repeat(3_000),
  ]

  const pages = new Set<string>()
  for (const token of tokens)
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(`${server.url}/n/${token}`, { method })
      const { date: _, allow: __, ...headers } = Object.fromEntries(answer.headers)
      pages.add(JSON.stringify([answer.status, headers, await answer.text()]))
    }

  expect([...pages]).toHaveLength(1)
  expect([...pages][0]).toContain('This link does not work')
  expect(await standing()).toEqual([])
  expect(await events()).toEqual([])
  for (const place of ['u', 'o', 'c'])
    expect((await fetch(`${server.url}/${place}/${good}${place === 'c' ? '/0' : ''}`)).status).not.toBe(302)
  expect((await press(id)).status).toBe(200)
})

function other(more: Partial<NewNotice>): NewNotice {
  const address = 'x@example.org'
  const base = {
    kind: 'confirm',
    address,
    addressHash: 'x',
    name: '',
    lang: 'en',
    listId,
    now: time,
  } as const
  return { ...base, validMs: 7 * DAY_MS, ...more }
}
