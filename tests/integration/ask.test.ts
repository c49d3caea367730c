/** What the page of preferences may not do by itself: the mailbox is asked, and nobody learns whose it is. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hashAddress } from '../../src/link/token.js'
import { seedAlice } from '../rig/preferences-page.js'
import { noticesIn } from '../rig/rows.js'
import { KEYS, openWebPlace, type WebPlace } from '../rig/web-place.js'

const NOON = Date.UTC(2026, 0, 31, 12)

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: NOON, agent: 'Tests/1' })
})

afterEach(() => web.close())

describe('what the mailbox has to confirm', () => {
  test.each(['move', 'export', 'erase'])(
    '%s only sends a Notice, three a day, with one answer',
    async (act) => {
      const { page, subscriberId } = await seedAlice(web.db)
      const answers = new Set<string>()

      for (let i = 0; i < 5; i++)
        answers.add(await web.read(page, { fields: { act, address: 'new@example.org' } }))

      expect(answers.size).toBe(1)
      expect([...answers][0]).toContain(
        'We have written to <span class="whole">a…e@example.com</span>. Open the link in that message within 24 hours.',
      )
      expect(await noticesIn(web.db)).toMatchObject(
        Array(3).fill({
          kind: act === 'move' ? 'moveFrom' : act,
          address: 'alice@example.com',
          subscriber_id: subscriberId,
          expires_at: NOON + 86_400_000,
        }),
      )
      web.time += 86_400_000
      await web.ask(page, { fields: { act, address: 'new@example.org' } })
      expect(await noticesIn(web.db)).toHaveLength(4)
    },
  )

  test('a guess at the address is answered like any other, and a wrong one keeps what was typed', async () => {
    const { page } = await seedAlice(web.db)
    const guess = await web.read(page, { fields: { act: 'move', address: 'alice@example.com' } })
    const other = await web.read(page, { fields: { act: 'move', address: 'carol@example.com' } })

    const wrong = await web.ask(page, { fields: { act: 'move', address: '"><b>a@b.test\r\nRcpt: x' } })

    expect(guess).toBe(other)
    expect((await noticesIn(web.db)).map(({ detail }) => detail)).toEqual([
      '{"newAddress":"carol@example.com"}',
    ])
    expect(wrong.status).toBe(400)
    const text = await wrong.text()
    expect(text).toContain('This is no address that mail can go to.')
    expect(text).toContain('value="&quot;&gt;&lt;b&gt;a@b.test')
    expect(text).not.toContain('<b>')
  })

  test('nobody who is suppressed is written to, and the answer is the same', async () => {
    const { page } = await seedAlice(web.db)
    const free = await web.read(page, { fields: { act: 'erase' } })
    await web.db.query
      .insertInto('suppression')
      .values({ address_hash: hashAddress(KEYS, 'alice@example.com'), reason: 'bounced', created_at: 1 })
      .execute()

    expect(await web.read(page, { fields: { act: 'erase' } })).toBe(free)
    expect(await noticesIn(web.db)).toHaveLength(1)
  })
})
