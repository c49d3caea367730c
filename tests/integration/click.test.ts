/** Clicks over real HTTP: where a Link leads, and that nothing in the request leads anywhere else. */

import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { erase } from '../../src/track/erase.js'
import { openTargets } from '../../src/web/track/targets.js'
import { clickOf, pixelOf } from '../rig/links.js'
import { hitsIn } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { KEYS, openWebPlace, type WebPlace } from '../rig/web-place.js'

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: 1_000_000 })
})

afterEach(() => web.close())

/** As bytes, which no client has made tidy. */
async function askRaw(
  target: string,
  headers = '',
  body = '',
): Promise<{ readonly status: number; readonly location: string | null }> {
  const { hostname, port } = new URL(web.url)
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

test('V55: a click leads to a stored Link of that Send, whatever else the request says, or to 404', async () => {
  const one = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a?x=1&y=2#z' }, { url: 'https://example.org/b' }],
  })
  const other = await seedSend(web.db.query, {
    deliveries: [{ who: 'dora' }],
    links: [{ url: 'https://example.net/other' }],
    issue: { slug: '2026-03-15-tides' },
  })

  const first = await web.ask(clickOf(one.deliveries.alice, 0))
  expect(first.status).toBe(302)
  expect(first.headers.get('location')).toBe('https://example.org/a?x=1&y=2#z')
  expect(first.headers.get('cache-control')).toContain('no-store')
  expect(first.headers.get('referrer-policy')).toBe('no-referrer')
  const changedIndex = await web.ask(clickOf(one.deliveries.alice, 1))
  expect(changedIndex.headers.get('location')).toBe('https://example.org/b')
  const withTarget = await web.ask(
    `${clickOf(other.deliveries.dora, 0)}?url=https://evil.example&u=//evil.example`,
  )
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
    const answer = await web.ask(clickOf(one.deliveries.alice, index))
    expect([index, answer.status, answer.headers.get('location')]).toEqual([index, 404, null])
  }
  expect((await web.ask(clickOf(other.deliveries.dora, 1))).status).toBe(404)
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
    const target = await askRaw(`${clickOf(one.deliveries.alice, '')}${rest}`)
    // Bytes that belong in no address are refused before anyone looks at the path.
    expect([rest, [400, 404].includes(target.status), target.location]).toEqual([rest, true, null])
  }
  for (const path of [
    `/${clickOf(one.deliveries.alice, 0)}`,
    `/.${clickOf(one.deliveries.alice, 0)}/../0/..`,
    clickOf(one.deliveries.alice, 0).replace('/c/', '/C/'),
    clickOf(one.deliveries.alice, 0).replace('/c/', '/c//'),
  ]) {
    const target = await askRaw(path)
    expect([path, [400, 404].includes(target.status), target.location]).toEqual([path, true, null])
  }
  expect((await hitsIn(web.db)).map(({ kind, delivery_id, link }) => ({ kind, delivery_id, link }))).toEqual([
    { kind: 'click', delivery_id: one.deliveries.alice, link: 0 },
    { kind: 'click', delivery_id: one.deliveries.alice, link: 1 },
    { kind: 'click', delivery_id: other.deliveries.dora, link: 0 },
  ])
})

test('V55: the long form of a request is judged like the short one, and so is one with a body', async () => {
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  const path = clickOf(deliveries.alice, 0)

  const long = await askRaw(`http://evil.example${path}?url=https://evil.example`)
  const withBody = await askRaw(path, 'Content-Length: 2\r\n', '{}')
  const foreign = await askRaw(`http://evil.example${clickOf(deliveries.alice, 1)}`)

  const found = { status: 302, location: 'https://example.org/a' }
  expect([long, withBody, foreign]).toEqual([found, found, { status: 404, location: null }])
  expect(await hitsIn(web.db)).toHaveLength(2)
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
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: urls.map((url) => ({ url })),
  })

  const answers = await Promise.all(urls.map((_, index) => askRaw(clickOf(deliveries.alice, index))))

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
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }],
    links: [{ url: 'https://example.org/a' }],
    state: 'finished',
  })
  const { subscriber_id } = await web.db.query
    .selectFrom('delivery')
    .select('subscriber_id')
    .where('id', '=', deliveries.alice ?? 0)
    .executeTakeFirstOrThrow()
  await erase(web.db, { subscriberId: subscriber_id, how: 'command', keys: KEYS, now: web.time })
  web.time += 10 * 365 * 86_400_000

  expect((await web.ask(clickOf(deliveries.alice, 0))).headers.get('location')).toBe('https://example.org/a')
  expect((await web.ask(pixelOf(deliveries.alice))).status).toBe(200)
})

test('a Delivery that is made while its neighbours are being read is found all the same', async () => {
  const first = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  await web.ask(clickOf(first.deliveries.alice, 0))

  const second = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }],
    links: [{ url: 'https://example.org/second' }],
    issue: { slug: '2026-03-15-tides' },
  })

  expect((await web.ask(clickOf(second.deliveries.dora, 0))).headers.get('location')).toBe(
    'https://example.org/second',
  )
  expect((await web.ask(clickOf(first.deliveries.alice, 0))).headers.get('location')).toBe(
    'https://example.org/a',
  )
})

test('where a Link leads is asked of the database once, and then known at once', async () => {
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }],
    links: [{ url: 'https://example.org/a' }],
  })
  const targets = openTargets(web.db.query)
  const first = await targets.ofDelivery(deliveries.alice ?? 0)

  const known = targets.ofDelivery(deliveries.dora ?? 0)

  expect(known).not.toBeInstanceOf(Promise)
  expect(known).toBe(first)
  expect(await targets.ofDelivery(999_999)).toBeNull()
})

test('a Link with letters beyond ASCII is redirected to as browsers write it', async () => {
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://bücher.example/straße?q=港' }],
  })

  const answer = await web.ask(clickOf(deliveries.alice, 0))

  expect(answer.headers.get('location')).toBe('https://xn--bcher-kva.example/stra%C3%9Fe?q=%E6%B8%AF')
})
