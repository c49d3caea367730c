/** How much anyone may say, and how many mails a stranger can make us send by it. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashAddress } from '../../src/link/token.js'
import { suppress } from '../../src/track/suppress.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { type CommentPlace, formOf, openCommentPlace } from '../rig/comments.js'
import { commentsIn, noticesIn } from '../rig/rows.js'
import { KEYS } from '../rig/web-place.js'

const DAY_MS = 86_400_000

let web: CommentPlace

beforeEach(async () => {
  web = await openCommentPlace()
})

afterEach(() => web.close())

test('the same words sent twice are one comment and one mail; after a while another mail comes', async () => {
  const { deliveries } = await web.seed()
  const words = { name: 'Alice', text: 'Once.' }

  await Promise.all([web.say(formOf(deliveries.alice), words), web.say(formOf(deliveries.alice), words)])
  expect(await commentsIn(web.db)).toHaveLength(1)
  expect(await noticesIn(web.db)).toHaveLength(1)

  web.time += 900_000
  await web.say(formOf(deliveries.alice), words)

  expect(await commentsIn(web.db)).toHaveLength(1)
  expect(await noticesIn(web.db)).toHaveLength(2)
})

test('a stranger with a forwarded copy can make us send three mails a day, and no more', async () => {
  const { deliveries } = await web.seed()

  const answers = []
  for (let i = 0; i < 8; i++)
    answers.push(await web.say(formOf(deliveries.alice), { name: 'Mallory', text: `Spam ${i}` }))

  expect(await noticesIn(web.db)).toHaveLength(3)
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429, 429, 429, 429])
  expect(await answers.at(-1)?.text()).toContain('Spam 7</textarea>')
})

test('comments are capped by person and by network, until the day is over', async () => {
  const { deliveries } = await web.seed()
  await web.sayAndConfirm(deliveries.alice, { name: 'Alice', text: 'First.' })

  for (let i = 0; i < 15; i++) await web.say(formOf(deliveries.alice), { name: 'Alice', text: `More ${i}` })
  expect(await commentsIn(web.db)).toHaveLength(10)

  web.time += DAY_MS
  expect((await web.say(formOf(deliveries.alice), { name: 'Alice', text: 'Today.' })).status).toBe(200)
  expect(await commentsIn(web.db)).toHaveLength(11)

  // All of them come from one network here: thirty a day.
  const crowd = Array.from({ length: 40 }, (_, index) => ({ who: `reader${index}` }))
  const many = await web.seed({ deliveries: crowd, list: 'Crowd', issue: { slug: '2026-05-01-crowd' } })
  for (const { who } of crowd)
    await web.say(formOf(many.deliveries[who], '2026-05-01-crowd'), { name: who, text: 'Words' })
  expect(await commentsIn(web.db)).toHaveLength(11 + 29)
})

test('who has unsubscribed, and whom nothing may be mailed to, cannot comment for the first time', async () => {
  const { deliveries } = await web.seed()
  await unsubscribe(web.db, { deliveryId: deliveries.alice ?? 0, how: 'page', now: web.time })
  await suppress(web.db, {
    addressKey: 'dora@example.com',
    reason: 'by hand',
    by: 'command',
    keys: KEYS,
    now: web.time,
  })

  const left = await web.say(formOf(deliveries.alice), { name: 'Alice', text: 'Still here.' })
  const suppressed = await web.say(formOf(deliveries.dora), { name: 'Dora', text: 'Words' })

  expect(left.status).toBe(403)
  expect(await left.text()).toContain('Comments are for subscribers')
  expect(suppressed.status).toBe(200)
  expect(await commentsIn(web.db)).toEqual([])
  expect(await noticesIn(web.db)).toEqual([])
})

test('no address stands in the caps, and the page in the reader’s language', async () => {
  const { deliveries } = await web.seed()
  await web.say(formOf(deliveries.alice), { name: 'Alice', text: 'Words' })

  const caps = await web.db.query.selectFrom('cap').select('key').execute()
  expect(caps.length).toBeGreaterThanOrEqual(4)
  expect(JSON.stringify(caps)).not.toContain('alice')
  expect(JSON.stringify(caps)).not.toContain(hashAddress(KEYS, 'alice@example.com'))
  const german = await web.ask(formOf(deliveries.alice), { headers: { 'accept-language': 'de' } })
  expect(await german.text()).toContain('„Cranes stand still“ kommentieren')
  expect(await web.read(`${formOf(deliveries.alice)}?lang=fr`)).toContain('Commenter « Cranes')
})
