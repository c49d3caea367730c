/** When what came back of a Send pauses it: one that goes to few people is guarded, and a handful cannot stop one that goes to many. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { resumeSend } from '../../src/send/life.js'
import { guardSend, readComplaintRate } from '../../src/track/feedback/guard-send.js'
import { openTestDb } from '../rig/database.js'
import { about, bounced, complained, idOf, isSuppressed, NOW, readReasons, take } from '../rig/feedback.js'
import { people } from '../rig/people.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

/** To so many more; in these states, which the Send has come to by now. */
async function addCrowd(
  { sendId }: SeededSend,
  {
    count,
    lane,
    state,
  }: { readonly count: number; readonly lane: string; readonly state: 'sent' | 'queued' | 'excluded' },
): Promise<void> {
  await sql`
    insert into delivery (send_id, issue_id, subscriber_id, subscription_id, lane, copy, address, address_key, name,
      attributes, state, attempt, changed_at)
    with recursive crowd (i) as (select 1 union all select i + 1 from crowd where i < ${count})
    select send_id, issue_id, 1000000 * (select max(id) + 1 from delivery) + i, i, ${lane}, copy, 'x', null, '', '{}', ${state},
      ${state === 'sent' ? 1 : 0}, changed_at
    from crowd cross join (select * from delivery where send_id = ${sendId} order by id limit 1) as one`.execute(
    db.query,
  )
}

const REFUSED = bounced({
  fault: 'policy',
  status: '5.7.26',
  text: '550 5.7.26 <x@example.com> unauthenticated',
})

/** Five whom one and the same stranger has signed up, with the Tokens of their own messages. */
const FIVE = people(5)

async function seedFive(): Promise<SeededSend> {
  return seedSend(db.query, { deliveries: FIVE.map((who) => ({ who })) })
}

/** 1,000 people, of whom so many complain. */
async function complaints(count: number, people = 1_000): Promise<SeededSend> {
  const deliveries = Array.from({ length: people }, (_, index) => ({ who: `reader${index}` }))
  const send = await seedSend(db.query, { deliveries })
  for (let index = 0; index < count; index++)
    await take(db, about(idOf(send, `reader${index}`), [complained()]))
  return send
}

test('three of a thousand pause the Send, and a resume goes on until there are others', async () => {
  const { sendId, ...send } = await complaints(3)

  const stopped = await guardSend(db.query, sendId)

  expect(stopped?.reason).toBe(
    `3 of 1,000 readers reported it as spam (0.3 %, and from 0.3 % on providers turn away all that we send); look at whom it goes to and how they came on the list, then pressrun resume ${sendId}`,
  )
  expect(await guardSend(db.query, sendId)).toBeNull()
  await resumeSend(sendId, { query: db.query, now: () => NOW + 1 })
  expect(await guardSend(db.query, sendId)).toBeNull()
  for (const index of [3, 4, 5])
    await take(db, about(idOf({ sendId, ...send }, `reader${index}`), [complained()]), {
      now: Date.now() + 1_000,
    })
  expect(await guardSend(db.query, sendId)).toMatchObject({ sendId })
})

test('two are too few to say, and so is a small Send; 0.1 % is a warning', async () => {
  const { sendId } = await complaints(2)
  expect(await guardSend(db.query, sendId)).toBeNull()
  expect(await readComplaintRate(db.query, sendId)).toMatchObject({
    complaints: 2,
    rate: null,
    level: 'fine',
  })
})

test('of ninety-nine nobody can say', async () => {
  const { sendId } = await complaints(5, 99)

  expect(await guardSend(db.query, sendId)).toBeNull()
  expect(await readComplaintRate(db.query, sendId)).toMatchObject({ complaints: 5, rate: null })
})

test('whoever unsubscribes by way of a provider is let go, and has not called it spam', async () => {
  const deliveries = Array.from({ length: 200 }, (_, index) => ({ who: `reader${index}` }))
  const send = await seedSend(db.query, { deliveries })
  for (let index = 0; index < 5; index++)
    await take(
      db,
      about(idOf(send, `reader${index}`), [{ kind: 'complained', type: 'opt-out', recipient: null }]),
    )

  expect(await guardSend(db.query, send.sendId)).toBeNull()
  expect(await readComplaintRate(db.query, send.sendId)).toMatchObject({ complaints: 0, level: 'fine' })
  expect(await isSuppressed(db, 'reader0')).toBe(true)
})

test('0.1 % is told, and pauses nothing', async () => {
  const { sendId } = await complaints(3, 2_000)

  expect(await guardSend(db.query, sendId)).toBeNull()
  expect(await readComplaintRate(db.query, sendId)).toEqual({
    complaints: 3,
    sent: 2_000,
    rate: 0.0015,
    level: 'warn',
  })
})

test('policy bounces of one lane pause the Send; a handful of a large one do not', async () => {
  const deliveries = Array.from({ length: 400 }, (_, index) => ({ who: `reader${index}` }))
  const send = await seedSend(db.query, { deliveries })
  const refused = bounced({
    fault: 'policy',
    status: '5.7.26',
    text: '550 5.7.26 <x@example.com> unauthenticated',
  })
  for (let index = 0; index < 4; index++) await take(db, about(idOf(send, `reader${index}`), [refused]))
  expect(await guardSend(db.query, send.sendId)).toBeNull()

  await take(db, about(idOf(send, 'reader4'), [refused]))

  expect((await guardSend(db.query, send.sendId))?.reason).toMatch(
    /^5 messages of the lane other came back: refused by policy \(“550 5\.7\.26 <…> unauthenticated”\); mend .* pressrun resume \d+$/,
  )
  expect(await readReasons(db)).toEqual([])
})

test('five who got the first messages of 100,000 cannot stop it for the others, whatever they report', async () => {
  const send = await seedFive()
  await addCrowd(send, { count: 300, lane: 'other', state: 'sent' })
  await addCrowd(send, { count: 100_000, lane: 'gmail', state: 'queued' })
  const content = bounced({ fault: 'content', status: '5.6.0' })

  for (const claim of [REFUSED, content, complained()]) {
    for (const who of FIVE) await take(db, about(idOf(send, who), [claim]))
    expect(await guardSend(db.query, send.sendId)).toBeNull()
  }

  // Nor if they are all there is of a lane.
  await sql`update delivery set lane = 'yahoo' where address like 'reader%'`.execute(db.query)
  expect(await guardSend(db.query, send.sendId)).toBeNull()
})

test('a provider that refuses a thousandth of 100,000 stops it, however little of it has gone out', async () => {
  const refusing = people(100)
  const send = await seedSend(db.query, { deliveries: refusing.map((who) => ({ who })) })
  await addCrowd(send, { count: 99_900, lane: 'gmail', state: 'queued' })
  for (const who of refusing.slice(1)) await take(db, about(idOf(send, who), [REFUSED]))
  expect(await guardSend(db.query, send.sendId)).toBeNull()

  await take(db, about(idOf(send, 'reader0'), [REFUSED]))

  expect((await guardSend(db.query, send.sendId))?.reason).toMatch(
    /^100 messages of the lane other came back/,
  )
})

test('a hundred are no handful: they stop a Send to 250,000 as they stop one to 100,000', async () => {
  const send = await seedSend(db.query, { deliveries: people(100).map((who) => ({ who })) })
  await addCrowd(send, { count: 900, lane: 'other', state: 'sent' })
  await addCrowd(send, { count: 249_000, lane: 'gmail', state: 'queued' })
  for (const who of people(99)) await take(db, about(idOf(send, who), [complained()]))
  expect(await guardSend(db.query, send.sendId)).toBeNull()

  await take(db, about(idOf(send, 'reader99'), [complained()]))

  expect((await guardSend(db.query, send.sendId))?.reason).toMatch(
    /^100 of 1,000 readers reported it as spam/,
  )
})

test('who is left out of a Send makes it no larger', async () => {
  const send = await seedFive()
  await addCrowd(send, { count: 295, lane: 'other', state: 'sent' })
  await addCrowd(send, { count: 99_700, lane: 'other', state: 'excluded' })

  for (const who of FIVE) await take(db, about(idOf(send, who), [REFUSED]))

  expect(await guardSend(db.query, send.sendId)).toMatchObject({ sendId: send.sendId })
})
