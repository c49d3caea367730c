/** Who is erased is tracked no more: their links lead on, nothing is kept of it, and what was counted before stays. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { ingestOnce } from '../../src/event/ingest.js'
import { readReport } from '../../src/report/report.js'
import { erase } from '../../src/track/erase.js'
import { eraseRest } from '../../src/track/erase-rest.js'
import { clickOf, pixelOf } from '../rig/links.js'
import { hitsIn, subscriberIdOf } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { KEYS, openWebPlace, type WebPlace } from '../rig/web-place.js'

const NOON = Date.UTC(2026, 0, 31, 12)

let web: WebPlace
beforeEach(async () => {
  web = await openWebPlace({ time: NOON })
})
afterEach(() => web.close())

const seed = () =>
  seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bob' }],
    links: [{ url: 'https://example.com/' }],
    state: 'finished',
  })

const followAll = async (id: number | undefined) => {
  const answers = []
  for (const path of [pixelOf(id), clickOf(id, 0), clickOf(id, 'x')]) answers.push(await web.ask(path))
  return answers.map(({ status }) => status)
}

async function forget(who: string) {
  const subscriberId = await subscriberIdOf(web.db, who)
  return erase(web.db, { subscriberId, how: 'command', keys: KEYS, now: web.time })
}

const finishErasures = () => eraseRest({ query: web.db.query, now: web.now, wireTimeoutMs: 1_000 })

test('by a link of an old message', async () => {
  const { sendId, deliveries } = await seed()
  const { alice, bob } = deliveries
  await followAll(alice)
  await ingestOnce(web)
  const before = await readReport(web.db.query, sendId)
  await forget('alice')
  const kept = await hitsIn(web.db)

  expect(await followAll(alice)).toEqual([200, 302, 302])

  expect(await hitsIn(web.db)).toEqual(kept)
  expect(kept.map(({ network, user_agent }) => network + user_agent)).toEqual(['', '', ''])
  expect(await web.db.query.selectFrom('surplus').selectAll().execute()).toEqual([])
  await ingestOnce(web)
  const after = await readReport(web.db.query, sendId)
  expect([after.opens, after.clicks]).toEqual([before.opens, before.clicks])
  expect(after.tracking.untracked).toBe(1)

  await followAll(bob)
  expect((await hitsIn(web.db)).slice(kept.length)).toMatchObject([
    { kind: 'open', delivery_id: bob },
    { kind: 'click', delivery_id: bob },
    { kind: 'trap', delivery_id: bob },
  ])
})

test('at the moment of the erasure: what came before it is known of nobody', async () => {
  const { alice } = (await seed()).deliveries

  await Promise.all([...Array.from({ length: 10 }, () => followAll(alice)), forget('alice')])
  await finishErasures()

  const kept = await hitsIn(web.db)
  expect(kept.filter(({ network, user_agent }) => network + user_agent !== '')).toEqual([])
  expect(await followAll(alice)).toEqual([200, 302, 302])
  expect(await hitsIn(web.db)).toEqual(kept)
})

test('nor where the rest of it came later than a Delivery of theirs', async () => {
  const { alice } = (await seed()).deliveries
  await forget('alice')
  await web.db.query.updateTable('delivery').set({ is_untracked: 0 }).execute()

  await finishErasures()

  await followAll(alice)
  expect(await hitsIn(web.db)).toEqual([])
})
