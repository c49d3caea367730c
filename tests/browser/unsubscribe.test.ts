/** The way out and the front page, as a person meets them. */

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { makeKeys, signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import type { RunningServer } from '../../src/web/server.js'
import { openBrowser, SCREENS, visit } from '../rig/browser.js'
import { openTestDb } from '../rig/database.js'
import { findLayoutFaults } from '../rig/layout.js'
import { seedSend } from '../rig/seed.js'
import { serveTestWeb } from '../rig/web.js'

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

async function statusOf(who: string): Promise<string> {
  const { status } = await db.query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select('subscription.status')
    .where('subscriber.address_key', '=', `${who}@example.com`)
    .executeTakeFirstOrThrow()
  return status
}

test('opening the page changes nothing; its one button unsubscribes', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  const { page, complaints, close } = await visit(browser, server.url, { width: 375, colorScheme: 'light' })

  await page.goto(`${server.url}/u/${signToken(keys, 'leave', deliveries.alice ?? 0)}`)

  expect(await page.getByRole('heading').allTextContents()).toEqual(['Unsubscribe from Harbour?'])
  expect(await page.getByRole('button').allTextContents()).toEqual(['Unsubscribe'])
  expect(await statusOf('alice')).toBe('active')

  await page.getByRole('button').click()
  await page.getByRole('heading', { name: 'You are unsubscribed from Harbour' }).waitFor()

  expect(await statusOf('alice')).toBe('unsubscribed')
  expect(await page.getByRole('button').allTextContents()).toEqual(['Subscribe me again'])
  expect(complaints).toEqual([])
  await close()
})

test('the button works by keyboard alone', async () => {
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }] })
  const { page, close } = await visit(browser, server.url, { width: 800, colorScheme: 'dark' })
  await page.goto(`${server.url}/u/${signToken(keys, 'leave', deliveries.alice ?? 0)}`)

  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'You are unsubscribed' }).waitFor()

  expect(await statusOf('alice')).toBe('unsubscribed')
  await close()
})

test.each(SCREENS)('the small pages are whole at $width px, $colorScheme', async (screen) => {
  const list = 'The quarterly bulletin of the Straits Harbour Authorities and their Inspectorates'
  const title = 'Everything the assembly decided about berths, cranes, cables and the price of waiting'
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'alice' }], list, issue: { title } })
  const { page, complaints, close } = await visit(browser, server.url, screen)

  for (const path of [`/u/${signToken(keys, 'leave', deliveries.alice ?? 0)}`, '/']) {
    await page.goto(server.url + path)
    expect(await findLayoutFaults(page)).toEqual([])
  }
  expect(await page.locator('.title').allTextContents()).toEqual([title])
  expect(complaints).toEqual([])

  await page.goto(`${server.url}/u/nobody`)
  expect(await page.getByRole('heading').allTextContents()).toEqual(['This link does not work'])
  expect(await findLayoutFaults(page)).toEqual([])
  await close()
})
