/** Opens over real HTTP: what the pixel answers, and what is kept of who asked for it. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { ingestOnce } from '../../src/event/ingest.js'
import { leaveOf, pixelOf } from '../rig/links.js'
import { eventsIn, hitsIn } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { openWebPlace, SAFARI, type WebPlace } from '../rig/web-place.js'

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: 1_000_000 })
})

afterEach(() => web.close())

test('V56: opens by proxies and by HEAD are kept raw, and told apart', async () => {
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }, { who: 'grace' }],
  })
  const gmail = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)'

  await web.ask(pixelOf(deliveries.dora), { agent: 'Mozilla/5.0' })
  for (let i = 0; i < 30; i++) await web.ask(pixelOf(deliveries.alice), { agent: gmail })
  await web.ask(pixelOf(deliveries.grace), { method: 'HEAD' })
  expect(await ingestOnce(web)).toBe(32)

  const rows = await web.db.query
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
  const events = await eventsIn(web.db)
  expect(events).toHaveLength(31)
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['opened']))
})

test('behind a proxy of ours a Hit bears the network of the reader, not the proxy’s or one that the reader made up', async () => {
  const { deliveries } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })

  await web.ask(pixelOf(deliveries.alice), { headers: { 'x-forwarded-for': '198.51.100.9, 203.0.113.77' } })
  await web.ask(pixelOf(deliveries.alice), { headers: { 'x-forwarded-for': '2001:db8:7:1::2' } })
  await web.ask(pixelOf(deliveries.alice), { headers: { 'x-forwarded-for': 'unknown' } })

  const networks = (await hitsIn(web.db)).map(({ network }) => network)
  expect(networks).toEqual(['203.0.113.0/24', '2001:db8:7::/48', '127.0.0.0/24'])
})

test('the pixel answers the same whatever is asked, and keeps only what a good Token asks', async () => {
  const { deliveries } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })
  const bytes = async (path: string) => Buffer.from(await (await web.ask(path)).arrayBuffer()).toString('hex')

  const good = await web.ask(pixelOf(deliveries.alice), {
    headers: { 'accept-language': 'de', referer: 'https://mail.example.com/alice/inbox' },
  })

  expect(good.headers.get('content-type')).toBe('image/gif')
  expect(good.headers.get('cache-control')).toBe('no-store, private')
  const gif = Buffer.from(await good.arrayBuffer()).toString('hex')
  for (const path of [
    '/o/x.gif',
    `${pixelOf(deliveries.alice)}.gif`,
    '/o/%ff',
    leaveOf(1).replace('/u/', '/o/'),
  ])
    expect(await bytes(path)).toBe(gif)
  const [hit, ...others] = await hitsIn(web.db)
  expect(others).toEqual([])
  expect(hit).toMatchObject({
    kind: 'open',
    delivery_id: deliveries.alice,
    method: 'GET',
    user_agent: SAFARI,
    network: '127.0.0.0/24',
    at: web.time,
  })
  expect(JSON.parse(hit?.headers ?? '')).toMatchObject({
    'accept-language': 'de',
    referer: 'https://mail.example.com',
  })
})
