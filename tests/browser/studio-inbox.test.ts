/** The local inbox in the studio, in Chromium: what a person sees who looks at what was sent. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Inbox, openInbox } from '../../src/smtp/inbox.js'
import { findBarriers } from '../rig/axe.js'
import type { Screen, Visit } from '../rig/browser.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepPicture } from '../rig/pictures.js'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

const TOKEN = 'A'.repeat(22)
/** As it was compiled, with Tokens in it. */
const MAIL = readFileSync(
  path.join(import.meta.dirname, '../golden/2026-11-24-a-levy-on-cold-boxes/email.html'),
  'utf8',
).replaceAll(/(\/[cuo]\/)sample\b/g, `$1${TOKEN}`)

let studio: TestStudio
let inbox: Inbox

beforeAll(async () => {
  studio = await openTestStudio()
  inbox = await openInbox({ folder: path.join(studio.root, '.data/inbox') })
  await send({
    to: 'Inés Álvarez <ines@example.org>',
    subject: '[Test] A levy on cold boxes',
    text: 'A levy on cold boxes\n\nThe Straits assembly sits.',
    html: MAIL,
    attachments: [{ filename: 'tides.csv', content: 'high,low' }],
    headers: { 'List-Unsubscribe': `<https://harbour.example.com/u/${TOKEN}>` },
  })
})

afterAll(async () => {
  await inbox.close()
  await studio.close()
})

/** Accepted when this is over; the number it has got. */
async function send(mail: SendMailOptions): Promise<number> {
  const transport = createTransport(inbox.url)
  const { response } = await transport.sendMail({
    from: 'The Harbour Brief <brief@harbour.example.com>',
    ...mail,
  })
  transport.close()
  return Number(/kept as (\d+)\.eml/.exec(response)?.[1])
}

async function open(at: string, screen: Partial<Screen> = {}): Promise<Visit> {
  return openStudioPage(studio, { at, ...screen })
}

const mailOf = (page: Page) => page.frameLocator('iframe.mail')
const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name })

/** As high as all of it: head and foot stand over what is scrolled below them. */
async function showWhole(page: Page): Promise<void> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 0, height })
}

test('a message that comes while the inbox is open appears at once, and is read there', async () => {
  const { page, complaints, close } = await open('/inbox')
  await page.getByText('[Test]').first().waitFor()

  await send({ to: 'bob@example.org', subject: 'Ports reopen', text: 'The lock opened at noon.' })
  await page.getByRole('link', { name: /Ports reopen/ }).click()

  await page.getByRole('heading', { name: 'Ports reopen' }).waitFor()
  await page.getByText('The lock opened at noon.').waitFor()
  expect(await tab(page, /HTML/).count()).toBe(0)
  expect(await page.getByRole('status').allTextContents()).toContain('A message came: Ports reopen')
  expect(new URL(page.url()).pathname).toMatch(/^\/inbox\/inbox\/\d+$/)
  expect(complaints).toEqual([])
  await close()
})

test('a message shows its HTML, text, links, headers and source, and its part can be kept', async () => {
  const { page, complaints, close } = await open('/inbox/inbox/1')
  await mailOf(page).getByText('The Straits assembly sits').first().waitFor()

  await tab(page, /Text/).click()
  await page.getByText('The Straits assembly sits.', { exact: false }).waitFor()
  await tab(page, /Links/).click()
  await page.getByText('Goes through our redirect').first().waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByText('By page: the program opens').waitFor()
  await page.getByText('Reads: Inés Álvarez <ines@example.org>').waitFor()
  await tab(page, /Source/).click()
  await page.getByText('Content-Type: multipart/mixed', { exact: false }).waitFor()
  const kept = page.waitForEvent('download')
  await page.getByRole('link', { name: 'tides.csv' }).click()

  expect(readFileSync(await (await kept).path(), 'utf8')).toBe('high,low')
  expect(new URL(page.url()).search).toBe('?view=source')
  expect(complaints).toEqual([])
  await close()
})

test('a link in a mail is told and stays where it is; it opens in a tab of its own', async () => {
  const { page, complaints, close } = await open('/inbox/inbox/1')

  await mailOf(page).getByRole('link', { name: 'draft regulation' }).click()

  const told = page.locator('.clicked')
  await told.getByText('draft regulation').waitFor()
  expect(await told.textContent()).toContain('opening it counts as a Hit while the engine runs')
  const opener = told.getByRole('link', { name: /Open in a new tab: draft regulation/ })
  expect(await opener.getAttribute('target')).toBe('_blank')
  expect(await opener.getAttribute('rel')).toBe('noreferrer noopener')
  expect(new URL(page.frames()[1]?.url() ?? '').pathname).toBe('/frame/inbox/inbox/1/html')
  expect(complaints).toEqual([])
  await close()
})

test('modes apply to a message as to an issue, by button and by key, and say what they simulate', async () => {
  const { page, complaints, close } = await open('/inbox/inbox/1')
  const ground = () =>
    mailOf(page)
      .locator('body')
      .evaluate((body) => getComputedStyle(body).backgroundColor)
  await mailOf(page).getByText('The Straits assembly sits').first().waitFor()
  const light = await ground()

  await page.getByRole('button', { name: 'Dark', exact: true }).click()
  await page.getByText('A simulation: the mail’s own dark styles', { exact: false }).waitFor()
  await page.waitForFunction(() =>
    [...document.querySelectorAll('iframe')].every(
      ({ contentDocument }) => contentDocument?.readyState === 'complete',
    ),
  )
  expect(await ground()).not.toBe(light)
  await page.getByRole('button', { name: 'Phone' }).click()
  const box = await page.locator('iframe.mail').boundingBox()

  await page.locator('iframe.mail').focus()
  await page.keyboard.press('i')
  await page.getByText('A simulation: pictures are not loaded', { exact: false }).waitFor()

  expect(box?.width).toBe(375)
  expect(page.url()).toMatch(/width=375.*light=dark.*images=off/)
  expect(complaints).toEqual([])
  await close()
})

test('a mail that means harm runs nothing, asks nobody and goes nowhere', async () => {
  const number = await send({
    to: 'alice@example.org',
    subject: '<img src=x onerror=alert(1)> & <script>alert(2)</script>',
    html: [
      '<html><head><base href="https://evil.example.com/"><meta http-equiv="refresh" content="0;url=https://evil.example.com/refresh">',
      '<link rel="stylesheet" href="https://evil.example.com/a.css"><link rel="preload" as="image" href="https://evil.example.com/b.png">',
      '<style>@import "https://evil.example.com/c.css"; body { background: url(https://evil.example.com/d.png) } @font-face { font-family: x; src: url(https://evil.example.com/e.woff) } p { font-family: x }</style></head>',
      '<body onload="document.title=1"><script>top.document.title="owned"; fetch("https://evil.example.com/f")</script>',
      '<img src="https://evil.example.com/pixel.gif" width="1" height="1"><img src=x onerror="top.document.title=\'owned\'">',
      '<svg onload="top.document.title=\'owned\'"><image href="https://evil.example.com/g.png"/></svg><video src="https://evil.example.com/h.mp4" autoplay></video>',
      '<iframe src="https://evil.example.com/i"></iframe><object data="https://evil.example.com/j"></object><embed src="https://evil.example.com/k">',
      '<form action="https://evil.example.com/l" method="post"><input name="a" autofocus onfocus="alert(1)"><button>Send it</button></form>',
      '<a href="https://evil.example.com/m" target="_top" ping="https://evil.example.com/n">Top</a>',
      '<a href="javascript:top.document.title=\'owned\'">Script</a><a href="/api/inbox">Inside</a>',
      '<p>Words stay</p></body></html>',
    ].join('\n'),
    attachments: [
      { filename: '<b>x</b>.html', content: '<script>alert(1)</script>', contentType: 'text/html' },
    ],
  })
  const { page, complaints, close } = await open(`/inbox/inbox/${number}`)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const opened: Page[] = []
  page.context().on('page', (other) => opened.push(other))
  page.on('dialog', (dialog) => complaints.length === 0 && dialog.dismiss())

  await mailOf(page).getByText('Words stay').waitFor()
  for (const name of ['Top', 'Script', 'Inside']) await mailOf(page).getByText(name, { exact: true }).click()
  await mailOf(page).getByText('Top', { exact: true }).click({ button: 'middle' })
  await mailOf(page).getByRole('button', { name: 'Send it' }).click()
  await mailOf(page).getByText('Words stay').waitFor()

  expect(await page.title()).not.toContain('owned')
  expect(await page.getByRole('heading', { level: 2 }).textContent()).toContain(
    '<img src=x onerror=alert(1)>',
  )
  expect(opened).toEqual([])
  expect(asked.filter((url) => !url.startsWith(studio.url))).toEqual([])
  expect(complaints).toEqual([])
  expect(page.frames()[1]?.url()).toContain(`/frame/inbox/inbox/${number}/html`)
  await close()
})

test('a message is found by whom it went to', async () => {
  await send({ to: 'zelda@example.org', subject: 'One of many', text: 'Hello' })
  const { page, close } = await open('/inbox')
  await page.locator('.inbox-list li').nth(1).waitFor()

  await page.getByRole('searchbox', { name: /Find messages/ }).fill('ZELDA@')

  await page.locator('.inbox-list li').nth(1).waitFor({ state: 'detached' })
  expect(await page.locator('.inbox-list li').allTextContents()).toEqual([
    expect.stringContaining('One of many'),
  ])
  await close()
})

test('a name that turns writing around leaves the address as it is', async () => {
  const number = await send({
    from: '"Bank \u202Eevil" <evil@example.org>',
    to: 'bob@example.org',
    subject: '\u202Emoc.knab',
  })
  const { page, close } = await open(`/inbox/inbox/${number}`)

  await page.getByRole('heading', { name: '[U+202E]moc.knab' }).waitFor()
  expect(await page.locator('.message-facts dd').first().textContent()).toBe(
    'Bank [U+202E]evil <evil@example.org>',
  )
  await close()
})

test('on a phone an inbox of which nothing is open is its list', async () => {
  const { page, complaints, close } = await open('/inbox', { width: 375 })

  const message = page.locator('.inbox-list').getByRole('link', { name: /A levy on cold boxes/ })
  await message.waitFor()
  await keepPicture(page, 'inbox-phone-list')
  expect(await findLayoutFaults(page)).toEqual([])
  expect(await findBarriers(page)).toEqual([])
  await message.click()

  await mailOf(page).getByText('The Straits assembly sits').first().waitFor()
  expect(await message.isVisible()).toBe(false)
  await page.getByRole('button', { name: 'Messages', exact: true }).click()
  await message.waitFor()
  expect(complaints).toEqual([])
  await close()
})

test.each<Partial<Screen>>([
  { width: 1280, colorScheme: 'light' },
  { width: 1600, colorScheme: 'dark' },
  { width: 375, colorScheme: 'light' },
])('nothing is cut, faint or keeps anyone out at %o', async (screen) => {
  const { page, close } = await open('/inbox/inbox/1', screen)
  await mailOf(page).getByText('The Straits assembly sits').first().waitFor()
  const found: string[] = []

  for (const name of ['HTML', 'Text', 'Links', 'Headers', 'Source']) {
    await tab(page, new RegExp(name)).click()
    await page.locator('.panel > :first-child').waitFor()
    if (name === 'Source') await page.getByText('Content-Type: multipart/mixed', { exact: false }).waitFor()
    await keepPicture(page, `inbox-${name.toLowerCase()}-${screen.width}`)
    await showWhole(page)
    const faults = await findLayoutFaults(page)
    found.push(
      ...faults.map((fault) => `${name}: ${fault}`),
      ...(await findBarriers(page)).map((barrier) => `${name}: ${barrier}`),
    )
  }

  expect(found).toEqual([])
  await close()
})

test('a message that is chosen while the studio is gone is shown once it is back', async () => {
  await send({ to: 'ruth@press.example', subject: 'Chosen in between', text: 'Here it is again.' })
  const { page, close } = await open('/inbox')
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  const row = page.getByRole('link', { name: /Chosen in between/ })
  await row.waitFor()

  const start = await studio.stop()
  await row.click()
  await page.getByText('Reconnecting').waitFor()
  await start()

  await page.getByText('Here it is again.').waitFor()
  expect(errors).toEqual([])
  await close()
})
