import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addTags } from '../../src/audience/tag.js'
import { allowAddress, printAllowed } from '../../src/commands/subscribers-allow.js'
import { printSubscriber, showSubscriber } from '../../src/commands/subscribers-show.js'
import { suppressAddress } from '../../src/commands/subscribers-suppress.js'
import { printTags, tagSubscriber } from '../../src/commands/subscribers-tag.js'
import { printSuppressions, suppressionsCommand } from '../../src/commands/suppressions.js'
import type { Db } from '../../src/db/db.js'
import { insertEvents } from '../../src/event/event.js'
import { makeKeys } from '../../src/link/token.js'
import { pauseAll, UNTIL_RESUMED } from '../../src/track/pause.js'
import { suppress } from '../../src/track/suppress.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const keys = makeKeys(['a secret of the tests, long enough for a key'])
const NOON = Date.UTC(2026, 0, 5, 12)
const DAY_MS = 86_400_000
const now = () => NOON

let db: Db
beforeEach(async () => {
  db = await openTestDb()
  await seedSend(db.query, {
    list: 'Daily',
    deliveries: [{ who: 'frank' }, { who: 'alice' }],
    now: NOON - DAY_MS,
  })
})
afterEach(() => db.close())

const allow = (address: string) => allowAddress({ address, by: 'Ada', db, keys, now })

async function idOf(who: string): Promise<number> {
  const row = db.query.selectFrom('subscriber').select('id').where('address', '=', `${who}@example.com`)
  return (await row.executeTakeFirstOrThrow()).id
}

describe('a Suppression', () => {
  test('is lifted by an editor who is named, once', async () => {
    await suppressAddress({
      address: 'frank@example.com',
      reason: 'asked by phone',
      by: 'Ada',
      db,
      keys,
      now,
    })

    const first = await allow(' Frank@example.com ')
    const second = await allow('frank@example.com')

    expect(printAllowed(first)).toBe(
      'Frank@example.com may be mailed again (it was suppressed: asked by phone); it is on daily\n',
    )
    expect(printAllowed(second)).toBe('frank@example.com was not suppressed\n')
    const { suppression, timeline } = await showSubscriber({ address: 'frank@example.com', db, keys, now })
    expect(suppression).toBeNull()
    expect(timeline.slice(-2)).toMatchObject([
      { what: 'suppressed', detail: 'reason asked by phone, by Ada' },
      { what: 'allowed', detail: 'how command, by Ada, reason asked by phone' },
    ])
  })

  test('of who was erased is lifted by nobody but themselves', async () => {
    await suppressAddress({ address: 'erin@example.com', reason: 'erased', by: 'Ada', db, keys, now })

    await expect(allow('erin@example.com')).rejects.toThrow(
      'no editor lifts it; they may come back by signing up',
    )

    expect(await suppressionsCommand(db.query)).toMatchObject({ total: 1 })
  })

  test('brings nobody back onto a List that they had left', async () => {
    await db.query
      .updateTable('subscription')
      .set({ status: 'unsubscribed' })
      .where('subscriber_id', '=', await idOf('frank'))
      .execute()
    await suppressAddress({ address: 'frank@example.com', reason: null, by: 'Ada', db, keys, now })

    expect(printAllowed(await allow('frank@example.com'))).toContain('; it is on no list\n')
  })

  test('is counted by reason, with dates', async () => {
    expect(printSuppressions(await suppressionsCommand(db.query))).toBe('no address is suppressed\n')
    for (const [place, reason] of ['bounced', 'bounced', 'complained'].entries())
      await suppress(db, {
        addressKey: `x${place}@example.com`,
        reason,
        by: 'bounce',
        keys,
        now: NOON + place * DAY_MS,
      })

    expect(printSuppressions(await suppressionsCommand(db.query))).toBe(
      'reason      addresses  first       last\n' +
        'bounced             2  2026-01-05  2026-01-06\n' +
        'complained          1  2026-01-07  2026-01-07\n',
    )
  })
})

describe('tags of a person', () => {
  test('are put on and taken off, and what changed is told', async () => {
    const add = (tags: readonly string[]) =>
      tagSubscriber({ address: 'Alice@example.com', tags, how: 'add' }, db.query)

    const first = await add(['VIP', 'Press corps', 'vip'])
    const second = await add(['vip'])
    const third = await tagSubscriber(
      { address: 'alice@example.com', tags: ['vip', 'never'], how: 'remove' },
      db.query,
    )

    expect(printTags(first, 'add')).toBe(
      'alice@example.com: now also press corps, vip; tags: press corps, vip\n',
    )
    expect(printTags(second, 'add')).toBe('alice@example.com: nothing changed; tags: press corps, vip\n')
    expect(printTags(third, 'remove')).toBe('alice@example.com: no longer vip; tags: press corps\n')
  })

  test('of nobody, or what is no tag, is refused, and nothing is changed', async () => {
    const add = (address: string, tags: readonly string[]) =>
      tagSubscriber({ address, tags, how: 'add' }, db.query)

    await expect(add('x@example.com', ['vip'])).rejects.toThrow('there is no subscriber x@example.com')
    await expect(add('alice@example.com', ['vip', 'a,b'])).rejects.toThrow('"a,b" is no tag')

    expect(await db.query.selectFrom('tag').selectAll().execute()).toEqual([])
  })
})

describe('subscribers show', () => {
  test('tells tags, language, preferences and a pause', async () => {
    const id = await idOf('alice')
    await addTags(db.query, [{ subscriberId: id, name: 'press' }])
    await db.query.updateTable('subscriber').set({ lang: 'de' }).where('id', '=', id).execute()
    const preferences = '{"topics":["harbour","rail"],"monthly":true}'
    await db.query
      .updateTable('subscription')
      .set({ preferences, paused_until: NOON + DAY_MS })
      .where('subscriber_id', '=', id)
      .execute()

    const record = await showSubscriber({ address: 'alice@example.com', db, keys, now })

    expect(record.subscriber).toMatchObject({ tags: ['press'], language: 'de' })
    const wants = 'wants harbour, rail; one issue a month; paused until 2026-01-06 12:00:00 UTC'
    expect(printSubscriber(record)).toContain(`${wants}\n`)
    expect(
      printSubscriber(
        await showSubscriber({ address: 'alice@example.com', db, keys, now: () => NOON + DAY_MS }),
      ),
    ).not.toContain('paused')
  })

  test('tells an attribute that is called as one of its lines from that line', async () => {
    await db.query
      .updateTable('subscriber')
      .set({ attributes: '{"name":"Al","city":"Kiel"}' })
      .where('id', '=', await idOf('alice'))
      .execute()

    const shown = printSubscriber(await showSubscriber({ address: 'alice@example.com', db, keys, now }))

    expect(shown).toMatch(/^ {2}name +alice$/m)
    expect(shown).toMatch(/^ {2}attributes\.name +Al$/m)
    expect(shown).toMatch(/^ {2}city +Kiel$/m)
  })

  test('tells until when they paused, or that they resume by themselves', async () => {
    const subscriberId = await idOf('alice')
    for (const until of [NOON + DAY_MS, UNTIL_RESUMED])
      await pauseAll(db.query, subscriberId, { until, act: { how: 'page' }, now: NOON })

    const { timeline } = await showSubscriber({ address: 'alice@example.com', db, keys, now })

    const paused = timeline.filter(({ what }) => what === 'preferred')
    expect(paused.map(({ detail }) => detail)).toEqual([
      'how page, paused until 2026-01-06 12:00:00 UTC',
      'how page, paused until they resume',
    ])
  })

  test('tells every Event of consent with how, when and from where, whatever else they did since', async () => {
    const subscriberId = await idOf('alice')
    const detail = {
      how: 'confirm',
      network: '192.0.2.0/24',
      agent: 'Firefox',
      askedAt: NOON - DAY_MS,
      page: '',
    }
    await insertEvents(db.query, [{ kind: 'subscribed', at: NOON - DAY_MS, subscriberId, detail }])
    const opened = Array.from({ length: 700 }, (_, at) => ({
      kind: 'opened' as const,
      at: NOON + at,
      subscriberId,
      detail: {},
    }))
    await insertEvents(db.query, opened)

    const { timeline } = await showSubscriber({ address: 'alice@example.com', db, keys, now })

    expect(timeline).toHaveLength(501)
    expect(timeline[0]).toMatchObject({
      at: '2026-01-04T12:00:00.000Z',
      what: 'subscribed',
      detail: 'how confirm, network 192.0.2.0/24, agent Firefox, asked at 2026-01-04 12:00:00 UTC',
    })
  })
})
