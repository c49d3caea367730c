/**
 * A reader's whole way with a publication, in Chromium, on a real engine and its local inbox: subscribe, confirm, read,
 * comment, leave by one click, come back, choose, move, take the data along, and be erased. Every page on it is whole,
 * readable and without barriers on a phone and a desk, by day and by night.
 */

import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import type { Email } from 'postal-mime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import { openBrowser, type Visit, visit } from '../rig/browser.js'
import { type CliRoot, openCliRoot, type RunningEngine, SAMPLE } from '../rig/cli.js'
import { findLayoutFaults } from '../rig/layout.js'
import { linkIn, type Mailbox, openMailbox } from '../rig/mailbox.js'
import { keepWholePicture } from '../rig/pictures.js'

/** Pictures to look at are written there, where it is set. */
const ALICE = 'alice@example.org'
const MOVED = 'alice.marsh@example.net'
const SCREENS = [
  { width: 375, colorScheme: 'light' },
  { width: 375, colorScheme: 'dark' },
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
] as const

let place: CliRoot
let engine: RunningEngine
let mailbox: Mailbox
let browser: Browser
let reader: Visit
let page: Page
let step = 0

beforeAll(async () => {
  place = await openCliRoot()
  engine = await place.start()
  mailbox = openMailbox(place.root)
  await place.run(
    'lists',
    'new',
    'readers',
    ...['--title', 'The Harbour Brief', '--description', 'What ports decide, and what it costs.'],
    ...['--public', '--open', '--monthly', '--topics', 'harbour: Harbour news, rail: Rail and road'],
  )
  browser = await openBrowser()
  reader = await visit(browser, engine.url, { width: 375, colorScheme: 'light' })
  page = reader.page
})

afterAll(async () => {
  await browser.close()
  await place.close()
})

test('from the first page to the last trace', { timeout: 300_000 }, async () => {
  await subscribe()
  const issue = await receiveIssue(SAMPLE, ALICE)
  await readInBrowser(issue)
  await comment(issue)
  await leaveByOneClick(issue)
  await comeBack(issue)
  await choose(issue)
  await move(issue)
  await takeAlong(issue)
  await erase(issue)
  expect(reader.complaints).toEqual([])
})

async function subscribe(): Promise<void> {
  await page.goto(engine.url)
  await look('index')
  await page.getByRole('link', { name: 'Subscribe' }).first().click()
  await look('subscribe')
  // As fast as people type; what is faster is taken for a machine.
  await page.getByLabel('Email address').pressSequentially(ALICE, { delay: 100 })
  await page.getByLabel('Name').pressSequentially('Alice Marsh')
  await press('Subscribe')
  await look('subscribe-sent')
  expect(await standing(ALICE)).toBeNull()

  const mail = await mailbox.wait(ALICE, /confirm your subscription/)
  await lookAtMail('mail-confirm', mail)
  await page.goto(linkIn(mail, '/n/'))
  await look('confirm')
  expect(await standing(ALICE)).toBeNull()

  await press('Confirm the subscription')
  await look('confirmed')
  expect(await standing(ALICE)).toBe('active')
}

async function receiveIssue(slug: string, address: string): Promise<Email> {
  await place.json('send', slug, '--list', 'readers')
  return mailbox.wait(address, /levy|crowns|cold boxes/i)
}

async function readInBrowser(issue: Email): Promise<void> {
  await lookAtMail('mail-issue', issue)
  await page.goto(linkIn(issue, `/issues/${SAMPLE}`))
  await look('issue')
  expect(await page.getByText('No comments yet').count()).toBe(1)
}

async function comment(issue: Email): Promise<void> {
  await page.goto(linkIn(issue, '/comment/'))
  await look('comment')
  await page.getByLabel('Your name').fill('Alice M.')
  await page.getByLabel('Your comment').fill('Who pays for the boxes that were ordered in June?\n\nI do not.')
  await press('Send the comment')
  await look('comment-asked')

  const mail = await mailbox.wait(ALICE, /comment/i)
  await lookAtMail('mail-comment', mail)
  await page.goto(linkIn(mail, '/n/'))
  await look('comment-confirm')
  await press('Yes, it is mine')
  await look('comment-held')

  const held = await place.run('comments')
  expect(held.stdout).toContain('Alice M. (a…e@example.org)')
  const shown = await place.run('comments', 'show', '1', '--by', 'Ada')
  expect(shown).toMatchObject({ code: 0, stdout: '#1 shown to everybody\n' })
  await page.goto(linkIn(issue, `/issues/${SAMPLE}`))
  await page.reload()
  await look('issue-commented')
  expect(await page.getByText('Who pays for the boxes').count()).toBe(1)
}

/** As a mail provider does it: no browser, no cookie, no page. */
async function leaveByOneClick(issue: Email): Promise<void> {
  const header = issue.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? ''
  const url = /<(https?:[^>]+)>/.exec(header)?.[1] ?? ''
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(answer.status).toBe(200)
  expect(await standing(ALICE)).toBe('unsubscribed')
}

async function comeBack(issue: Email): Promise<void> {
  await page.goto(linkIn(issue, '/u/'))
  await look('unsubscribed')
  await press('Subscribe me again')
  await look('undone')
  expect(await standing(ALICE)).toBe('active')

  await page.goto(linkIn(issue, '/u/'))
  await look('unsubscribe')
  await press('Unsubscribe')
  await look('unsubscribe-done')
  await press('Subscribe me again')
  expect(await standing(ALICE)).toBe('active')
}

async function choose(issue: Email): Promise<void> {
  await page.goto(linkIn(issue, '/p/'))
  await look('preferences')
  await page.getByLabel('Harbour news').uncheck()
  await page.getByLabel('One issue a month at most').check()
  await press('Save')
  await look('preferences-saved')
  expect(await page.getByLabel('Rail and road').isChecked()).toBe(true)
  expect(await page.getByLabel('Harbour news').isChecked()).toBe(false)

  await page.getByLabel('How long').selectOption({ label: 'Three months' })
  await press('Pause')
  await look('preferences-paused')
  await press('Resume now')

  await page.getByLabel('Language of these pages').selectOption({ label: 'Deutsch' })
  await press('Save')
  await look('preferences-german')
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de')
  await page.getByLabel('Sprache dieser Seiten').selectOption({ label: 'English' })
  await press('Speichern')
}

async function move(issue: Email): Promise<void> {
  await page.getByLabel('New address').fill(MOVED)
  await press('Change the address')
  await look('move-asked')

  const from = await mailbox.wait(ALICE, /change of address/i)
  await page.goto(linkIn(from, '/n/'))
  await look('move-from')
  await press(/Yes/)
  await look('move-from-done')
  const to = await mailbox.wait(MOVED, /new address/i)
  await lookAtMail('mail-move-to', to)
  await page.goto(linkIn(to, '/n/'))
  await look('move-to')
  await press(/Yes/)
  await look('move-to-done')

  expect(await standing(ALICE)).toBeNull()
  expect(await standing(MOVED)).toBe('active')
  await page.goto(linkIn(issue, '/p/'))
  expect(await page.getByText('a…h@example.net').count()).toBeGreaterThan(0)
}

async function takeAlong(issue: Email): Promise<void> {
  await page.goto(linkIn(issue, '/p/'))
  await press('Get a copy of my data')
  const mail = await mailbox.wait(MOVED, /data/i)
  await page.goto(linkIn(mail, '/n/'))
  await look('export')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ])
  const text = readFileSync(await download.path(), 'utf8')
  expect(download.suggestedFilename()).toMatch(/\.json$/)
  expect(JSON.parse(text)).toBeTypeOf('object')
  for (const known of [MOVED, 'Who pays for the boxes', 'rail', SAMPLE]) expect(text).toContain(known)
}

async function erase(issue: Email): Promise<void> {
  await page.goto(linkIn(issue, '/p/'))
  await press('Erase my data')
  const mail = await mailbox.wait(MOVED, /eras/i)
  await page.goto(linkIn(mail, '/n/'))
  await look('erase')
  await page.getByRole('button').last().click()
  await page.waitForLoadState()
  await look('erased')

  expect(await standing(MOVED)).toBeNull()
  expect((await place.run('comments', '--all')).stdout).not.toContain('Who pays')
  const gone = await fetch(linkIn(issue, `/issues/${SAMPLE}`))
  expect(await gone.text()).not.toContain('Who pays for the boxes')
  expect(await statusOf(linkIn(issue, '/p/'))).toBe(404)
  expect(await statusOf(linkIn(issue, '/comment/'))).toBe(404)
}

async function press(name: string | RegExp): Promise<void> {
  const exact = typeof name === 'string'
  await page.getByRole('button', { name, exact }).click()
  await page.waitForLoadState()
}

/** Of the Subscription; null: no such person. */
async function standing(address: string): Promise<string | null> {
  const { code, stdout } = await place.run('subscribers', 'show', address, '--json')
  if (code !== 0) return null
  const record = JSON.parse(stdout) as { subscriptions: { list: string; status: string }[] }
  return record.subscriptions.find(({ list }) => list === 'readers')?.status ?? null
}

async function statusOf(url: string): Promise<number> {
  return (await fetch(url)).status
}

/** The page as it is now, on every screen. */
async function look(name: string): Promise<void> {
  step += 1
  for (const { width, colorScheme } of SCREENS) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    await keepWholePicture(page, `${String(step).padStart(2, '0')}-${name}-${width}-${colorScheme}`)
    expect(await findLayoutFaults(page), `${name} at ${width}, ${colorScheme}`).toEqual([])
  }
  await page.setViewportSize({ width: 375, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await findBarriers(page, 'all'), name).toEqual([])
}

async function lookAtMail(name: string, mail: Email): Promise<void> {
  step += 1
  const tab = await visit(browser, engine.url, { width: 375, colorScheme: 'light' })
  await tab.page.setContent(mail.html ?? '')
  await keepWholePicture(tab.page, `${String(step).padStart(2, '0')}-${name}`)
  expect(await findLayoutFaults(tab.page), name).toEqual([])
  expect(mail.text, name).toContain('http')
  await tab.close()
}
