/** Subscribing as a person meets it: the page, the form on another site, the mail, the button behind its link. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createList } from '../../src/audience/list.js'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { parsePublication } from '../../src/issue/publication-file.js'
import { makeKeys, signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import type { RunningServer } from '../../src/web/server.js'
import { findBarriers } from '../rig/axe.js'
import { openBrowser, SCREENS, type Screen, visit } from '../rig/browser.js'
import { openTestDb } from '../rig/database.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepWholePicture } from '../rig/pictures.js'
import { readAll } from '../rig/sign-up.js'
import { serveTestWeb } from '../rig/web.js'
import { KINDS, writeTestNotice } from '../rig/written-notice.js'

/** Pictures to look at are written there, where it is set. */
const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const publication = parsePublication({
  file: 'issues/newsletter.yaml',
  source: [
    'name: The Harbour Brief',
    'tagline: Ports, shipping and trade policy',
    'from: Brief <brief@example.com>',
    'postal-address: [14 Old Customs House Lane, Port Marrow MR1 4QY]',
    'language: en',
  ].join('\n'),
})

let browser: Browser
let db: Db
let hits: Hits
let server: RunningServer
let time: number
const now = () => time

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  time = Date.now()
  db = await openTestDb()
  hits = openHits({ db, now })
  server = await serveTestWeb({
    db,
    keys,
    hits,
    log: openLog('error'),
    now,
    publication: async () => publication,
  })
  await createList(db.query, {
    name: 'brief',
    title: 'The Harbour Brief',
    description: 'What ports decide, and what it costs you. For whoever ships something.',
    topics: [
      { name: 'harbour', title: 'Harbour' },
      { name: 'rail', title: 'Rail' },
    ],
    isPublic: true,
    isOpen: true,
    now: time,
  })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

async function look(page: Page, name: string, { width, colorScheme }: Screen): Promise<void> {
  await keepWholePicture(page, `${name}-${width}-${colorScheme}`)
  expect(await findLayoutFaults(page)).toEqual([])
  expect(await findBarriers(page)).toEqual([])
}

test.each(SCREENS)('from the page to the last word, at $width px, $colorScheme', async (screen) => {
  const { page, complaints, close } = await visit(browser, server.url, screen)

  await page.goto(`${server.url}/subscribe/brief`)
  await look(page, 'subscribe', screen)
  await page.getByLabel('Email address').fill('alice@example.org')
  await page.getByLabel('Name').fill('Alice')
  time += 5_000
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await page.getByRole('heading', { name: 'Please look into your inbox' }).waitFor()
  await look(page, 'sent', screen)
  expect(await readAll(db, { keys, now })).toEqual(['confirm'])
  const { id } = await db.query.selectFrom('notice').select('id').executeTakeFirstOrThrow()
  await page.goto(`${server.url}/n/${signToken(keys, 'notice', id)}`)
  await look(page, 'confirm', screen)
  expect(await page.getByRole('button').allTextContents()).toEqual(['Confirm the subscription'])
  await page.getByRole('button').click()
  await page.getByRole('heading', { name: 'You are subscribed to The Harbour Brief' }).waitFor()
  await look(page, 'confirmed', screen)
  await page.getByRole('link', { name: 'Your preferences' }).click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(page.url()).toBe(`${server.url}/p/${signToken(keys, 'notice', id)}`)
  await page.goto(`${server.url}/subscribe/brief/form?lang=de`)
  await look(page, 'form', screen)

  expect(complaints).toEqual([])
  await close()
})

test('the trap is not seen, not heard, not reached by keyboard, and not filled in by the browser', async () => {
  const { page, close } = await visit(browser, server.url, { width: 375, colorScheme: 'light' })
  await page.goto(`${server.url}/subscribe/brief`)

  const reached: string[] = []
  await page.getByLabel('Email address').focus()
  for (let n = 0; n < 4; n++) {
    reached.push(await page.evaluate(() => document.activeElement?.getAttribute('name') ?? 'none'))
    await page.keyboard.press('Tab')
  }

  expect(reached.slice(0, 2)).toEqual(['address', 'name'])
  expect(reached).not.toContain('message')
  expect(await page.getByRole('textbox').count()).toBe(2)
  await close()
})

test('a form on another site leads here, filled in, and one press more is enough', async () => {
  const form = await (await fetch(`${server.url}/subscribe/brief/form`)).text()
  const snippet = /<code>([\s\S]*)<\/code>/.exec(form)?.[1] ?? ''
  const entities: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&amp;': '&',
  }
  const markup = snippet.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? '')
  const elsewhere = createServer((_, response) => {
    response
      .setHeader('content-type', 'text/html; charset=utf-8')
      .end(`<!doctype html><title>x</title>${markup}`)
  }).listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  // A TCP server that listens has such an address.
  const { port } = elsewhere.address() as AddressInfo
  const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 375, height: 800 } })
  try {
    await page.goto(`http://localhost:${port}/`)
    await page.getByLabel('Email address').fill('alice@example.org')
    await page.getByRole('button').click()
    await page.getByText('Is this right?').waitFor()
    expect(await page.getByLabel('Email address').inputValue()).toBe('alice@example.org')
    expect(await db.query.selectFrom('sign_up').selectAll().execute()).toEqual([])
    await look(page, 'once-more', { width: 375, colorScheme: 'light' })
    time += 1_000
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByRole('heading', { name: 'Please look into your inbox' }).waitFor()

    const [row] = await db.query.selectFrom('sign_up').selectAll().execute()
    expect(JSON.parse(row?.detail ?? '')).toEqual({ from: 'form', page: `http://localhost:${port}` })
  } finally {
    await page.close()
    elsewhere.close()
  }
})

test.each(SCREENS)('every Notice is whole and readable, at $width px, $colorScheme', async (screen) => {
  const { page, complaints, close } = await visit(browser, server.url, screen)

  for (const kind of KINDS) {
    const { mail } = await writeTestNotice(kind, kind === 'confirm' ? 'en' : 'de')
    await page.setContent(mail.html ?? '')
    await look(page, `notice-${kind}`, screen)
  }

  expect(complaints).toEqual([])
  await close()
})
