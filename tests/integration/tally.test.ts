/** Tally: what a settled Send comes to is counted once, and a late reply makes it stale, never wrong. */

import type { KyselyPlugin } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db, Query } from '../../src/db/db.js'
import type { DeliveryState, SendState } from '../../src/db/schema.js'
import { transact } from '../../src/db/transact.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { readReport } from '../../src/report/report.js'
import { readTally, recountTally, sendsToTally } from '../../src/report/settled.js'
import { countTally } from '../../src/report/tally.js'
import { scrub } from '../../src/track/scrub.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const started = Date.parse('2026-03-01T08:00:00Z')
const now = () => started + 86_400_000
const html = [{ kind: 'choice', name: 'city', present: ['here'], absent: ['there'] }] as const

let db: Db

beforeEach(async () => {
  db = await openTestDb()
})

afterEach(() => db.close())

interface Person {
  readonly who: string
  readonly domain?: string
  readonly lane?: string
  readonly state?: DeliveryState
  readonly city?: string
  /** Outcomes of the Attempts, a minute apart. */
  readonly attempts?: readonly string[]
}

async function seedPeople(
  people: readonly Person[],
  {
    state = 'finished',
    slug = '2026-03-01-cranes',
  }: { readonly state?: SendState; readonly slug?: string } = {},
) {
  const seeded = await seedSend(db.query, { deliveries: people, state, issue: { slug, html }, now: started })
  for (const { who, domain = 'example.com', lane = 'other', city = '', attempts = ['sent'] } of people) {
    const id = seeded.deliveries[who] ?? 0
    await transact(db.query, 'seed', async (trx) => {
      await trx
        .updateTable('delivery')
        .set({ address: `${who}@${domain}`, attributes: JSON.stringify({ city }) })
        .where('id', '=', id)
        .execute()
      // A lane is set at freeze and never again.
      await trx
        .updateTable('delivery')
        .set({ lane } as object)
        .where('id', '=', id)
        .execute()
    })
    for (const [at, outcome] of attempts.entries())
      await db.query
        .insertInto('attempt')
        .values({
          delivery_id: id,
          number: at + 1,
          send_id: seeded.sendId,
          relay: 'main',
          fence: 1,
          owner: 'test',
          intended_at: started + at * 60_000,
          outcome,
          replied_at: started + at * 60_000 + 500,
        })
        .execute()
  }
  return seeded
}

function lateReply(query: Query, deliveryId: number): Promise<unknown> {
  return query.updateTable('delivery').set({ state: 'sent' }).where('id', '=', deliveryId).execute()
}

test('lanes, domains, deferrals, speed and passages add up to the audience', async () => {
  const { sendId } = await seedPeople([
    { who: 'alice', lane: 'gmail', domain: 'gmail.example', city: 'Kyōto' },
    {
      who: 'bob',
      lane: 'gmail',
      domain: 'gmail.example',
      state: 'bounced',
      attempts: ['deferred', 'bounced'],
    },
    { who: 'dora', attempts: ['deferred', 'deferred', 'sent'], city: ' \t' },
    ...Array.from({ length: 25 }, (_, at) => ({ who: `reader${at}`, domain: `d${at}.example` })),
  ])

  const { lanes, domains, passages, sentOverTime, settled, audience, tracking } = await readReport(
    db.query,
    sendId,
  )

  expect(settled).toBe(true)
  expect(audience).toBe(28)
  expect(lanes).toMatchObject([
    { lane: 'other', audience: 26, deferrals: 2, states: { sent: 26 } },
    { lane: 'gmail', audience: 2, deferrals: 1, states: { sent: 1, bounced: 1 } },
  ])
  expect(domains).toHaveLength(21)
  expect(domains[0]).toMatchObject({ domain: 'gmail.example', audience: 2, deferrals: 1 })
  expect(domains.at(-1)).toMatchObject({ domain: null, audience: 7 })
  expect(domains.reduce((sum, domain) => sum + domain.audience, 0)).toBe(28)
  expect(sentOverTime).toMatchObject([
    { at: '2026-03-01T08:00:00.000Z', spanMs: 60_000, sent: 26, deferred: 2 },
    { at: '2026-03-01T08:01:00.000Z', sent: 0, deferred: 1 },
    { at: '2026-03-01T08:02:00.000Z', sent: 1, deferred: 0 },
  ])
  expect(passages).toMatchObject([
    {
      index: 0,
      condition: 'subscriber.city',
      alternatives: [
        { is: 'present', deliveries: 1 },
        { is: 'absent', deliveries: 26 },
      ],
    },
  ])
  expect(tracking).toEqual({ opens: true, clicks: true, untracked: 0 })
})

test('what a small domain was clicked is under the others', async () => {
  const { sendId, deliveries } = await seedPeople([
    { who: 'alice', domain: 'large.example' },
    { who: 'carol', domain: 'large.example' },
    ...Array.from({ length: 20 }, (_, at) => ({
      who: `reader${at}`,
      domain: `d${String(at).padStart(2, '0')}.example`,
    })),
  ])
  for (const who of ['alice', 'reader0', 'reader19'])
    await db.query
      .insertInto('hit')
      .values({
        kind: 'open',
        delivery_id: deliveries[who] ?? 0,
        link: null,
        method: 'GET',
        user_agent: 'Thunderbird',
        network: '',
        headers: '{}',
        at: started + 3_600_000,
      })
      .execute()
  await ingestOnce({ db, now })

  const { domains, opens } = await readReport(db.query, sendId)

  const opened = (name: string | null) => domains.find(({ domain }) => domain === name)?.opens.person
  expect([opened('large.example'), opened('d00.example'), opened(null)]).toEqual([1, 1, 1])
  expect(opens.person).toBe(3)
})

test('a settled Send is counted once, and again after a late reply', async () => {
  const { sendId, deliveries } = await seedPeople([{ who: 'alice' }, { who: 'heidi', state: 'uncertain' }])
  expect(await sendsToTally(db.query)).toEqual([sendId])
  expect(await readReport(db.query, sendId)).toMatchObject({ sent: 1, uncertain: 1, settled: true })
  expect(await sendsToTally(db.query)).toEqual([])
  const kept = await db.query.selectFrom('tally').selectAll().execute()
  await readReport(db.query, sendId)
  expect(await db.query.selectFrom('tally').selectAll().execute()).toEqual(kept)

  await lateReply(db.query, deliveries.heidi ?? 0)

  expect(await sendsToTally(db.query)).toEqual([sendId])
  expect(await readReport(db.query, sendId)).toMatchObject({ sent: 2, uncertain: 0, settled: true })
})

test('a reply to somebody of whom a reader has shown that it arrived is counted, too', async () => {
  const { sendId, deliveries } = await seedPeople([
    { who: 'alice' },
    { who: 'heidi', attempts: ['uncertain'] },
  ])
  expect((await readReport(db.query, sendId)).sentOverTime).toMatchObject([{ sent: 1 }])

  await db.query
    .updateTable('attempt')
    .set({ outcome: 'sent', code: 250, replied_at: started + 600 })
    .where('delivery_id', '=', deliveries.heidi ?? 0)
    .execute()

  expect((await readReport(db.query, sendId)).sentOverTime).toMatchObject([{ sent: 2 }])
  expect(await recountTally(db.query, sendId)).toBe(false)
})

test('a late reply at any moment of the count makes it stale, never wrong', async () => {
  // Counting asks a handful of questions; the reply comes after each of them once.
  for (let question = 1; question <= 12; question++) {
    const slug = `2026-03-01-question-${question}`
    const people = [{ who: 'alice' }, { who: `heidi${question}`, state: 'uncertain' as const }]
    const { sendId, hash, deliveries } = await seedPeople(people, { slug })
    let asked = 0
    const interrupting: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        asked += 1
        if (asked === question) await lateReply(db.query, deliveries[`heidi${question}`] ?? 0)
        return result
      },
    }

    await readTally(db.query.withPlugin(interrupting), sendId)

    const { tally } = await readTally(db.query, sendId)
    expect(tally).toEqual(asked < question ? expect.anything() : await countTally(db.query, sendId, hash))
    expect(tally.states.sent).toBe(asked < question ? 1 : 2)
  }
})

test('while somebody is still to be mailed nothing is kept, whatever the Send says of itself', async () => {
  const { sendId } = await seedPeople([{ who: 'alice' }, { who: 'erin', state: 'queued', attempts: [] }])

  expect(await readReport(db.query, sendId)).toMatchObject({ sent: 1, queued: 1, settled: false })

  expect(await db.query.selectFrom('tally').selectAll().execute()).toEqual([])
})

test('an erasure changes no number but those of domains, passages and the untracked', async () => {
  const { sendId } = await seedPeople([
    { who: 'alice', city: 'Kyōto', domain: 'alice.example' },
    { who: 'carol', domain: 'carol.example' },
  ])
  const before = await readReport(db.query, sendId)
  const alice = await db.query
    .selectFrom('subscriber')
    .select('id')
    .where('name', '=', 'alice')
    .executeTakeFirstOrThrow()

  await transact(db.query, 'erase', (trx) => scrub(trx, [alice.id]))

  const after = await readReport(db.query, sendId)
  expect(after.domains.map(({ domain, audience }) => [domain, audience])).toEqual([
    ['carol.example', 1],
    [null, 1],
  ])
  expect(after.passages[0]?.alternatives).toMatchObject([
    { is: 'present', deliveries: 0 },
    { is: 'absent', deliveries: 1 },
    { is: 'erased', deliveries: 1 },
  ])
  expect(after.tracking).toEqual({ ...before.tracking, untracked: 1 })
  const { tracking } = before
  expect({ ...after, tracking, domains: [], passages: [] }).toEqual({ ...before, domains: [], passages: [] })
})

test('a kept count that is wrong is found, and mended', async () => {
  const { sendId } = await seedPeople([{ who: 'alice' }])
  await readTally(db.query, sendId)
  expect(await recountTally(db.query, sendId)).toBe(false)
  const { content } = await db.query.selectFrom('tally').select('content').executeTakeFirstOrThrow()
  await db.query
    .updateTable('tally')
    .set({ content: content.replace('"sent":1', '"sent":7') })
    .execute()

  expect(await recountTally(db.query, sendId)).toBe(true)

  expect(await readReport(db.query, sendId)).toMatchObject({ sent: 1 })
})

test('earlier Sends to the same List stand beside it, the newest first', async () => {
  const first = await seedPeople([{ who: 'alice' }], { slug: '2026-02-01-first' })
  const second = await seedPeople([{ who: 'alice' }, { who: 'bob', state: 'bounced' }], {
    slug: '2026-02-15-second',
  })
  const { sendId } = await seedPeople([{ who: 'alice' }], { slug: '2026-03-01-third' })

  const { earlier } = await readReport(db.query, sendId)

  expect(earlier).toMatchObject([
    { send: second.sendId, issue: '2026-02-15-second', sent: 1, opened: 0, clicked: 0, unsubscribes: 0 },
    { send: first.sendId, issue: '2026-02-01-first', sent: 1 },
  ])
})

test.each([
  ['550 5.1.1 <bob@example.com> is not known', '550 5.1.1'],
  ['550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found', '550 5.1.10'],
  ['550 5.7.515 Access denied', '550 5.7.515'],
  ['550 5.1.1', '550 5.1.1'],
  ['550 No such user here', '550'],
  // Neither an address of a machine nor a name is a code.
  ['550 5.1.2.3 is on a list', '550'],
  ['550 b.ob.smith is gone', '550'],
  ['bob 5.1.1 is gone', '550'],
])('%s is counted under %s, and is that when its person is erased', async (reply_text, reason) => {
  const { sendId } = await seedPeople([{ who: 'bob', state: 'bounced' }])
  await db.query.updateTable('delivery').set({ reply_code: 550, reply_text }).execute()
  const reasons = async () => (await readReport(db.query, sendId)).reasons
  expect(await reasons()).toEqual([{ state: 'bounced', reason, count: 1 }])

  await transact(db.query, 'erase', (trx) => scrub(trx, [1]))

  expect(await reasons()).toEqual([{ state: 'bounced', reason, count: 1 }])
  const kept = await db.query.selectFrom('delivery').select('reply_text').executeTakeFirstOrThrow()
  expect(kept.reply_text).toBe(reason === '550' ? null : reason)
})
