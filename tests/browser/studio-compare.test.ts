/** A draft beside what it was before, in Chromium: pictures side by side, over one another, their difference, and words. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import {
  AFTER,
  AT,
  BEFORE,
  type ComparedStudio,
  compared,
  frames,
  markedWords,
  openComparedStudio,
  verdict,
  version,
} from '../rig/compared.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepPicture } from '../rig/pictures.js'
import { openStudioPage } from '../rig/studio.js'

let compare: ComparedStudio

beforeAll(async () => {
  compare = await openComparedStudio()
})

afterAll(() => compare.close())

test('by key the draft stands beside what was sent, and what differs is marked in both', async () => {
  const { page, complaints, close } = await openStudioPage(compare.studio, { at: AT })
  await version(page, `Send ${compare.own.sendId} to readers`).waitFor()

  await page.keyboard.press('c')

  await compared(page)
  const { before, after } = frames(page)
  expect(await page.locator('.compare h2').textContent()).toBe(
    `Compared with Send ${compare.own.sendId} to readers`,
  )
  expect(await before.locator('[data-changed]').allInnerTexts()).toEqual([
    expect.stringContaining('The crane at the quay is up.'),
  ])
  expect(await after.locator('[data-changed=rewritten]').allInnerTexts()).toEqual([
    expect.stringContaining('The crane at the quay is down.'),
  ])
  expect(await after.locator('[data-changed=come]').allInnerTexts()).toEqual([
    'Nobody knows when the divers come back.',
  ])
  expect(await markedWords(page)).toEqual({ gone: ['up'], come: ['down'] })
  expect(await verdict(page).textContent()).toBe('1 passage changed, 1 is new.')
  expect(page.url()).toContain(`compare=send%3A${compare.own.sendId}`)
  await keepPicture(page, 'studio-compare-beside')
  await page.keyboard.press('c')
  await page.locator('.stage .readers iframe').waitFor()
  expect(await page.locator('.compare').isHidden()).toBe(true)
  expect(complaints).toEqual([])
  await close()
})

test('subject and links that differ are told above', async () => {
  const { page, close } = await compare.open()

  const lines = page.locator('.compare .lines')

  await lines.waitFor()
  expect(await lines.locator('del').allInnerTexts()).toEqual(['up', 'https://harbour.example.com/old'])
  expect((await lines.locator('ins').allInnerTexts())[0]).toBe('down')
  await close()
})

test('one lies over the other, and the divider is moved by key and by pointer', async () => {
  const { page, close } = await compare.open()
  await compared(page)
  await page.getByRole('button', { name: 'Overlaid' }).click()
  const divider = page.getByRole('separator', { name: 'Where the draft begins' })

  await divider.focus()
  await page.keyboard.press('ArrowRight')
  expect(await divider.getAttribute('aria-valuenow')).toBe('55')
  await keepPicture(page, 'studio-compare-over')
  await page.keyboard.press('Home')
  expect(await divider.getAttribute('aria-valuenow')).toBe('0')

  const room = await page.locator('.compared .pair').boundingBox()
  const handle = await divider.boundingBox()
  if (room === null || handle === null) throw new Error('nothing is shown')
  const y = Math.max(room.y, 0) + 300
  await page.mouse.move(handle.x + 8, y)
  await page.mouse.down()
  await page.mouse.move(room.x + room.width * 0.75, y)
  await page.mouse.up()
  expect(await divider.getAttribute('aria-valuenow')).toBe('75')
  // At the left stands what was sent, at the right the draft.
  const edges = await page.evaluate(() =>
    ['.before', '.after'].map(
      (side) => getComputedStyle(document.querySelector(`.compared ${side}`) ?? document.body).clipPath,
    ),
  )
  expect(edges).toEqual(['inset(0px 25% 0px 0px)', 'inset(0px 0px 0px 75%)'])
  await close()
})

test('the difference shows what is other, and says when there is none', async () => {
  const { page, close } = await compare.open('&as=difference')
  await compared(page)
  await keepPicture(page, 'studio-compare-difference')
  const blend = await page
    .locator('.compared .after .sheet')
    .evaluate((side) => getComputedStyle(side).mixBlendMode)
  expect(blend).toBe('difference')

  compare.save(BEFORE)

  await verdict(page)
    .getByText(`These are exactly the bytes of Send ${compare.own.sendId} to readers.`)
    .waitFor()
  expect(await version(page, `Send ${compare.own.sendId}`).textContent()).toContain('The same bytes')
  compare.save(AFTER)
  await verdict(page).getByText('1 passage changed').waitFor()
  await close()
})

test('texts are compared word by word, and what is the same is folded away', async () => {
  const { page, close } = await compare.open('&view=text')
  const words = page.locator('.compare .words')

  await words.locator('.changed').first().waitFor()

  expect(await words.locator('del').allInnerTexts()).toEqual([expect.stringMatching(/^up\b/)])
  expect((await words.locator('ins').allInnerTexts()).join(' ')).toContain(
    'Nobody knows when the divers come back.',
  )
  expect(await words.locator('details').count()).toBeGreaterThan(0)
  expect(await verdict(page).textContent()).toMatch(/^\d paragraphs differ\.$/)
  await keepPicture(page, 'studio-compare-text')
  expect(await findBarriers(page)).toEqual([])
  await close()
})

test('the last issue, a commit, a branch that is written, and a name that is none', async () => {
  const { page, close } = await openStudioPage(compare.studio, { at: AT })

  await version(page, 'The last issue sent').click()
  await compared(page)
  await frames(page).before.getByText('Shore power').first().waitFor()
  expect(page.url()).toContain(`compare=send%3A${compare.last.sendId}`)

  await version(page, 'The crane is up').click()
  await page.locator('.compare h2', { hasText: 'Compared with commit' }).waitFor()
  await frames(page).before.getByText('The crane at the quay is up.').first().waitFor()

  const name = page.getByRole('textbox', { name: 'Branch, tag, commit or hash' })
  await name.fill('main')
  await name.press('Enter')
  await page.locator('.compare h2', { hasText: 'Compared with main, commit' }).waitFor()

  await name.fill('nowhere')
  await name.press('Enter')
  await verdict(page).getByText('git knows no branch, tag or commit "nowhere"').waitFor()
  await close()
})

test('modes and widths hold for both, and a saved file is shown without leaving the comparison', async () => {
  const { page, complaints, close } = await compare.open('&light=dark&width=375')
  await compared(page)
  const { before, after } = frames(page)
  const grounds = () =>
    Promise.all(
      [before, after].map((frame) =>
        frame.locator('html').evaluate((root) => getComputedStyle(root).colorScheme),
      ),
    )
  expect(await grounds()).toEqual(['dark only', 'dark only'])
  await keepPicture(page, 'studio-compare-dark-phone')

  compare.save(AFTER.replaceAll('is down', 'is gone'))

  await after.getByText('The crane at the quay is gone.').waitFor()
  expect(await before.getByText('The crane at the quay is up.').count()).toBe(1)
  compare.save(AFTER)
  await after.getByText('The crane at the quay is down.').waitFor()
  expect(complaints).toEqual([])
  await close()
})

test('a full stop leads to the next change', async () => {
  const { page, close } = await compare.open('', { height: 500 })
  await compared(page)

  await page.keyboard.press('.')

  await page.waitForFunction(() => scrollY > 0)
  await close()
})

test.each([
  { width: 375, colorScheme: 'light' },
  { width: 1280, colorScheme: 'light' },
  { width: 1600, colorScheme: 'dark' },
] as const)('at $width px, $colorScheme, nothing is in the way of anyone', async (screen) => {
  for (const as of ['beside', 'over', 'difference']) {
    const { page, close } = await compare.open(`&as=${as}`, screen)
    await compared(page)
    await version(page, `Send ${compare.own.sendId}`).waitFor({ state: 'attached' })
    await keepPicture(page, `studio-compare-${as}-${screen.width}-${screen.colorScheme}`)

    expect(await findBarriers(page)).toEqual([])
    const faults = await findLayoutFaults(page)
    expect(faults.filter((fault) => !fault.includes('cuts off'))).toEqual([])
    await close()
  }
})
