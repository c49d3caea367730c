/** A change of address, from mailbox to mailbox. */

import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importSubscribers } from '../../src/audience/import.js'
import { hashAddress } from '../../src/link/token.js'
import { gatherDueRetries } from '../../src/send/due.js'
import { excludePeople } from '../../src/send/exclude.js'
import { noticeOf, preferencesOf } from '../rig/links.js'
import { askAndAgree, deliveriesIn, move, subscribersIn } from '../rig/moving.js'
import { noticesIn, subscriberIdOf } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { KEYS, openWebPlace, type WebPlace } from '../rig/web-place.js'

const NOON = Date.UTC(2026, 0, 31, 12)

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: NOON, agent: 'Tests/1' })
})

afterEach(() => web.close())

describe('from mailbox to mailbox', () => {
  test('V07: both have to say yes, and opening their links changes nothing', async () => {
    const { page, from, to } = await askAndAgree(web)
    const before = await subscribersIn(web.db)
    for (let i = 0; i < 5; i++) for (const path of [from, to]) await web.read(path)
    expect(await web.read(to)).toContain(
      'What went to <span class="whole">a…e@example.com</span> is to come here',
    )
    expect(await subscribersIn(web.db)).toEqual(before)
    expect(await noticesIn(web.db)).toHaveLength(2)

    const done = await web.read(to, { fields: {} })

    expect(done).toContain(
      'From now on your messages go to <span class="whole">Alice.New@example.org</span>.',
    )
    expect(await subscribersIn(web.db)).toMatchObject([
      {
        address: 'Alice.New@example.org',
        address_key: 'alice.new@example.org',
        address_hash: hashAddress(KEYS, 'alice.new@example.org'),
      },
    ])
    expect(await web.read(page)).toContain('For <span class="whole">A…w@example.org</span>')
    expect(await deliveriesIn(web.db)).toMatchObject([{ address: 'alice@example.com', state: 'sent' }])
    const events = await web.db.query.selectFrom('event').selectAll().execute()
    expect(events).toMatchObject([{ kind: 'moved' }])
    expect(JSON.stringify(events)).not.toContain('@')
  })

  test('what was asked from the old address is nothing the old mailbox can do any more', async () => {
    const { page, to } = await askAndAgree(web)
    await web.read(page, { fields: { act: 'export' } })
    await web.read(page, { fields: { act: 'erase' } })
    const [, , exporting, erasing] = await noticesIn(web.db)

    await web.read(to, { fields: {} })

    for (const notice of [exporting, erasing])
      expect(await web.read(noticeOf(notice?.id), { fields: {} })).toContain('This link does not work')
    expect(await subscribersIn(web.db)).toMatchObject([{ address: 'Alice.New@example.org' }])
    expect(await web.read(to)).toContain('Your address is changed')
  })

  test('an old file brings nobody back to the address they have left; they themselves may move back', async () => {
    const { to } = await askAndAgree(web)
    await web.read(to, { fields: {} })
    const old = 'alice@example.com'

    const imported = await importSubscribers(
      {
        file: 'old.csv',
        listName: 'harbour',
        missingList: 'refuse',
        mode: 'update',
        how: 'write',
        encoding: null,
        map: new Map(),
        from: null,
        attributes: [],
        open: () => Readable.from([Buffer.from(`address\n${old}\n`)]),
      },
      { ...web, exclude: excludePeople },
    )

    expect(imported).toMatchObject({ suppressed: 1, added: 0 })
    expect(await subscribersIn(web.db)).toMatchObject([{ address: 'Alice.New@example.org' }])
    const suppressed = await web.db.query.selectFrom('suppression').selectAll().execute()
    expect(suppressed).toMatchObject([{ address_hash: hashAddress(KEYS, old), reason: 'moved' }])
    const [only] = await subscribersIn(web.db)
    expect(await move(web, { subscriberId: only?.id ?? 0, from: 'alice.new@example.org', to: old })).toBe(
      true,
    )
    expect(await web.db.query.selectFrom('suppression').select('address_hash').execute()).toEqual([
      { address_hash: hashAddress(KEYS, 'alice.new@example.org') },
    ])
  })

  test('what was deferred at the old address is tried there again', async () => {
    const { sendId } = await seedSend(web.db.query, { deliveries: [{ who: 'alice', state: 'deferred' }] })

    expect(
      await move(web, {
        subscriberId: await subscriberIdOf(web.db, 'alice'),
        from: 'alice@example.com',
        to: 'new@example.org',
      }),
    ).toBe(true)

    expect(await gatherDueRetries({ ...web, query: web.db.query })).toBe(1)
    expect(await web.db.query.selectFrom('delivery').select(['send_id', 'state']).execute()).toEqual([
      { send_id: sendId, state: 'queued' },
    ])
  })

  test('pressed twice, or twice at once, it is done once and says so each time', async () => {
    const { from, to } = await askAndAgree(web)
    await Promise.all([web.read(from, { fields: {} }), web.read(from, { fields: {} })])

    const answers = await Promise.all([
      web.read(to, { fields: {} }),
      web.read(to, { fields: {} }),
      web.read(to, { fields: {} }),
    ])

    for (const answer of [...answers, await web.read(to, { fields: {} })])
      expect(answer).toContain('Your address is changed')
    expect(await web.db.query.selectFrom('event').select('kind').execute()).toEqual([{ kind: 'moved' }])
    expect(await noticesIn(web.db)).toHaveLength(2)
  })

  test('a suppressed new address gets no mail, and the answer is the same', async () => {
    const { deliveries: ids } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })
    await web.db.query
      .insertInto('suppression')
      .values({ address_hash: hashAddress(KEYS, 'gone@example.org'), reason: 'erased', created_at: 1 })
      .execute()
    const page = preferencesOf(ids.alice)
    for (const address of ['gone@example.org', 'free@example.org'])
      await web.read(page, { fields: { act: 'move', address } })
    const [gone, free] = await noticesIn(web.db)

    const answers = [
      await web.read(noticeOf(gone?.id), { fields: {} }),
      await web.read(noticeOf(free?.id), { fields: {} }),
    ]

    expect(answers[0]).toBe(answers[1]?.replaceAll('free@', 'gone@'))
    expect((await noticesIn(web.db)).map(({ kind, address }) => [kind, address])).toEqual([
      ['moveFrom', 'alice@example.com'],
      ['moveFrom', 'alice@example.com'],
      ['moveTo', 'free@example.org'],
    ])
  })

  test('nobody can have one mailbox written to again and again by moving to it', async () => {
    for (let i = 0; i < 4; i++) {
      const who = `reader${i}`
      const { deliveries: ids } = await seedSend(web.db.query, {
        deliveries: [{ who }],
        issue: { slug: `2026-04-0${i}-x` },
      })
      await web.read(preferencesOf(ids[who]), {
        fields: {
          act: 'move',
          address: `v.ictim+${i}@gmail.com`,
        },
      })
      await web.read(noticeOf((await noticesIn(web.db)).at(-1)?.id), { fields: {} })
    }

    expect((await noticesIn(web.db)).filter(({ kind }) => kind === 'moveTo')).toHaveLength(2)
  })

  test('who has moved another way since is not moved again', async () => {
    const { to } = await askAndAgree(web)
    await move(web, {
      subscriberId: await subscriberIdOf(web.db, 'alice'),
      from: 'alice@example.com',
      to: 'elsewhere@example.net',
    })

    expect(await web.read(to, { fields: {} })).toContain('This cannot be done any more')
    expect(await subscribersIn(web.db)).toMatchObject([{ address: 'elsewhere@example.net' }])
  })

  test('the text that someone else typed is only text in the page that names it', async () => {
    const { deliveries: ids } = await seedSend(web.db.query, { deliveries: [{ who: 'alice' }] })
    await web.read(preferencesOf(ids.alice), {
      fields: {
        act: 'move',
        address: "x&'*/=?^`{|}~@example.org",
      },
    })

    expect(await web.read(noticeOf((await noticesIn(web.db))[0]?.id))).toContain(
      'x&amp;&#39;*/=?^`{|}~@example.org',
    )
  })
})
