/** Leaving everything, and taking it back: for how long, and what does not come back by it. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buttondown } from '../../src/audience/origin/buttondown.js'
import { hashAddress } from '../../src/link/token.js'
import { openImporter } from '../rig/import.js'
import { openPage, seedAlice, subscriptionsIn } from '../rig/preferences-page.js'
import { eventsIn, noticesIn } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { KEYS, openWebPlace, type WebPlace } from '../rig/web-place.js'

const NOON = Date.UTC(2026, 0, 31, 12)

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: NOON, agent: 'Tests/1' })
})

afterEach(() => web.close())

test('leaving everything ends all of it, what waits for a yes too', async () => {
  const { page, subscriberId, quay } = await seedAlice(web.db)
  await web.db.query
    .insertInto('subscription')
    .values({
      list_id: Number(quay),
      subscriber_id: subscriberId,
      status: 'pending',
      created_at: 1,
      changed_at: 1,
    })
    .execute()

  const text = await web.read(page, { fields: { act: 'leaveAll' } })

  expect(text).toContain('You are unsubscribed from everything.')
  expect([...(await subscriptionsIn(web.db)).values()].map(({ status }) => status)).toEqual(
    Array(3).fill('unsubscribed'),
  )
})

describe('undoing', () => {
  test('brings them back for thirty days, once, and leaves out what was being sent', async () => {
    const { leave, page } = await seedAlice(web.db)
    const under = await seedSend(web.db.query, {
      deliveries: [{ who: 'alice', state: 'queued' }],
      list: 'Harbour',
      issue: { slug: '2026-03-20-way' },
    })
    const left = await web.read(leave, { fields: { 'List-Unsubscribe': 'One-Click' } })
    web.time += 29 * 86_400_000

    expect(left).toContain('Subscribe me again')
    expect(await web.read(leave)).toContain('Subscribe me again')
    for (let i = 0; i < 2; i++) {
      const answer = await web.ask(`${leave}/undo`, { fields: {} })
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('What was being sent while you were away does not come any more')
    }

    expect((await subscriptionsIn(web.db)).get('harbour')?.status).toBe('active')
    expect((await eventsIn(web.db)).map(({ kind }) => kind)).toEqual(['unsubscribed', 'restored'])
    const { state, reason } = await web.db.query
      .selectFrom('delivery')
      .select(['state', 'reason'])
      .where('id', '=', under.deliveries.alice ?? 0)
      .executeTakeFirstOrThrow()
    expect([state, reason]).toEqual(['excluded', 'unsubscribed'])
    expect(await web.read(page)).not.toContain('You have left it')
  })

  test('works from the preferences too, where what was left by mistake can be ticked again', async () => {
    const { page, harbour, canal } = await seedAlice(web.db)
    await web.ask(page, { fields: { act: 'leaveAll' } })
    const { shown, text } = await openPage(web, page)

    const answer = await web.ask(page, { fields: { act: 'save', shown, list: [harbour, canal] } })

    expect(text).toContain('You have left it. Tick it to come back.')
    expect(await answer.text()).toContain('You are subscribed to Canal again.')
    expect([...(await subscriptionsIn(web.db)).values()].map(({ status }) => status)).toEqual([
      'active',
      'active',
    ])
    expect(await noticesIn(web.db)).toEqual([])
  })

  test.each<[string, () => Promise<unknown>]>([
    ['after thirty days', async () => (web.time += 30 * 86_400_000)],
    [
      'what an editor has ended',
      () => web.db.query.updateTable('subscription').set({ left_by: 'editor' }).execute(),
    ],
    [
      'while the address is suppressed',
      () =>
        web.db.query
          .insertInto('suppression')
          .values({
            address_hash: hashAddress(KEYS, 'alice@example.com'),
            reason: 'complained',
            created_at: 1,
          })
          .execute(),
    ],
  ])('does nothing %s', async (_when, change) => {
    const { leave } = await seedAlice(web.db)
    await web.ask(leave, { fields: { how: 'page' } })
    await change()

    const text = await web.read(`${leave}/undo`, { fields: {} })

    expect(text).toContain('This cannot be taken back here any more.')
    expect((await subscriptionsIn(web.db)).get('harbour')?.status).toBe('unsubscribed')
    expect((await eventsIn(web.db)).map(({ kind }) => kind)).toEqual(['unsubscribed'])
  })

  test('does not make a Subscription of what a file only reports as left', async () => {
    const { page, quay } = await seedAlice(web.db)
    await openImporter(web.db).importText(
      'email,type,creation_date\nalice@example.com,unsubscribed,2024-01-01\n',
      { from: buttondown, listName: 'quay' },
    )
    const { shown, text } = await openPage(web, page)

    await web.ask(page, { fields: { act: 'save', shown, list: [quay] } })

    expect(text).not.toContain('You have left it')
    expect((await subscriptionsIn(web.db)).get('quay')?.status).toBe('unsubscribed')
    expect(await noticesIn(web.db)).toMatchObject([{ kind: 'confirm', address: 'alice@example.com' }])
  })

  test('gives nobody what they never had: who had not confirmed stays out', async () => {
    const { leave } = await seedAlice(web.db)
    await web.db.query.updateTable('subscription').set({ status: 'pending' }).execute()
    await web.ask(leave, { fields: { how: 'page' } })

    await web.ask(`${leave}/undo`, { fields: {} })

    expect((await subscriptionsIn(web.db)).get('harbour')?.status).toBe('unsubscribed')
  })
})
