/** Readers in the studio: who is looked at, side by side, what their copies lack, and readers that a person has written. */

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import { findLayoutFaults } from '../rig/layout.js'
import { keepPicture } from '../rig/pictures.js'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

const SLUG = '2026-12-08-ice-in-the-strait'
const AT = `/issues/${SLUG}`

function issue(lead: string): string {
  return `---
title: Ice in the strait
subject: "{{subscriber.name \\"Reader\\"}}, there is ice in the strait"
preheader: What it means for the ferries of {{subscriber.city "your town"}}, and until when.
date: 2026-12-08
number: 43
---

Dear {{subscriber.name "reader"}} of {{subscriber.city}}, ${lead}

{{#if subscriber.member}}
Members meet on the quay.
{{else}}
Everyone may join us.
{{/if}}

## The ferries

They wait. [The table](https://ferries.example.org/table) says how long.
`
}

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio({ files: { [`issues/${SLUG}.md`]: issue('the ice is here.') } })
})

beforeEach(() => studio.write(`issues/${SLUG}.md`, issue('the ice is here.')))

afterAll(() => studio.close())

async function openReaders(
  screen: { width?: number; height?: number; colorScheme?: 'light' | 'dark'; at?: string } = {},
) {
  const visited = await openStudioPage(studio, { at: AT, ...screen })
  await row(visited.page, 'Nothing known').waitFor()
  await mailOf(visited.page, 0).getByText('the ice is here.').waitFor()
  return visited
}

function panelOf(page: Page) {
  return page.getByRole('region', { name: 'Readers' })
}

function row(page: Page, label: string) {
  return panelOf(page).getByRole('listitem').filter({ hasText: label }).first()
}

/** The copy of the reader at this place on the stage. */
function mailOf(page: Page, index: number) {
  return page.locator('.reader').nth(index).frameLocator('.sheet iframe:not(.coming)').first()
}

function names(page: Page) {
  return page.locator('.reader > header .name').allTextContents()
}

test('a reader is picked by name, others are put beside them, and the address keeps who is looked at', async () => {
  const { page, complaints, close } = await openReaders()

  await panelOf(page).getByRole('button', { name: 'Emoji', exact: true }).click()
  await panelOf(page).getByRole('checkbox', { name: 'Show Right to left beside the others' }).check()

  await mailOf(page, 0).getByText('Dear فاطمة الزهراء').waitFor()
  await mailOf(page, 1).getByText('Dear Zoë 👩‍👩‍👧🎉').waitFor()
  expect(await names(page)).toEqual(['Right to left', 'Emoji'])
  await page.reload()
  await mailOf(page, 1).getByText('Dear Zoë 👩‍👩‍👧🎉').waitFor()
  expect(await names(page)).toEqual(['Right to left', 'Emoji'])
  expect(complaints).toEqual([])
  await close()
})

test('all variants of a passage stand side by side by one key', async () => {
  const { page, close } = await openReaders()

  await page.keyboard.press('v')

  await mailOf(page, 0).getByText('Members meet on the quay.').waitFor()
  await mailOf(page, 1).getByText('Everyone may join us.').waitFor()
  expect(await names(page)).toEqual(['With member', 'Without member'])
  await page.keyboard.press('v')
  await expect.poll(() => names(page)).toEqual(['nothing known'])
  await close()
})

test('readers are gone through by key, and who they are is said', async () => {
  const { page, close } = await openReaders()

  await page.keyboard.press('r')

  await mailOf(page, 0).getByText('Dear Ada Quist of Lisbon').waitFor()
  await page.getByRole('status').getByText('Reader: Everything known, nothing missing.').waitFor()
  await page.keyboard.press('R')
  await page.getByRole('status').getByText('Reader: Nothing known, 3 fallbacks, 1 empty.').waitFor()
  await close()
})

test('what a copy lacks is counted for each reader, and told for who is shown', async () => {
  const { page, close } = await openReaders()

  // The name in subject and greeting, the town in the preheader; the town in the greeting.
  expect(await row(page, 'Nothing known').locator('.count').textContent()).toBe('3 fallbacks, 1 empty')
  expect(await row(page, 'Everything known').locator('.count').count()).toBe(0)
  const details = row(page, 'Nothing known').locator('.details li')
  expect(await details.allTextContents()).toEqual([
    'name: fallback “Reader”, in the subject',
    'city: fallback “your town”',
    'name: fallback “reader”',
    'city: empty',
    'passages: without member',
  ])
  await close()
})

test('holes are marked in the picture, in the row of the inbox and in the text, and nothing is when they are not', async () => {
  const { page, close } = await openReaders()
  expect(await mailOf(page, 0).locator('[data-hole]').count()).toBe(0)

  await page.keyboard.press('h')

  await mailOf(page, 0).locator('[data-hole=empty]').getByText('{{subscriber.city}} empty').waitFor()
  expect(await mailOf(page, 0).locator('p [data-hole=fallback]').allTextContents()).toEqual(['reader'])
  await page.locator('.inbox-row mark[data-kind=fallback]').getByText('Reader').first().waitFor()
  await page.keyboard.press('2')
  await page.getByLabel('Text part').locator('mark').getByText('{{subscriber.city}} empty').waitFor()
  await panelOf(page).getByLabel('Mark what is personal').uncheck()
  await expect.poll(() => page.locator('mark').count()).toBe(0)
  await close()
})

test('a reader who is written is shown, kept in this browser, changed and removed', async () => {
  const { page, close } = await openReaders()

  await panelOf(page).getByRole('button', { name: 'Write a reader' }).click()
  const form = page.getByRole('form', { name: 'A new reader' })
  await form.getByLabel('Name to pick them by').fill('Ines from Marrow')
  await form.getByLabel('name', { exact: true }).fill('Ines Varga')
  await form.getByLabel('city').fill('Marrow')
  await form.getByRole('button', { name: 'Keep and show' }).click()

  await mailOf(page, 1).getByText('Dear Ines Varga of Marrow').waitFor()
  await page.goto(studio.url + AT)
  await row(page, 'Ines from Marrow').getByRole('button', { name: 'Change Ines from Marrow' }).click()
  const changed = page.getByRole('form', { name: 'Change Ines from Marrow' })
  expect(await changed.getByLabel('city').inputValue()).toBe('Marrow')
  await changed.getByLabel('city').fill('Norhaven')
  await changed.getByRole('button', { name: 'Keep and show' }).click()
  await mailOf(page, 1).getByText('Dear Ines Varga of Norhaven').waitFor()
  await row(page, 'Ines from Marrow').getByRole('button', { name: 'Remove Ines from Marrow' }).click()
  await expect.poll(() => names(page)).toEqual(['nothing known'])
  await close()
})

test('a name that is taken is refused with a sentence', async () => {
  const { page, close } = await openReaders()

  await panelOf(page).getByRole('button', { name: 'Write a reader' }).click()
  const form = page.getByRole('form', { name: 'A new reader' })
  await form.getByLabel('Name to pick them by').fill('Emoji')
  await form.getByRole('button', { name: 'Keep and show' }).click()

  await form.getByText('There is a reader of that name; choose another.').waitFor()
  await page.keyboard.press('Escape')
  await form.waitFor({ state: 'detached' })
  await close()
})

test('what is being written outlives an edit of the issue, and the keyboard stays where it is', async () => {
  const { page, close } = await openReaders()
  await panelOf(page).getByRole('button', { name: 'Write a reader' }).click()
  const city = page.getByRole('form', { name: 'A new reader' }).getByLabel('city')
  await city.fill('Marr')

  studio.write(`issues/${SLUG}.md`, issue('the ice is thick.'))
  await mailOf(page, 0).getByText('the ice is thick.').waitFor()
  await page.keyboard.type('ow')

  await expect.poll(() => city.inputValue()).toBe('Marrow')
  await page.keyboard.press('Escape')
  const box = panelOf(page).getByRole('checkbox', { name: 'Show Emoji beside the others' })
  await box.focus()
  await page.keyboard.press('Space')
  await mailOf(page, 1).getByText('Dear Zoë').waitFor()
  expect(await box.evaluate((element) => element === document.activeElement)).toBe(true)
  await close()
})

test('readers of the team come from issues/readers.yaml as it is saved, and what is wrong there leads to its line', async () => {
  const { page, close } = await openReaders()

  studio.write(
    'issues/readers.yaml',
    'Jo, a member:\n  name: Jo Mbeki\n  member: since 2019\nOdd:\n  - a list\n',
  )

  await panelOf(page).getByRole('button', { name: 'Jo, a member', exact: true }).click()
  await mailOf(page, 0).getByText('Members meet on the quay.').waitFor()
  const place = panelOf(page).getByRole('link', { name: 'issues/readers.yaml:4' })
  await expect.poll(() => place.getAttribute('href')).toMatch(/readers\.yaml/)
  studio.write('issues/readers.yaml', '')
  await place.waitFor({ state: 'detached' })
  await panelOf(page).getByText('Jo, a member came with the address.').waitFor()
  await close()
})

test('an issue that asks nothing says so', async () => {
  studio.write('issues/2026-12-09-same.md', '---\ntitle: Same\ndate: 2026-12-09\n---\n\nFor everyone.\n')
  const { page, close } = await openStudioPage(studio, { at: '/issues/2026-12-09-same' })

  await panelOf(page).getByText('This issue is the same for every reader.').waitFor()
  await close()
})

test('a reader is written in a form that is in view, its first field ready to be typed in', async () => {
  const { page, close } = await openReaders({ height: 800 })

  await panelOf(page).getByRole('button', { name: 'Write a reader' }).click()

  const label = panelOf(page).getByLabel('Name to pick them by')
  await label.waitFor()
  await page.waitForFunction(() => document.activeElement?.matches('.reader-form input'))
  const panels = await page.locator('#panels').boundingBox()
  const form = await page.locator('.reader-form').boundingBox()
  expect(form?.y).toBeGreaterThanOrEqual(panels?.y ?? Number.NaN)
  expect((form?.y ?? 0) + (form?.height ?? 0)).toBeLessThanOrEqual((panels?.y ?? 0) + (panels?.height ?? 0))
  await close()
})

test('more readers than there is room for are counted, and brought into view', async () => {
  const { page, close } = await openReaders()
  const note = page.locator('.beyond')
  expect(await note.isVisible()).toBe(false)

  for (const name of ['Emoji', 'Right to left', 'Chinese'])
    await panelOf(page)
      .getByRole('checkbox', { name: new RegExp(`^Show ${name}`) })
      .first()
      .check()

  await note.getByText(/^[12] of 4 readers are whole in view\.$/).waitFor()
  expect(await note.getByRole('button', { name: 'Those before' }).isDisabled()).toBe(true)
  await keepPicture(page, 'studio-beyond')
  const last = page.locator('.reader').nth(3)
  const after = note.getByRole('button', { name: 'Those after' })
  while (await after.isEnabled()) {
    const from = await page.locator('.stage .readers').evaluate((readers) => readers.scrollLeft)
    await after.click()
    await page.waitForFunction(
      (was) => (document.querySelector('.stage .readers')?.scrollLeft ?? was) > was,
      from,
    )
    await page.evaluate(() => new Promise(requestAnimationFrame))
  }
  const box = await last.boundingBox()
  const panels = await page.locator('#panels').boundingBox()
  expect((box?.x ?? Number.NaN) + (box?.width ?? 0)).toBeLessThanOrEqual(panels?.x ?? 0)
  await close()
})

test.each([
  { width: 1280, colorScheme: 'light' },
  { width: 1600, colorScheme: 'dark' },
] as const)('the panel is whole and open to all at $width px, $colorScheme', async (screen) => {
  const { page, close } = await openReaders({ ...screen, at: `${AT}?holes=1` })
  await page.keyboard.press('v')
  await mailOf(page, 1).getByText('Everyone may join us.').waitFor()
  await panelOf(page).getByRole('button', { name: 'Write a reader' }).click()
  await panelOf(page).getByLabel('Name to pick them by').waitFor()

  await keepPicture(page, `studio-readers-${screen.width}-${screen.colorScheme}`)

  expect(await findBarriers(page)).toEqual([])
  const faults = await findLayoutFaults(page)
  expect(faults.filter((fault) => fault.includes('reader'))).toEqual([])
  await close()
})
