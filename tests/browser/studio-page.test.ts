/** The studio's page: what is shown, and how it is reached by click, key and address. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepPicture } from '../rig/pictures.js'
import { AT, addressOf, mailOf, openSavedStudio, type SavedStudio } from '../rig/saved-studio.js'

let studio: SavedStudio

beforeAll(async () => {
  studio = await openSavedStudio()
})

afterAll(() => studio.close())

describe('the inbox row', () => {
  test('shows sender, subject and preheader as a phone and a desk cut them, by day and by night', async () => {
    const { page, close } = await studio.open()
    const row = page.getByRole('region', { name: 'Row in the inbox' })

    const phone = row.locator('.phone').first()
    expect(await phone.locator('.from').textContent()).toBe('The Harbour Brief')
    expect(await phone.locator('.subject').textContent()).toBe('Slack water: three quiet hours, and wha…')
    expect(await phone.locator('.preheader').textContent()).toHaveLength(40)
    expect(await row.locator('.desk .both').textContent()).toMatch(/^Slack water: .* them all The tide s.*…$/)
    expect(await row.locator('.phone').nth(1).getAttribute('data-light')).toBe('dark')

    await page.keyboard.press('d')

    await row.locator('.desk[data-light=dark]').waitFor()
    await close()
  })
})

describe('each view', () => {
  test('is reached by its key and by its button, and stands in the address', async () => {
    const { page, complaints, close } = await studio.open()

    await page.keyboard.press('2')
    await page.getByLabel('Text part').getByText('The crane is up.').waitFor()
    expect(addressOf(page)).toBe(`${AT}?view=text`)
    await keepPicture(page, 'studio-page-text')

    await page.getByRole('button', { name: 'Web page' }).click()
    await mailOf(page).getByText('The crane is up.').waitFor()
    await page.frameLocator('.sheet iframe[title^="Web page"]:not(.coming)').locator('main').waitFor()
    expect(addressOf(page)).toBe(`${AT}?view=web`)
    await keepPicture(page, 'studio-page-web')

    await page.keyboard.press('4')
    await page.getByText('One click is enough, without a page').waitFor()
    await page
      .getByRole('region', { name: 'Body' })
      .getByText('multipart')
      .or(page.getByText('text/plain'))
      .first()
      .waitFor()
    expect(addressOf(page)).toBe(`${AT}?view=source`)
    await keepPicture(page, 'studio-page-source')

    await page.goBack()
    expect(addressOf(page)).toBe(`${AT}?view=web`)
    await page.keyboard.press('1')
    await mailOf(page).getByText('The crane is up.').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  test('is there again after a reload, with everything else that was chosen', async () => {
    const readers = JSON.stringify([{ label: 'Longest name', values: { name: 'Wolfeschlegelsteinhausen' } }])
    const { page, close } = await studio.open({
      at: `${AT}?width=768&light=dark&readers=${encodeURIComponent(readers)}`,
    })
    await page.keyboard.press('i')
    await expect.poll(() => addressOf(page)).toContain('images=off')

    await page.reload()

    await page.getByRole('heading', { name: 'Longest name' }).waitFor()
    for (const name of ['Mail', 'Tablet', 'Dark', 'No pictures'])
      expect(await page.getByRole('button', { name, exact: true }).getAttribute('aria-pressed')).toBe('true')
    await close()
  })
})

describe('the width', () => {
  test('is chosen by click, turned by key, and shown in pixels', async () => {
    const { page, close } = await studio.open()

    await page.getByRole('button', { name: 'Phone' }).click()
    await page.getByText('375 px', { exact: true }).waitFor()
    expect(await widthOf(page)).toBe(375)
    await page.keyboard.press('w')
    await page.getByText('768 px').waitFor()
    expect(await widthOf(page)).toBe(768)
    await page.keyboard.press('w')
    await page.getByText(/^1280 px, shown at \d\d %$/).waitFor()
    expect(await widthOf(page)).toBe(1280)
    await close()
  })

  test('is dragged at the edge, and moved there by arrow keys', async () => {
    const { page, close } = await studio.open({ at: `${AT}?width=500` })
    const edge = page.getByRole('separator', { name: 'Width of the picture' })
    const box = await edge.boundingBox()
    if (box === null) throw new Error('the edge is not on screen')

    await page.mouse.move(box.x + 8, 500)
    await page.mouse.down()
    await page.mouse.move(box.x - 22, 500)
    await page.mouse.up()

    await expect.poll(() => edge.getAttribute('aria-valuenow')).toBe('440')
    expect(addressOf(page)).toBe(`${AT}?width=440`)
    await edge.press('ArrowRight')
    await edge.press('Shift+ArrowLeft')
    await expect.poll(() => edge.getAttribute('aria-valuenow')).toBe('449')
    expect(await widthOf(page)).toBe(449)
    await close()
  })
})

describe('a link of the picture', () => {
  test('is not followed: the page says where it leads and offers to open it', async () => {
    const { page, close } = await studio.open()

    await mailOf(page).getByRole('link', { name: 'The table of tides' }).click()

    const note = page.locator('.link-note')
    await note.getByText('https://tides.example.org/harbour', { exact: true }).waitFor()
    const opens = note.getByRole('link', { name: 'Open in a new tab' })
    expect(await opens.getAttribute('rel')).toContain('noreferrer')
    expect(await mailOf(page).getByText('The crane is up.').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await opens.waitFor({ state: 'detached' })
    await close()
  })
})

describe('keys', () => {
  test('are all on the help sheet, which Esc closes', async () => {
    const { page, close } = await studio.open()

    await page.keyboard.press('?')

    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.getByText('Next width').waitFor()
    expect(await findBarriers(page)).toEqual([])
    await keepPicture(page, 'studio-page-help')
    await page.keyboard.press('2')
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
    expect(addressOf(page)).toBe(AT)
    await close()
  })

  test('go from place to place, and back leads back', async () => {
    const { page, close } = await studio.open()

    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.waitForURL(`${studio.url}/`)
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.waitForURL(`${studio.url}/inbox`)
    await page.goBack()
    await page.goBack()

    await mailOf(page).getByText('The crane is up.').waitFor()
    expect(await page.title()).toContain('Slack water')
    await page.keyboard.press(']')
    await page.waitForURL(`${studio.url}/issues/2026-11-24-a-levy-on-cold-boxes`)
    await mailOf(page).getByText('A levy on cold boxes').first().waitFor()
    await close()
  })

  test('count as well while the picture has the focus', async () => {
    const { page, close } = await studio.open()

    await mailOf(page).getByRole('link', { name: 'The table of tides' }).focus()
    await page.keyboard.press('2')

    await page.getByLabel('Text part').getByText('The crane is up.').waitFor()
    await close()
  })
})

test('a mode is said to be a simulation, with its source', async () => {
  const { page, close } = await studio.open()

  await page.getByRole('button', { name: 'Outlook' }).click()

  const note = page.locator('.simulation')
  await note.getByText('A simulation:').waitFor()
  expect(await note.getByRole('link').count()).toBe(1)
  await page.keyboard.press('i')
  await note.getByText('Simulations: No pictures; Outlook, Word engine').click()
  expect(await note.getByRole('link').count()).toBe(2)
  await mailOf(page).getByText('The crane is up.').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await close()
})

test('where the screen is narrow, list and findings open on demand and close by Esc', async () => {
  const { page, close } = await studio.open({ width: 800 })
  const opener = page.getByRole('button', { name: 'Findings', exact: true })

  await opener.click()

  const panels = page.getByRole('complementary', { name: 'Findings and facts' })
  await panels.waitFor()
  expect(await opener.getAttribute('aria-expanded')).toBe('true')
  await keepPicture(page, 'studio-page-panels-800')
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await panels.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'List', exact: true }).click()
  await page
    .locator('#list')
    .getByRole('link', { name: /A levy on cold boxes/ })
    .click()
  await mailOf(page).getByText('A levy on cold boxes').first().waitFor()
  expect(await page.locator('#list').isVisible()).toBe(false)
  await close()
})

describe('the page is whole and without barriers', () => {
  for (const width of [375, 800, 1280, 1600])
    for (const colorScheme of ['light', 'dark'] as const)
      test(`${width} pixels wide, ${colorScheme}`, async () => {
        const { page, complaints, close } = await studio.open({ width, colorScheme })

        await keepPicture(page, `studio-page-mail-${width}-${colorScheme}`)
        expect(await findLayoutFaults(page)).toEqual([])
        expect(await findBarriers(page)).toEqual([])
        for (const view of ['text', 'source']) {
          await page.goto(`${studio.url}${AT}?view=${view}`)
          await page.locator(view === 'text' ? '.text-part' : '.source dl').waitFor()
          await page.getByText('Live', { exact: true }).waitFor()
          expect(await findLayoutFaults(page)).toEqual([])
          expect(await findBarriers(page)).toEqual([])
        }
        expect(complaints).toEqual([])
        await close()
      })
})

/** Of the picture itself, however small it is shown. */
function widthOf(page: Page): Promise<number> {
  return mailOf(page)
    .locator('html')
    .evaluate((html) => html.clientWidth)
}
