/** The page of preferences and the acts behind it, as a person meets them: by hand, by keyboard, without script. */

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { makeKeys, signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import type { RunningServer } from '../../src/web/server.js'
import { findBarriers } from '../rig/axe.js'
import { openBrowser, SCREENS, visit } from '../rig/browser.js'
import { openTestDb } from '../rig/database.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepWholePicture } from '../rig/pictures.js'
import { seedSend } from '../rig/seed.js'
import { serveTestWeb } from '../rig/web.js'

/** Where pictures of the pages go, for a person to look at; unset: nowhere. */

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
let browser: Browser
let db: Db
let hits: Hits
let server: RunningServer

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  db = await openTestDb()
  hits = openHits({ db, now: Date.now })
  server = await serveTestWeb({ db, keys, hits, log: openLog('error'), now: Date.now })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

/** Alice's links; the List she is on has topics and a long name, another is open to her. */
async function seedAlice(): Promise<{ readonly preferences: string; readonly leave: string }> {
  const { deliveries, listId } = await seedSend(db.query, { deliveries: [{ who: 'alice' }], list: 'Harbour' })
  const topics = [
    { name: 'cranes', title: 'Cranes, quays and what they cost' },
    { name: 'tides', title: 'Tides' },
  ]
  await db.query
    .updateTable('list')
    .set({
      is_open: 1,
      topics: JSON.stringify(topics),
      has_monthly: 1,
      description: 'What the harbour decides, every Friday morning, in ten minutes.',
    })
    .where('id', '=', listId)
    .execute()
  await db.query
    .insertInto('list')
    .values({
      name: 'quay',
      title: 'The quarterly bulletin of the Straits Harbour Authorities and their Inspectorates',
      visibility: 'public',
      is_open: 1,
      created_at: 1,
    })
    .execute()
  const token = signToken(keys, 'leave', deliveries.alice ?? 0)
  return { preferences: `${server.url}/p/${token}`, leave: `${server.url}/u/${token}` }
}

async function statusOf(list: string): Promise<string | undefined> {
  const row = await db.query
    .selectFrom('subscription')
    .innerJoin('list', 'list.id', 'subscription.list_id')
    .select('subscription.status')
    .where('list.name', '=', list)
    .executeTakeFirst()
  return row?.status
}

test('a person leaves, takes it back, chooses topics, pauses and asks for their data', async () => {
  const { preferences, leave } = await seedAlice()
  const { page, complaints, close } = await visit(browser, server.url, { width: 375, colorScheme: 'light' })
  const said = () => page.getByRole('status').textContent()

  await page.goto(leave)
  await page.getByRole('button', { name: 'Unsubscribe' }).click()
  await page.getByRole('heading', { name: 'You are unsubscribed from Harbour' }).waitFor()
  expect(await statusOf('harbour')).toBe('unsubscribed')
  await page.getByRole('button', { name: 'Subscribe me again' }).click()
  await page.getByRole('heading', { name: 'You are subscribed to Harbour again' }).waitFor()
  expect(await statusOf('harbour')).toBe('active')

  await page.getByRole('link', { name: 'Your preferences' }).click()
  await page.getByRole('heading', { name: 'Your preferences' }).waitFor()
  expect(page.url()).toBe(preferences)
  await page.getByLabel('Tides').uncheck()
  await page.getByLabel('One issue a month at most').check()
  await page.getByRole('button', { name: 'Save' }).click()
  expect(await said()).toContain('Saved what you want of Harbour.')
  expect(await page.getByLabel('Tides').isChecked()).toBe(false)

  await page.getByLabel('How long').selectOption({ label: 'Three months' })
  await page.getByRole('button', { name: 'Pause' }).click()
  expect(await said()).toContain('Paused until ')
  await page.getByRole('button', { name: 'Resume now' }).click()
  expect(await said()).toContain('Resumed.')

  await page.getByRole('button', { name: 'Do not track me' }).click()
  expect(await said()).toContain('From now on nothing is kept of what you open and follow.')
  expect(await page.getByRole('button', { name: 'Track me again' }).isVisible()).toBe(true)

  await page.getByLabel('New address').fill('not an address')
  await page.getByRole('button', { name: 'Change the address' }).click()
  expect(await page.getByRole('alert').textContent()).toContain('This is no address that mail can go to.')
  expect(await page.getByLabel('New address').inputValue()).toBe('not an address')
  await page.getByRole('button', { name: 'Get a copy of my data' }).click()
  expect(await said()).toContain('We have written to a…e@example.com.')
  // The wrong address is answered by 400, which the console speaks of.
  expect(complaints.filter((one) => !one.includes('400'))).toEqual([])
  await close()
})

test('it works by keyboard alone', async () => {
  const { preferences } = await seedAlice()
  const { page, close } = await visit(browser, server.url, { width: 800, colorScheme: 'dark' })
  await page.goto(preferences)

  await page.getByLabel('Harbour', { exact: false }).first().focus()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Save' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('You are unsubscribed from Harbour.').waitFor()

  expect(await statusOf('harbour')).toBe('unsubscribed')
  await close()
})

test.each(SCREENS)('the pages are whole and open to all at $width px, $colorScheme', async (screen) => {
  const { preferences, leave } = await seedAlice()
  const { page, complaints, close } = await visit(browser, server.url, screen)
  const look = async (name: string) => {
    expect([name, await findLayoutFaults(page)]).toEqual([name, []])
    expect([name, await findBarriers(page)]).toEqual([name, []])
    await keepWholePicture(page, `${name}-${screen.width}-${screen.colorScheme}`)
  }

  await page.goto(preferences)
  await look('preferences')
  await page.getByRole('button', { name: 'Change the address' }).click()
  await look('wrong-address')
  await page.getByRole('button', { name: 'Pause' }).click()
  await look('paused')
  await page.goto(leave)
  await look('question')
  await page.getByRole('button').click()
  await look('left')
  await page.getByRole('button').click()
  await look('undone')
  expect(complaints.filter((one) => !one.includes('400'))).toEqual([])

  for (const kind of ['moveFrom', 'export', 'erase'] as const) {
    await page.goto(`${preferences}?lang=de`)
    if (kind === 'moveFrom')
      await page.getByLabel('Neue Adresse').fill('a.rather.long.new.address.of.alice@mail.example.org')
    const button = { moveFrom: 'Adresse ändern', export: 'Kopie meiner Daten', erase: 'Meine Daten löschen' }[
      kind
    ]
    await page.getByRole('button', { name: button }).click()
    const { id } = await db.query
      .selectFrom('notice')
      .select('id')
      .where('kind', '=', kind)
      .executeTakeFirstOrThrow()
    await page.goto(`${server.url}/n/${signToken(keys, 'notice', id)}`)
    await look(kind)
  }
  await page.getByRole('button').click()
  await look('erased')
  expect(await db.query.selectFrom('subscriber').select('id').execute()).toEqual([])
  await close()
})
