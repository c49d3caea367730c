/** Who left, complained or bounced later, as it is kept beside the Events: what the Events come to, whatever came in what order. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRight, printRebuilt, rebuildCommand } from '../../src/commands/rebuild.js'
import type { Db } from '../../src/db/db.js'
import { wholeText } from '../../src/db/migrations/0009-whole-text.js'
import { aftermath } from '../../src/db/migrations/0010-aftermath.js'
import { insertEvents, type NewEvent } from '../../src/event/event.js'
import { readComingBack } from '../../src/report/coming-back.js'
import { type Left, readLeft } from '../../src/report/left.js'
import { openTestDb } from '../rig/database.js'
import { explain, questionsOf } from '../rig/questions.js'
import { seededRandom } from '../rig/random.js'
import { subscriberIdOf } from '../rig/rows.js'
import { beforeWholeText, withoutAftermath } from '../rig/schema.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const NOW = Date.UTC(2026, 2, 1, 8)
const PEOPLE = ['alice', 'bob', 'charlie', 'dora']

let db: Db
let sends: readonly SeededSend[]

beforeEach(async () => {
  db = await openTestDb()
  const deliveries = PEOPLE.map((who) => ({ who }))
  const seed = { state: 'finished', now: NOW, deliveries } as const
  sends = [
    await seedSend(db.query, { ...seed, issue: { slug: '2026-03-01-cranes' } }),
    await seedSend(db.query, { ...seed, issue: { slug: '2026-03-08-tides' } }),
  ]
})

afterEach(() => db.close())

const idOf = (send: SeededSend | undefined, who: string) => send?.deliveries[who] ?? 0

type Act = Pick<NewEvent, 'kind' | 'detail'>

/** What may come of a Message: by a Delivery, or of its person and List alone. */
const ACTS: readonly Act[] = [
  { kind: 'unsubscribed', detail: { how: 'page' } },
  { kind: 'complained', detail: { how: 'report', type: 'abuse' } },
  { kind: 'complained', detail: { how: 'report', type: 'opt-out' } },
  { kind: 'bounced', detail: { how: 'reply' } },
  ...['hard', 'soft', 'policy', 'content'].map((fault) => ({
    kind: 'bounced' as const,
    detail: { how: 'report', fault },
  })),
]
const RETURNS: readonly Act[] = [
  { kind: 'restored', detail: {} },
  { kind: 'restored', detail: {} },
  { kind: 'subscribed', detail: {} },
  { kind: 'unsubscribed', detail: { how: 'preferences' } },
]

async function happen(send: SeededSend, who: string, act: Act, isByDelivery: boolean): Promise<void> {
  const subscriberId = await subscriberIdOf(db, who)
  const by = isByDelivery ? { sendId: send.sendId, deliveryId: idOf(send, who) } : {}
  await insertEvents(db.query, [{ ...act, at: NOW, subscriberId, listId: send.listId, ...by }])
}

async function become(deliveryId: number, state: 'sent' | 'bounced' | 'uncertain'): Promise<void> {
  await db.query.updateTable('delivery').set({ state }).where('id', '=', deliveryId).execute()
}

/** The plain way, one Delivery after the other. */
async function plainLeft(send: SeededSend): Promise<Left> {
  const events = await db.query.selectFrom('event').selectAll().orderBy('id').execute()
  const left = { unsubscribes: 0, complaints: 0, bouncedLater: { hard: 0, soft: 0, other: 0 } }
  for (const who of PEOPLE) {
    const { state } = await db.query
      .selectFrom('delivery')
      .select('state')
      .where('id', '=', idOf(send, who))
      .executeTakeFirstOrThrow()
    const own = events
      .filter((event) => event.delivery_id === idOf(send, who))
      .map((event) => ({ ...event, detail: JSON.parse(event.detail) }))
    const isTakenBack = (id: number, subscriberId: number | null) =>
      events.find(
        (next) =>
          next.id > id &&
          next.subscriber_id === subscriberId &&
          ['unsubscribed', 'restored'].includes(next.kind),
      )?.kind === 'restored'
    const hasLeft = own.some(
      ({ id, kind, subscriber_id, detail }) =>
        (kind === 'unsubscribed' && !isTakenBack(id, subscriber_id)) || detail.type === 'opt-out',
    )
    if (hasLeft) left.unsubscribes += 1
    if (own.some(({ detail }) => detail.type === 'abuse')) left.complaints += 1
    const faults = own.filter(({ kind }) => kind === 'bounced').map(({ detail }) => detail.fault)
    if (state === 'bounced') continue
    if (faults.includes('hard')) left.bouncedLater.hard += 1
    else if (faults.includes('soft')) left.bouncedLater.soft += 1
    else if (faults.some((fault) => fault !== undefined)) left.bouncedLater.other += 1
  }
  return left
}

test.each([1, 2, 3])('what is kept is what the Events come to, in any order (seed %i)', async (seed) => {
  const { next, pick } = seededRandom(seed)
  for (let step = 0; step < 60; step++) {
    const send = pick(sends)
    const who = pick(PEOPLE)
    const chance = next()
    if (chance < 0.15) await become(idOf(send, who), pick(['sent', 'bounced', 'uncertain'] as const))
    else if (chance < 0.4) await happen(send, who, pick(RETURNS), false)
    else await happen(send, who, pick(ACTS), true)

    for (const one of sends) expect(await readLeft(db.query, one.sendId)).toEqual(await plainLeft(one))
  }

  const [one, other] = await rebuildCommand(null, { query: db.query, now: () => NOW, onPage: () => {} })
  expect([one, other].every((rebuilt) => rebuilt && isRight(rebuilt))).toBe(true)
})

test('a database of before has it, too', async () => {
  for (const [at, act] of ACTS.entries())
    for (const who of PEOPLE.slice(at % 3)) await happen(sends[at % 2] as SeededSend, who, act, true)
  const [first] = sends as [SeededSend]
  await happen(first, 'alice', { kind: 'restored', detail: {} }, false)
  await become(idOf(first, 'dora'), 'bounced')
  const kept = await db.query.selectFrom('aftermath').selectAll().orderBy('delivery_id').execute()
  expect(kept.length).toBeGreaterThan(5)

  await withoutAftermath(db.query)
  for (const statement of aftermath(db.engine)) await sql.raw(statement).execute(db.query)

  const rows = await db.query.selectFrom('aftermath').selectAll().orderBy('delivery_id').execute()
  expect(rows).toEqual(kept)
})

test('what an older version has cut in the middle of a character is mended, and counted', async () => {
  const [send] = sends as [SeededSend]
  const broken = JSON.stringify({
    how: 'report',
    fault: 'hard',
    text: `C:\\ud83d ${'\u{1f600}'.slice(0, 1)}${'\u{1f600}'.slice(0, 1)} \0!`,
  })
  await beforeWholeText(db.query)
  await db.query
    .insertInto('event')
    .values({
      kind: 'bounced',
      at: NOW,
      send_id: send.sendId,
      delivery_id: idOf(send, 'bob'),
      detail: broken,
    })
    .execute()
  await db.query
    .insertInto('feedback')
    .values({ digest: 'x', source: 'smtp', verdict: 'unverified', detail: broken, at: NOW })
    .execute()

  for (const statement of [...wholeText(db.engine), ...aftermath(db.engine)])
    await sql.raw(statement).execute(db.query)

  expect((await readLeft(db.query, send.sendId)).bouncedLater.hard).toBe(1)
  const { ofNobody } = await readComingBack({ query: db.query, now: () => NOW })
  expect(ofNobody[0]?.said).toContain('C:\\ud83d ')
})

test('a report that is cut in the middle of a character is counted as any other', async () => {
  const [send] = sends as [SeededSend]

  await happen(
    send,
    'bob',
    { kind: 'bounced', detail: { how: 'report', fault: 'hard', text: 'full \ud83d\0' } },
    true,
  )

  expect((await readLeft(db.query, send.sendId)).bouncedLater.hard).toBe(1)
})

test('one that is wrong is found by a rebuild, and right from then on', async () => {
  const [send] = sends as [SeededSend]
  await happen(send, 'alice', { kind: 'unsubscribed', detail: { how: 'page' } }, true)
  await db.query.updateTable('aftermath').set({ has_left: 0, fault: 1 }).execute()

  const again = () => rebuildCommand(send.sendId, { query: db.query, now: () => NOW, onPage: () => {} })
  const wrong = await again()

  expect(printRebuilt(wrong)).toContain('1 delivery had another aftermath; now right')
  expect(wrong.every(isRight)).toBe(false)
  expect(await readLeft(db.query, send.sendId)).toMatchObject({ unsubscribes: 1, bouncedLater: { hard: 0 } })
  expect((await again()).every(isRight)).toBe(true)
})

test('a Report reads none of the Events', async () => {
  const [send] = sends as [SeededSend]

  const asked = await questionsOf(db.query, (query) => readLeft(query, send.sendId))

  expect(asked).toHaveLength(1)
  if (db.engine === 'postgres') return
  const steps = (await Promise.all(asked.map((node) => explain(db.query, node)))).flat()
  expect(steps.some((step) => step.includes('COVERING INDEX aftermath_send (send_id=?)'))).toBe(true)
  expect(steps.some((step) => step.includes('event'))).toBe(false)
})
