/** Unsubscribing by the link in a Message, over real HTTP: what a GET never does, what a POST always does. */

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeKeys, signToken } from '../../src/link/token.js'
import { leaveOf } from '../rig/links.js'
import { deliveryOf, eventsIn, hitsIn } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { KEYS, openWebPlace, SAFARI, type WebPlace } from '../rig/web-place.js'

const scanner = 'BarracudaCentral/1.0 (link scanner)'

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: 1_000_000 })
})

afterEach(() => web.close())

const statusOf = (who: string) =>
  web.db.query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select('subscription.status')
    .where('subscriber.address_key', '=', `${who}@example.com`)
    .executeTakeFirstOrThrow()

test('V07: twenty GETs and HEADs by a scanner change nothing, and the Token still works by POST', async () => {
  const { deliveries } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })

  for (let i = 0; i < 20; i++) {
    for (const method of ['GET', 'HEAD']) {
      const answer = await web.ask(leaveOf(deliveries.alice), { method, agent: scanner })
      expect(answer.status).toBe(200)
      const page = await answer.text()
      if (method === 'GET') expect(page).toContain('Unsubscribe from Harbour?')
      if (method === 'GET') expect(page).toContain('<form method="post">')
    }
  }

  expect(await statusOf('alice')).toEqual({ status: 'active' })
  expect(await eventsIn(web.db)).toEqual([])
  expect(await hitsIn(web.db)).toEqual([])

  const answer = await web.ask(leaveOf(deliveries.alice), { method: 'POST' })

  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('You are unsubscribed from Harbour')
  expect(await statusOf('alice')).toEqual({ status: 'unsubscribed' })
})

test('V08: a one-click POST of either body type unsubscribes at once, and again it is no error', async () => {
  const { deliveries, listId, sendId } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }],
  })
  const multipart = new FormData()
  multipart.set('List-Unsubscribe', 'One-Click')

  for (const body of [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), multipart]) {
    const answer = await web.ask(leaveOf(deliveries.alice), { method: 'POST', body })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('location')).toBeNull()
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await answer.text()).toContain('You are unsubscribed from Harbour')
  }

  expect(await statusOf('alice')).toEqual({ status: 'unsubscribed' })
  expect(await statusOf('dora')).toEqual({ status: 'active' })
  const [hit] = await hitsIn(web.db)
  expect(await eventsIn(web.db)).toMatchObject([
    {
      kind: 'unsubscribed',
      list_id: listId,
      send_id: sendId,
      delivery_id: deliveries.alice,
      hit_id: hit?.id,
      detail: JSON.stringify({ how: 'one-click', network: '127.0.0.0/24', agent: SAFARI }),
    },
  ])
  const page = await web.ask(leaveOf(deliveries.alice))
  expect(await page.text()).toContain('You are already unsubscribed from Harbour')
})

test.each<[string, RequestInit]>([
  ['no body', {}],
  ['the button of the page', { body: new URLSearchParams({ how: 'page' }) }],
  ['JSON', { body: '{"a":1}', headers: { 'content-type': 'application/json' } }],
  ['multipart without a boundary', { body: 'x', headers: { 'content-type': 'multipart/form-data' } }],
  [
    'a foreign origin',
    { body: 'List-Unsubscribe=One-Click', headers: { origin: 'https://mail.example.net' } },
  ],
])('a POST with %s unsubscribes', async (_what, init) => {
  const { deliveries } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })

  const answer = await web.ask(leaveOf(deliveries.alice), { method: 'POST', ...init })

  expect(answer.status).toBe(200)
  expect(await statusOf('alice')).toEqual({ status: 'unsubscribed' })
})

test('who unsubscribes while queued or deferred gets nothing more of any Send to that List', async () => {
  const first = await seedSend(web.db.query, {
    deliveries: [
      { who: 'alice', state: 'queued' },
      { who: 'bob', state: 'queued' },
    ],
  })
  const second = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice', state: 'deferred' }],
    issue: { slug: '2026-03-15-tides' },
  })
  const elsewhere = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice', state: 'queued' }],
    issue: { slug: '2026-03-16-locks' },
    list: 'Canal',
  })

  await web.ask(leaveOf(first.deliveries.alice), { method: 'POST' })

  expect(await deliveryOf(web.db, first.deliveries.alice)).toEqual({
    state: 'excluded',
    reason: 'unsubscribed',
  })
  expect(await deliveryOf(web.db, second.deliveries.alice)).toEqual({
    state: 'excluded',
    reason: 'unsubscribed',
  })
  expect(await deliveryOf(web.db, elsewhere.deliveries.alice)).toMatchObject({ state: 'queued' })
  expect(await deliveryOf(web.db, first.deliveries.bob)).toMatchObject({ state: 'queued' })
})

test('V38: a forged, changed, cut or other-purpose Token writes nothing, redirects nowhere and gets one page', async () => {
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  const id = deliveries.alice ?? 0
  const good = signToken(KEYS, 'leave', id)
  const foreign = makeKeys(['a foreign secret that has more than 32 characters'])
  const bad = [
    randomBytes(16).toString('base64url'),
    signToken(foreign, 'leave', id),
    signToken(KEYS, 'read', id),
    signToken(KEYS, 'return', id),
    good.slice(0, -1),
    `${good}A`,
    `${good}=`,
    good.slice(0, 5) + (good[5] === 'A' ? 'B' : 'A') + good.slice(6),
    signToken(KEYS, 'leave', id + 1_000),
    '..%2f..',
    '%00',
    '%E0%A4%A',
  ]

  const pages = new Set<string>()
  for (const token of bad) {
    for (const method of ['GET', 'POST']) {
      const answer = await web.ask(`/u/${token}`, { method })
      expect([method, token, answer.status]).toEqual([method, token, 404])
      pages.add(await answer.text())
    }
  }
  const readBad = [signToken(KEYS, 'leave', id), signToken(foreign, 'read', id)]
  for (const token of readBad) {
    const answer = await web.ask(`/c/${token}/0`)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('location')).toBeNull()
    pages.add(await answer.text())
  }

  expect(pages.size).toBe(1)
  expect([...pages][0]).toContain('This link does not work')
  expect(await statusOf('alice')).toEqual({ status: 'active' })
  expect(await hitsIn(web.db)).toEqual([])
  expect(await eventsIn(web.db)).toEqual([])
})

test('pages speak the language of the Issue, and failures that of the reader', async () => {
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    list: 'Hafenbrief',
    issue: { lang: 'de-AT' },
  })

  expect(await (await web.ask(leaveOf(deliveries.alice))).text()).toContain('Hafenbrief abbestellen?')
  const missing = await web.ask('/nowhere', { headers: { 'accept-language': 'de' } })
  expect(missing.status).toBe(404)
  expect(await missing.text()).toContain('<html lang="de">')
})

test('a body that is too large is refused, with its length said or not, and nothing happens', async () => {
  const { deliveries } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })
  const large = new Uint8Array(20_000_000)
  const unsaid = new ReadableStream({
    pull: (controller) => controller.enqueue(large.subarray(0, 60_000)),
  })

  for (const body of [large, unsaid]) {
    const answer = await web
      .ask(leaveOf(deliveries.alice), {
        method: 'POST',
        body,
        ...(body === unsaid ? { duplex: 'half' } : {}),
      } as RequestInit)
      .catch((error: unknown) => error)
    // The connection may be cut while the client still writes.
    if (answer instanceof Response) expect(answer.status).toBe(413)
    else expect(answer).toBeInstanceOf(TypeError)
  }

  expect(await statusOf('alice')).toEqual({ status: 'active' })
})
