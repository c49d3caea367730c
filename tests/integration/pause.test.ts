/** A pause of what somebody is on, all of it or some: kept, told, and ended by their word. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UNTIL_RESUMED } from '../../src/track/pause.js'
import { openPage, seedAlice, subscriptionsIn } from '../rig/preferences-page.js'
import { eventsIn } from '../rig/rows.js'
import { openWebPlace, type WebPlace } from '../rig/web-place.js'

const NOON = Date.UTC(2026, 0, 31, 12)

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: NOON, agent: 'Tests/1' })
})

afterEach(() => web.close())

describe('a pause', () => {
  test.each([
    ['1', Date.UTC(2026, 1, 28, 12), 'Paused until 28 February 2026.'],
    ['3', Date.UTC(2026, 3, 30, 12), 'Paused until 30 April 2026.'],
    ['6', Date.UTC(2026, 6, 31, 12), 'Paused until 31 July 2026.'],
    ['open', UNTIL_RESUMED, 'Paused until you resume.'],
  ])('of %s is kept for all they are on, and ended by their word', async (pause, until, words) => {
    const { page } = await seedAlice(web.db)

    const paused = await web.read(page, { fields: { act: 'pause', pause } })
    const kept = await subscriptionsIn(web.db)
    const resumed = await web.read(page, { fields: { act: 'resume' } })

    // What was done and how it stands are the same words.
    expect(paused).toContain(`<div class="notice" role="status"><p>${words} You get nothing until then.</p>`)
    expect(paused.split(words)).toHaveLength(3)
    expect([...kept.values()].map(({ paused_until }) => paused_until)).toEqual([until, until])
    expect(resumed).toContain('Resumed.')
    expect([...(await subscriptionsIn(web.db)).values()].map(({ paused_until }) => paused_until)).toEqual([
      null,
      null,
    ])
    expect((await eventsIn(web.db)).map(({ kind }) => kind)).toEqual(Array(4).fill('preferred'))
  })
})

describe('a pause of some Lists', () => {
  const isPaused = { paused_until: UNTIL_RESUMED }

  test('is told of these alone, can be ended, and can be made one of all', async () => {
    const { page, canal } = await seedAlice(web.db)
    await web.db.query
      .updateTable('subscription')
      .set(isPaused)
      .where('list_id', '=', Number(canal))
      .execute()

    const { text } = await openPage(web, page)

    expect(text).toContain('<p>Canal: Paused until you resume.</p>')
    expect(text).not.toContain('<p>Paused until you resume.</p>')
    expect(text).toContain('value="resume"')
    expect(text).toContain('value="pause"')
  })

  test('that they have left says nothing of the others', async () => {
    const { page, canal } = await seedAlice(web.db)
    await web.db.query.updateTable('list').set({ is_open: 1, visibility: 'public' }).execute()
    await web.db.query
      .updateTable('subscription')
      .set({ ...isPaused, status: 'unsubscribed', left_by: 'person' })
      .where('list_id', '=', Number(canal))
      .execute()

    const { text } = await openPage(web, page)

    expect(text).not.toContain('Paused until')
    expect(text).not.toContain('value="resume"')
  })

  test('is none where they are on no List any more, in this tab or another', async () => {
    const { page } = await seedAlice(web.db)
    await web.ask(page, { fields: { act: 'leaveAll' } })

    const text = await web.read(page, { fields: { act: 'pause', pause: '3' } })

    expect(text).toContain('You are on no list.')
    expect(text).not.toContain('Paused')
    expect(text).not.toContain('value="pause"')
  })
})
