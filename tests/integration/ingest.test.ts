/** Hits become Events: each Hit kept once, one Event a Hit. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { ingestOnce } from '../../src/event/ingest.js'
import { clickOf, pixelOf } from '../rig/links.js'
import { eventsIn, hitsIn } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { openWebPlace, type WebPlace } from '../rig/web-place.js'

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: 1_000_000 })
})

afterEach(() => web.close())

test('form Hits that arrive together are each kept once and get the id of their own row', async () => {
  const requester = { method: 'GET', userAgent: '', network: '', headers: {} }

  const ids = await Promise.all(
    Array.from({ length: 3_000 }, (_, link) =>
      web.hits.record({ kind: 'form', deliveryId: 1 + (link % 20), link, ...requester }),
    ),
  )

  const rows = await hitsIn(web.db)
  expect(rows).toHaveLength(3_000)
  expect(rows.map(({ link }) => ids[link ?? -1])).toEqual(rows.map(({ id }) => id))
})

test('a Hit becomes one Event, however often and from however many processes it is read', async () => {
  const { deliveries, sendId, listId } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: [{ url: 'https://example.org/a' }],
  })
  await web.ask(pixelOf(deliveries.alice))
  await web.ask(clickOf(deliveries.alice, 0))

  await Promise.all([ingestOnce(web), ingestOnce(web), ingestOnce(web)])
  await ingestOnce(web)

  const rows = await hitsIn(web.db)
  expect(await eventsIn(web.db)).toMatchObject([
    { kind: 'opened', send_id: sendId, list_id: listId, hit_id: rows[0]?.id, link: null, at: web.time },
    { kind: 'clicked', send_id: sendId, delivery_id: deliveries.alice, hit_id: rows[1]?.id, link: 0 },
  ])
})

test('what is asked of a Delivery that is gone is kept, and is about nobody', async () => {
  await web.ask(pixelOf(4_000))

  expect(await ingestOnce(web)).toBe(1)
  expect(await hitsIn(web.db)).toHaveLength(1)
  expect(await eventsIn(web.db)).toEqual([])
})

test('a pass ends where it began to look, whatever comes in meanwhile', async () => {
  const { deliveries } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })
  await web.ask(pixelOf(deliveries.alice))
  let late = 0
  // A form is filed as it comes in, so that a pass could go on with it.
  const query = web.db.query.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      if (result.rows.some((row) => 'state' in row) && late < 20) {
        late += 1
        await web.hits.record({
          kind: 'form',
          deliveryId: 4_000 + late,
          link: null,
          method: 'POST',
          userAgent: '',
          network: '',
          headers: {},
        })
      }
      return result
    },
  })

  expect(await ingestOnce({ db: { query }, now: web.now })).toBe(1)
  expect(late).toBeGreaterThan(0)
  expect(await ingestOnce(web)).toBe(late)
})
