/** The studio's list of all issues: states, findings and days, found by typing, opened by key, and a new one from the page. */

import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/app/store.js'
import { readConfig } from '../../src/config.js'
import { findBarriers } from '../rig/axe.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepPicture } from '../rig/pictures.js'
import { seedSend } from '../rig/seed.js'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

const SHORE_POWER = '2026-11-10-shore-power-before-berths'
const COLD_BOXES = '2026-11-24-a-levy-on-cold-boxes'
const STATES = ['scheduled', 'waiting', 'preparing', 'sending', 'paused', 'cancelled'] as const

let studio: TestStudio

beforeAll(async () => {
  const files = Object.fromEntries(
    STATES.map((state, index) => [
      `issues/2026-0${index + 1}-13-${state}.md`,
      `---\ntitle: The ${state} one\ndate: 2026-0${index + 1}-13\nnumber: ${index + 1}\n---\n\nText.\n`,
    ]),
  )
  studio = await openTestStudio({
    files: {
      ...files,
      'issues/2026-12-08-broken.md': '---\ntitle: Broken\ndate: 2026-12-08\nnumbr: 43\n---\n\nText.\n',
    },
  })
  const store = await openStore(readConfig({ root: studio.root, env: {} }))
  const now = Date.now() - 3 * 3_600_000
  const seed = { deliveries: [], now }
  for (const [index, state] of STATES.entries())
    await seedSend(store.db.query, { ...seed, state, issue: { slug: `2026-0${index + 1}-13-${state}` } })
  await seedSend(store.db.query, { ...seed, state: 'finished', issue: { slug: SHORE_POWER } })
  await store.close()
})

afterAll(() => studio.close())

async function openIssues(screen: { width?: number; colorScheme?: 'light' | 'dark'; at?: string } = {}) {
  const visited = await openStudioPage(studio, screen)
  await visited.page.getByRole('link', { name: 'A levy on cold boxes' }).waitFor()
  return visited
}

test('every issue is there with its number, its state, since when and where it went', async () => {
  const { page, complaints, close } = await openIssues()

  const rows = page.getByRole('table').getByRole('row')
  expect(await rows.count()).toBe(1 + 3 + STATES.length)
  const sent = rows.filter({ hasText: 'Shore power before berths' })
  expect(await sent.getByRole('cell').nth(0).textContent()).toBe('41')
  expect(await sent.locator('.state > .state').textContent()).toBe('Finished')
  expect(await sent.locator('td.state .about').textContent()).toBe('3 hours ago')
  expect(await sent.locator('td.lists').textContent()).toBe('harbour')
  expect(await sent.locator('td.day time').getAttribute('datetime')).toBe('2026-11-10')
  expect(
    await rows.filter({ hasText: 'A levy on cold boxes' }).locator('.state > .state').textContent(),
  ).toBe('Draft')
  expect(complaints).toEqual([])
  await close()
})

test('findings come by themselves, and a broken issue says where and what', async () => {
  const { page, close } = await openIssues()

  const broken = page.getByRole('row').filter({ hasText: '2026-12-08-broken' })
  await broken.getByText('Cannot be compiled').waitFor()
  await broken.getByText('"numbr" is an unknown key; did you mean "number"?').waitFor()
  await broken.getByRole('link', { name: 'issues/2026-12-08-broken.md:4' }).waitFor()
  const draft = page.getByRole('row').filter({ hasText: 'A levy on cold boxes' })
  await draft
    .locator('td.findings')
    .getByText(/^(None|\d+ (errors?|warnings?))/)
    .waitFor()
  await close()
})

test('the exact day is shown at the row that has the focus', async () => {
  const { page, close } = await openIssues()

  await page.getByRole('link', { name: 'A levy on cold boxes' }).focus()

  const day = page.getByRole('row').filter({ hasText: 'A levy on cold boxes' }).locator('td.day')
  await day.getByText('24 November 2026').waitFor()
  await close()
})

test('typing finds an issue, and Enter opens it', async () => {
  const { page, close } = await openIssues()

  await page.keyboard.press('/')
  await page.keyboard.type('sending')
  await page.getByText('1 of 9 issues').waitFor()
  await page.keyboard.press('Enter')

  await page.waitForURL('**/issues/2026-04-13-sending')
  await close()
})

test('a filter that finds nothing says so', async () => {
  const { page, close } = await openIssues()

  await page.getByRole('searchbox', { name: 'Filter the issues' }).fill('zebra')

  await page.getByText('No issue has “zebra” in its title, number, state or lists.').waitFor()
  await close()
})

test('an issue is opened wherever its row is clicked, or by arrows and Enter', async () => {
  const { page, close } = await openIssues()

  await page.getByRole('row').filter({ hasText: 'A levy on cold boxes' }).locator('td.findings').click()
  await page.waitForURL(`**/issues/${COLD_BOXES}`)
  await page.goBack()
  await page.getByRole('link', { name: 'A levy on cold boxes' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/issues/${SHORE_POWER}`)

  const current = page.getByRole('navigation', { name: 'Issues' }).locator('a[aria-current=page]')
  await current.getByText('Shore power before berths').waitFor()
  await close()
})

test('a new issue is written from the page and opened', async () => {
  const { page, close } = await openIssues()

  await page.keyboard.press('n')
  const sheet = page.getByRole('dialog', { name: 'New issue' })
  await sheet.getByLabel('Title').fill('A levy on cold boxes')
  await sheet.getByLabel('Date').fill('2026-11-24')
  await page.keyboard.press('Enter')
  await sheet.getByText('is there already; choose another title or date').waitFor()
  await sheet.getByLabel('Title').fill('The bridge')
  await sheet.getByLabel('Date').fill('2026-12-22')
  await sheet.getByRole('button', { name: 'Begin the issue' }).click()

  await page.waitForURL('**/issues/2026-12-22-the-bridge')
  await page.getByRole('navigation', { name: 'Issues' }).getByText('The bridge').waitFor()
  rmSync(path.join(studio.root, 'issues/2026-12-22-the-bridge.md'))
  await page
    .getByRole('navigation', { name: 'Issues' })
    .getByText('The bridge')
    .waitFor({ state: 'detached' })
  await close()
})

test('an empty folder says so, and a new issue is one button away', async () => {
  const empty = await openTestStudio()
  rmSync(path.join(empty.root, 'issues'), { recursive: true })
  mkdirSync(path.join(empty.root, 'issues'))
  const { page, close } = await openStudioPage(empty)

  await page.getByText('There is no issue yet; a new one is a file in issues/.').waitFor()
  await page.getByRole('button', { name: 'New issue' }).click()
  await page.getByRole('dialog', { name: 'New issue' }).waitFor()
  await close()
  await empty.close()
})

test.each([
  { width: 1280, colorScheme: 'light' },
  { width: 1600, colorScheme: 'dark' },
  { width: 375, colorScheme: 'light' },
] as const)('the list is whole and open to all at $width px, $colorScheme', async (screen) => {
  const { page, close } = await openIssues(screen)
  const draft = page.getByRole('row').filter({ hasText: 'A levy on cold boxes' })
  if (screen.width > 700)
    await draft
      .locator('td.findings')
      .getByText(/^(None|\d+ )/)
      .waitFor()

  await keepPicture(page, `studio-issues-${screen.width}-${screen.colorScheme}`)

  // So high that nothing lies below the foot; and first of all, since looking for barriers scrolls.
  await page.setViewportSize({ width: screen.width, height: 2_000 })
  expect(await findLayoutFaults(page)).toEqual([])
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('n')
  await page.getByRole('dialog', { name: 'New issue' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await close()
})
