/** What reports do to a Send: pause it, settle it, or, when they are forged, nothing. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { honourReaders } from '../../src/send/evidence.js'
import { findSend } from '../../src/send/send.js'
import { tidyFeedback } from '../../src/track/feedback/tidy.js'
import { bounceBytes, namesOf } from '../rig/bounce-corpus.js'
import { type BouncePlace, openBouncePlace, RULES, SECRET } from '../rig/bounces.js'
import { dumpTables } from '../rig/dump.js'
import { forgeBounces } from '../rig/forged-bounces.js'
import { seedSend } from '../rig/seed.js'
import { talkSmtp } from '../rig/smtp-talk.js'

let place: BouncePlace

beforeEach(async () => {
  place = await openBouncePlace()
})

afterEach(() => place.close())

test('complaints about a Send under way pause it, and that one alone', { timeout: 60_000 }, async () => {
  const people = Array.from({ length: 1_000 }, (_, index) => `reader${index}`)
  const running = await seedSend(place.store.db.query, {
    deliveries: people.map((who) => ({ who })),
    issue: { slug: 'running' },
  })
  const engine = await place.root.engine({ parts: ['bounces'], bounces: { guardEveryMs: 50 } })
  const talk = await talkSmtp(Number(engine.returnListens?.split(':').at(-1)))
  place.closers.push(talk.end)
  await talk.say('EHLO fbl.example.net')

  for (const who of people.slice(0, 3)) {
    const bytes = bounceBytes('arf-abuse', namesOf(place.store.keys, running.deliveries[who] ?? 0))
    expect(await talk.mail('complaints@example.com', bytes)).toMatch(/^250 /)
  }

  await vi.waitFor(
    async () => {
      const { state, reason } = await findSend(place.store.db.query, running.sendId)
      expect([state, reason]).toEqual([
        'paused',
        expect.stringMatching(/^3 of 1,000 readers reported it as spam/),
      ])
    },
    { timeout: 20_000, interval: 50 },
  )
  // The Send of the others goes on.
  expect((await findSend(place.store.db.query, place.send.sendId)).state).toBe('sending')
})

test('1,000 forged reports change nothing', { timeout: 120_000 }, async () => {
  const { take } = place.worker()
  const before = await dumpTables(place.store.db.query, ['feedback'])
  const forged = forgeBounces(1_000, {
    secret: SECRET,
    deliveryIds: Object.values(place.send.deliveries),
    address: 'bob@example.com',
    seed: 7,
  })

  const disposals = new Map<string, string>()
  for (const { label, bytes, envelopeTo } of forged)
    disposals.set(label, await take({ source: 'smtp', bytes, envelopeTo, envelope: null }))

  expect([...disposals].filter(([, disposal]) => disposal !== 'kept')).toEqual([])
  expect(await dumpTables(place.store.db.query, ['feedback'])).toBe(before)
})

test('a report that is faster than the 250 it answers: sent, and bounced later; uncertain, and known after all', async () => {
  const { query } = place.store.db
  const later = await seedSend(query, {
    deliveries: [
      { who: 'bob', state: 'sending' },
      { who: 'dora', state: 'sending' },
    ],
    issue: { slug: 'later' },
  })
  const { take } = place.worker()
  for (const who of ['bob', 'dora']) {
    const names = namesOf(place.store.keys, later.deliveries[who] ?? 0)
    const bytes = bounceBytes('postfix-unknown', names, { 'bob@example.net': `${who}@example.com` })
    await take({ source: 'smtp', bytes, envelopeTo: [], envelope: null })
  }

  // Of the one the reply comes, of the other it never does.
  const end = (who: string, state: 'sent' | 'uncertain') =>
    query
      .updateTable('delivery')
      .set({ state })
      .where('id', '=', later.deliveries[who] ?? 0)
      .execute()
  await end('bob', 'sent')
  await end('dora', 'uncertain')
  await honourReaders({ query, now: place.store.now })
  const { settled } = await tidyFeedback({
    query,
    keys: place.store.keys,
    rules: RULES,
    now: place.store.now,
  })

  expect(settled).toBe(1)
  const states = await query
    .selectFrom('delivery')
    .select('state')
    .where('send_id', '=', later.sendId)
    .orderBy('id')
    .execute()
  expect(states.map(({ state }) => state)).toEqual(['sent', 'bounced'])
})
