/** Tracking over real HTTP: what is answered, what is kept of it, and what a GET never does. */

import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { probeCommit } from '../../src/db/probe-commit.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { makeKeys, signToken } from '../../src/link/token.js'
import { erase } from '../../src/track/erase.js'
import { type RunningServer, serve } from '../../src/web/server.js'
import { openTargets } from '../../src/web/track/targets.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'
import { buildTestWeb, serveTestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
const scanner = 'BarracudaCentral/1.0 (link scanner)'

let time = 1_000_000
const now = () => time
let db: Db
let hits: Hits
let server: RunningServer
let logged: string[]

beforeEach(async () => {
  time = 1_000_000
  logged = []
  db = await openTestDb()
  hits = openHits({ db, now })
  const log = pino({}, { write: (line: string) => void logged.push(line) })
  const ills = () =>
    probeCommit(db.query, now).then(
      () => ({}),
      () => ({ database: 'cannot commit' }),
    )
  server = await serveTestWeb({ db, keys, hits, log, now, ills })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

function ask(path: string, { agent = safari, ...init }: RequestInit & { agent?: string } = {}) {
  return fetch(server.url + path, {
    redirect: 'manual',
    ...init,
    headers: { 'user-agent': agent, ...Object(init.headers) },
  })
}

/** As bytes, which no client has made tidy. */
async function askRaw(
  target: string,
  headers = '',
  body = '',
): Promise<{ readonly status: number; readonly location: string | null }> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n${body}`)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  const [head = ''] = answer.split('\r\n\r\n')
  return {
    status: Number(head.split(' ')[1]),
    location: /^location: (.*)$/im.exec(head)?.[1]?.trim() ?? null,
  }
}

const leave = (id: number | undefined) => `/u/${signToken(keys, 'leave', id ?? 0)}`
const pixel = (id: number | undefined) => `/o/${signToken(keys, 'read', id ?? 0)}.gif`
const click = (id: number | undefined, index: number | string) =>
  `/c/${signToken(keys, 'read', id ?? 0)}/${index}`

const readHits = () => db.query.selectFrom('hit').selectAll().orderBy('id').execute()
const readEvents = () => db.query.selectFrom('event').selectAll().orderBy('id').execute()
const statusOf = (who: string) =>
  db.query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select('subscription.status')
    .where('subscriber.address_key', '=', `${who}@example.com`)
    .executeTakeFirstOrThrow()
const deliveryOf = (id: number | undefined) =>
  db.query
    .selectFrom('delivery')
    .select(['state', 'reason'])
    .where('id', '=', id ?? 0)
    .executeTakeFirstOrThrow()

test('V07: twenty GETs and HEADs by a scanner change nothing, and the Token still works by POST', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })

  for (let i = 0; i < 20; i++) {
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(leave(deliveries.alice), { method, agent: scanner })
      expect(answer.status).toBe(200)
      const page = await answer.text()
      if (method === 'GET') expect(page).toContain('Unsubscribe from Harbour?')
      if (method === 'GET') expect(page).toContain('<form method="post">')
    }
  }

  expect(await statusOf('alice')).toEqual({ status: 'active' })
  expect(await readEvents()).toEqual([])
  expect(await readHits()).toEqual([])

  const answer = await ask(leave(deliveries.alice), { method: 'POST' })

  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('You are unsubscribed from Harbour')
  expect(await statusOf('alice')).toEqual({ status: 'unsubscribed' })
})

test('V08: a one-click POST of either body type unsubscribes at once, and again it is no error', async () => {
  const { deliveries, listId, sendId } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }],
  })
  const multipart = new FormData()
  multipart.set('List-Unsubscribe', 'One-Click')

  for (const body of [new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }), multipart]) {
    const answer = await ask(leave(deliveries.alice), { method: 'POST', body })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('location')).toBeNull()
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await answer.text()).toContain('You are unsubscribed from Harbour')
  }

  expect(await statusOf('alice')).toEqual({ status: 'unsubscribed' })
  expect(await statusOf('dora')).toEqual({ status: 'active' })
  const [hit] = await readHits()
  expect(await readEvents()).toMatchObject([
    {
      kind: 'unsubscribed',
      list_id: listId,
      send_id: sendId,
      delivery_id: deliveries.alice,
      hit_id: hit?.id,
      detail: JSON.stringify({ how: 'one-click', network: '127.0.0.0/24', agent: safari }),
    },
  ])
  const page = await ask(leave(deliveries.alice))
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
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })

  const answer = await ask(leave(deliveries.alice), { method: 'POST', ...init })

  expect(answer.status).toBe(200)
  expect(await statusOf('alice')).toEqual({ status: 'unsubscribed' })
})

test('who unsubscribes while queued or deferred gets nothing more of any Send to that List', async () => {
  const first = await seedSend(db.query, {
    deliveries: [
      { who: 'alice', state: 'queued' },
      { who: 'bob', state: 'queued' },
    ],
  })
  const second = await seedSend(db.query, {
    deliveries: [{ who: 'alice', state: 'deferred' }],
    issue: { slug: '2026-03-15-tides' },
  })
  const elsewhere = await seedSend(db.query, {
    deliveries: [{ who: 'alice', state: 'queued' }],
    issue: { slug: '2026-03-16-locks' },
    list: 'Canal',
  })

  await ask(leave(first.deliveries.alice), { method: 'POST' })

  expect(await deliveryOf(first.deliveries.alice)).toEqual({ state: 'excluded', reason: 'unsubscribed' })
  expect(await deliveryOf(second.deliveries.alice)).toEqual({ state: 'excluded', reason: 'unsubscribed' })
  expect(await deliveryOf(elsewhere.deliveries.alice)).toMatchObject({ state: 'queued' })
  expect(await deliveryOf(first.deliveries.bob)).toMatchObject({ state: 'queued' })
})

test('V38: a forged, changed, cut or other-purpose Token writes nothing, redirects nowhere and gets one page', async () => {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  const id = deliveries.alice ?? 0
  const good = signToken(keys, 'leave', id)
  const foreign = makeKeys(['a foreign secret that has more than 32 characters'])
  const bad = [
    randomBytes(16).toString('base64url'),
    signToken(foreign, 'leave', id),
    signToken(keys, 'read', id),
    signToken(keys, 'return', id),
    good.slice(0, -1),
    `${good}A`,
    `${good}=`,
    good.slice(0, 5) + (good[5] === 'A' ? 'B' : 'A') + good.slice(6),
    signToken(keys, 'leave', id + 1_000),
    '..%2f..',
    '%00',
    '%E0%A4%A',
  ]

  const pages = new Set<string>()
  for (const token of bad) {
    for (const method of ['GET', 'POST']) {
      const answer = await ask(`/u/${token}`, { method })
      expect([method, token, answer.status]).toEqual([method, token, 404])
      pages.add(await answer.text())
    }
  }
  const readBad = [signToken(keys, 'leave', id), signToken(foreign, 'read', id)]
  for (const token of readBad) {
    const answer = await ask(`/c/${token}/0`)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('location')).toBeNull()
    pages.add(await answer.text())
  }

  expect(pages.size).toBe(1)
  expect([...pages][0]).toContain('This link does not work')
  expect(await statusOf('alice')).toEqual({ status: 'active' })
  expect(await readHits()).toEqual([])
  expect(await readEvents()).toEqual([])
})

test('V55: a click leads to a stored Link of that Send, whatever else the request says, or to 404', async () => {
  const one = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a?x=1&y=2#z' }, { url: 'https://example.org/b' }],
  })
  const other = await seedSend(db.query, {
    deliveries: [{ who: 'dora' }],
    links: [{ url: 'https://example.net/other' }],
    issue: { slug: '2026-03-15-tides' },
  })

  const first = await ask(click(one.deliveries.alice, 0))
  expect(first.status).toBe(302)
  expect(first.headers.get('location')).toBe('https://example.org/a?x=1&y=2#z')
  expect(first.headers.get('cache-control')).toContain('no-store')
  expect(first.headers.get('referrer-policy')).toBe('no-referrer')
  const changedIndex = await ask(click(one.deliveries.alice, 1))
  expect(changedIndex.headers.get('location')).toBe('https://example.org/b')
  const withTarget = await ask(`${click(other.deliveries.dora, 0)}?url=https://evil.example&u=//evil.example`)
  expect(withTarget.headers.get('location')).toBe('https://example.net/other')

  for (const index of [
    '2',
    '-1',
    '00',
    '01',
    '0.0',
    '+0',
    '0x0',
    '1e0',
    '%30%30',
    ' 0',
    'https:%2F%2Fevil.example',
    '',
  ]) {
    const answer = await ask(click(one.deliveries.alice, index))
    expect([index, answer.status, answer.headers.get('location')]).toEqual([index, 404, null])
  }
  expect((await ask(click(other.deliveries.dora, 1))).status).toBe(404)
  for (const rest of [
    '999999999999999999999999',
    '4294967296',
    'NaN',
    '__proto__',
    'constructor',
    'toString',
    '0/',
    '0//evil.example',
    '/evil.example',
    '0%2F..%2F..%2Fevil.example',
    '0%5Cevil.example',
    '0\\evil.example',
    '0;url=https://evil.example',
    '0%0d%0aLocation:%20https://evil.example',
    '0%00',
    '０',
  ]) {
    const target = await askRaw(`${click(one.deliveries.alice, '')}${rest}`)
    // Bytes that belong in no address are refused before anyone looks at the path.
    expect([rest, [400, 404].includes(target.status), target.location]).toEqual([rest, true, null])
  }
  for (const path of [
    `/${click(one.deliveries.alice, 0)}`,
    `/.${click(one.deliveries.alice, 0)}/../0/..`,
    click(one.deliveries.alice, 0).replace('/c/', '/C/'),
    click(one.deliveries.alice, 0).replace('/c/', '/c//'),
  ]) {
    const target = await askRaw(path)
    expect([path, [400, 404].includes(target.status), target.location]).toEqual([path, true, null])
  }
  expect((await readHits()).map(({ kind, delivery_id, link }) => ({ kind, delivery_id, link }))).toEqual([
    { kind: 'click', delivery_id: one.deliveries.alice, link: 0 },
    { kind: 'click', delivery_id: one.deliveries.alice, link: 1 },
    { kind: 'click', delivery_id: other.deliveries.dora, link: 0 },
  ])
})

test('V55: the long form of a request is judged like the short one, and so is one with a body', async () => {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  const path = click(deliveries.alice, 0)

  const long = await askRaw(`http://evil.example${path}?url=https://evil.example`)
  const withBody = await askRaw(path, 'Content-Length: 2\r\n', '{}')
  const foreign = await askRaw(`http://evil.example${click(deliveries.alice, 1)}`)

  const found = { status: 302, location: 'https://example.org/a' }
  expect([long, withBody, foreign]).toEqual([found, found, { status: 404, location: null }])
  expect(await readHits()).toHaveLength(2)
})

test('V55: a stored URL leads where a browser would go, or nowhere: it breaks out of no header', async () => {
  const urls = [
    'https://example.org/a\r\nSet-Cookie: a=b',
    'https://example.org/\tb',
    'https:\\\\example.org\\c',
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example/',
    'https://',
    ' https://example.org/d',
    'HTTPS://EXAMPLE.ORG/E',
  ]
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    links: urls.map((url) => ({ url })),
  })

  const answers = await Promise.all(urls.map((_, index) => askRaw(click(deliveries.alice, index))))

  expect(answers.map(({ location }) => location)).toEqual([
    'https://example.org/aSet-Cookie:%20a=b',
    'https://example.org/b',
    null,
    null,
    null,
    null,
    null,
    null,
    'HTTPS://EXAMPLE.ORG/E',
  ])
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([302, 404]))
})

test('V55: years later, with all caches cold and the person erased, a link still leads where it led', async () => {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }],
    links: [{ url: 'https://example.org/a' }],
    state: 'finished',
  })
  const { subscriber_id } = await db.query
    .selectFrom('delivery')
    .select('subscriber_id')
    .where('id', '=', deliveries.alice ?? 0)
    .executeTakeFirstOrThrow()
  await erase(db, { subscriberId: subscriber_id, how: 'command', keys, now: time })
  time += 10 * 365 * 86_400_000

  expect((await ask(click(deliveries.alice, 0))).headers.get('location')).toBe('https://example.org/a')
  expect((await ask(pixel(deliveries.alice))).status).toBe(200)
})

test('a Delivery that is made while its neighbours are being read is found all the same', async () => {
  const first = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  await ask(click(first.deliveries.alice, 0))

  const second = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }],
    links: [{ url: 'https://example.org/second' }],
    issue: { slug: '2026-03-15-tides' },
  })

  expect((await ask(click(second.deliveries.dora, 0))).headers.get('location')).toBe(
    'https://example.org/second',
  )
  expect((await ask(click(first.deliveries.alice, 0))).headers.get('location')).toBe('https://example.org/a')
})

test('where a Link leads is asked of the database once, and then known at once', async () => {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }],
    links: [{ url: 'https://example.org/a' }],
  })
  const targets = openTargets(db.query)
  const first = await targets.ofDelivery(deliveries.alice ?? 0)

  const known = targets.ofDelivery(deliveries.dora ?? 0)

  expect(known).not.toBeInstanceOf(Promise)
  expect(known).toBe(first)
  expect(await targets.ofDelivery(999_999)).toBeNull()
})

test('a Link with letters beyond ASCII is redirected to as browsers write it', async () => {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://bücher.example/straße?q=港' }],
  })

  const answer = await ask(click(deliveries.alice, 0))

  expect(answer.headers.get('location')).toBe('https://xn--bcher-kva.example/stra%C3%9Fe?q=%E6%B8%AF')
})

test('V56: opens by proxies and by HEAD are kept raw, and told apart', async () => {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }, { who: 'grace' }],
  })
  const gmail = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)'

  await ask(pixel(deliveries.dora), { agent: 'Mozilla/5.0' })
  for (let i = 0; i < 30; i++) await ask(pixel(deliveries.alice), { agent: gmail })
  await ask(pixel(deliveries.grace), { method: 'HEAD' })
  expect(await ingestOnce({ db, now })).toBe(32)

  const rows = await db.query
    .selectFrom('hit')
    .innerJoin('classification', 'classification.hit_id', 'hit.id')
    .select(['hit.delivery_id', 'classification.verdict', 'classification.reasons'])
    .distinct()
    .orderBy('hit.delivery_id')
    .execute()
  expect(rows).toEqual([
    { delivery_id: deliveries.alice, verdict: 'person', reasons: 'image-proxy' },
    { delivery_id: deliveries.dora, verdict: 'unknown', reasons: 'privacy-proxy' },
    { delivery_id: deliveries.grace, verdict: 'machine', reasons: 'method' },
  ])
  const events = await readEvents()
  expect(events).toHaveLength(31)
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['opened']))
})

test('behind a proxy of ours a Hit bears the network of the reader, not the proxy’s or one that the reader made up', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })

  await ask(pixel(deliveries.alice), { headers: { 'x-forwarded-for': '198.51.100.9, 203.0.113.77' } })
  await ask(pixel(deliveries.alice), { headers: { 'x-forwarded-for': '2001:db8:7:1::2' } })
  await ask(pixel(deliveries.alice), { headers: { 'x-forwarded-for': 'unknown' } })

  const networks = (await readHits()).map(({ network }) => network)
  expect(networks).toEqual(['203.0.113.0/24', '2001:db8:7::/48', '127.0.0.0/24'])
})

test('the pixel answers the same whatever is asked, and keeps only what a good Token asks', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  const bytes = async (path: string) => Buffer.from(await (await ask(path)).arrayBuffer()).toString('hex')

  const good = await ask(pixel(deliveries.alice), {
    headers: { 'accept-language': 'de', referer: 'https://mail.example.com/alice/inbox' },
  })

  expect(good.headers.get('content-type')).toBe('image/gif')
  expect(good.headers.get('cache-control')).toBe('no-store, private')
  const gif = Buffer.from(await good.arrayBuffer()).toString('hex')
  for (const path of ['/o/x.gif', `${pixel(deliveries.alice)}.gif`, '/o/%ff', leave(1).replace('/u/', '/o/')])
    expect(await bytes(path)).toBe(gif)
  const [hit, ...others] = await readHits()
  expect(others).toEqual([])
  expect(hit).toMatchObject({
    kind: 'open',
    delivery_id: deliveries.alice,
    method: 'GET',
    user_agent: safari,
    network: '127.0.0.0/24',
    at: time,
  })
  expect(JSON.parse(hit?.headers ?? '')).toMatchObject({
    'accept-language': 'de',
    referer: 'https://mail.example.com',
  })
})

test('form Hits that arrive together are each kept once and get the id of their own row', async () => {
  const requester = { method: 'GET', userAgent: '', network: '', headers: {} }

  const ids = await Promise.all(
    Array.from({ length: 3_000 }, (_, link) =>
      hits.record({ kind: 'form', deliveryId: 1 + (link % 20), link, ...requester }),
    ),
  )

  const rows = await readHits()
  expect(rows).toHaveLength(3_000)
  expect(rows.map(({ link }) => ids[link ?? -1])).toEqual(rows.map(({ id }) => id))
})

test('a Hit becomes one Event, however often and from however many processes it is read', async () => {
  const { deliveries, sendId, listId } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  await ask(pixel(deliveries.alice))
  await ask(click(deliveries.alice, 0))

  await Promise.all([ingestOnce({ db, now }), ingestOnce({ db, now }), ingestOnce({ db, now })])
  await ingestOnce({ db, now })

  const rows = await readHits()
  expect(await readEvents()).toMatchObject([
    { kind: 'opened', send_id: sendId, list_id: listId, hit_id: rows[0]?.id, link: null, at: time },
    { kind: 'clicked', send_id: sendId, delivery_id: deliveries.alice, hit_id: rows[1]?.id, link: 0 },
  ])
})

test('what is asked of a Delivery that is gone is kept, and is about nobody', async () => {
  await ask(pixel(4_000))

  expect(await ingestOnce({ db, now })).toBe(1)
  expect(await readHits()).toHaveLength(1)
  expect(await readEvents()).toEqual([])
})

test('an image is served for ever under its own name only', async () => {
  const bytes = randomBytes(5_000)
  const sha256 = 'ab'.repeat(32)
  await db.query.insertInto('image').values({ sha256, ext: 'png', bytes }).execute()

  const answer = await ask(`/i/${sha256}.png`)

  expect(answer.headers.get('content-type')).toBe('image/png')
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await ask(`/i/${sha256}.png`, { headers: { 'if-none-match': `"${sha256}"` } })).status).toBe(304)
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  for (const other of [
    `${sha256}.gif`,
    `${sha256}.svg`,
    `${sha256.toUpperCase()}.png`,
    `${sha256}`,
    '..%2fx.png',
  ])
    expect((await ask(`/i/${other}`)).status).toBe(404)
})

test('pages speak the language of the Issue, and failures that of the reader', async () => {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    list: 'Hafenbrief',
    issue: { lang: 'de-AT' },
  })

  expect(await (await ask(leave(deliveries.alice))).text()).toContain('Hafenbrief abbestellen?')
  const missing = await ask('/nowhere', { headers: { 'accept-language': 'de' } })
  expect(missing.status).toBe(404)
  expect(await missing.text()).toContain('<html lang="de">')
})

test('other methods are refused with what is allowed, on every path', async () => {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })

  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST']) {
    for (const path of [pixel(deliveries.alice), click(deliveries.alice, 0), '/', '/health', '/issues/x']) {
      const answer = await ask(path, { method })
      expect([method, path, answer.status]).toEqual([method, path, 405])
      expect(answer.headers.get('allow')).toBe('GET, HEAD')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  }
  const put = await ask(leave(deliveries.alice), { method: 'PUT' })
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
  expect(await readHits()).toEqual([])
})

test('a body that is too large is refused, with its length said or not, and nothing happens', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  const large = new Uint8Array(20_000_000)
  const unsaid = new ReadableStream({
    pull: (controller) => controller.enqueue(large.subarray(0, 60_000)),
  })

  for (const body of [large, unsaid]) {
    const answer = await ask(leave(deliveries.alice), {
      method: 'POST',
      body,
      ...(body === unsaid ? { duplex: 'half' } : {}),
    } as RequestInit).catch((error: unknown) => error)
    // The connection may be cut while the client still writes.
    if (answer instanceof Response) expect(answer.status).toBe(413)
    else expect(answer).toBeInstanceOf(TypeError)
  }

  expect(await statusOf('alice')).toEqual({ status: 'active' })
})

test('while the database is away a reader still gets pictures, a form says try again, and the log stays short', async () => {
  const { deliveries } = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  await hits.close()

  for (let i = 0; i < 50; i++) expect((await ask(pixel(deliveries.alice))).status).toBe(200)
  expect((await ask(click(deliveries.alice, 0))).status).toBe(302)
  expect((await ask('/health')).status).toBe(200)
  await db.query.destroy()
  const form = await ask(leave(deliveries.alice), { method: 'POST' })
  const health = await ask('/health')

  expect(form.status).toBe(503)
  expect(form.headers.get('retry-after')).toBe('60')
  expect(await form.text()).toContain('This does not work right now')
  expect(health.status).toBe(503)
  expect(await health.json()).toEqual({ ok: false, ill: { database: 'cannot commit' } })
  expect(logged).toHaveLength(1)
  expect(logged.join('')).not.toContain(signToken(keys, 'read', deliveries.alice ?? 0))
})

test('a server that closes answers what it has begun', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })

  const answers = Array.from({ length: 20 }, () => ask(pixel(deliveries.alice)))
  await Promise.race(answers)
  const closing = server.close()
  const settled = await Promise.allSettled(answers)
  await closing

  const answered = settled.filter((one) => one.status === 'fulfilled')
  expect(await readHits()).toHaveLength(answered.length)
  await expect(ask('/health')).rejects.toThrow()
})

test('a port that is taken is said in one sentence', async () => {
  const port = Number(new URL(server.url).port)
  const web = buildTestWeb({ db, keys, hits, log: pino({ level: 'silent' }), now })

  await expect(serve({ web, host: '127.0.0.1', port })).rejects.toThrow(`PORT: ${port} on 127.0.0.1 is taken`)
})

test('bytes that are no HTTP do no harm', async () => {
  const { hostname, port } = new URL(server.url)
  for (const bytes of [
    '\0\0\0',
    'GET /o/x HTTP/1.1\r\nHost: a b\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n',
  ]) {
    const socket = connect(Number(port), hostname)
    await new Promise((resolve) => {
      socket
        .on('error', resolve)
        .on('close', resolve)
        .on('data', () => socket.end())
      socket.write(bytes)
    })
  }

  expect((await ask('/health')).status).toBe(200)
})
