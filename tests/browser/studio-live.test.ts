/** The studio in Chromium: what a person sees who writes an issue. */

import type { FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

const SLUG = '2026-12-01-harbour'
const FILE = `issues/${SLUG}.md`
const TEMPLATE = 'templates/digest/email.mjml'

function issue(words: string): string {
  const more = Array.from({ length: 12 }, (_, at) => `## Berth ${at + 1}\n\nIt is as it was.\n`).join('\n')
  return `---\ntitle: Harbour\ndate: 2026-12-01\nnumber: 43\n---\n\n## Quay\n\n${words}\n\n${more}`
}

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio({ files: { [FILE]: issue('The crane is up.') } })
})

afterAll(() => studio.close())

beforeEach(() => studio.write(FILE, issue('The crane is up.')))

/** Resolves when the picture says so. */
function sees(page: Page, words: string): Promise<void> {
  return mail(page).getByText(words).first().waitFor()
}

/** A browser without a screen shows all its tabs at once. */
function setHidden(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
    document.dispatchEvent(new Event('visibilitychange'))
  }, isHidden)
}

/** The picture that is shown, not the one that comes in its place. */
function mail(page: Page): FrameLocator {
  return page.frameLocator('iframe:not(.coming)')
}

test('a file is saved, and the picture shows it', async () => {
  const { page, complaints, close } = await openStudioPage(studio, { at: `/issues/${SLUG}` })
  await sees(page, 'The crane is up.')

  studio.write(FILE, issue('The crane is down.'))

  await sees(page, 'The crane is down.')
  expect(complaints).toEqual([])
  await close()
})

test('more tabs than a browser has connections show their issue, and one that is looked at again is as it is now', async () => {
  const { page: first, close } = await openStudioPage(studio, { at: `/issues/${SLUG}` })
  await sees(first, 'The crane is up.')
  let page = first
  for (let tab = 2; tab <= 8; tab++) {
    await setHidden(page, true)
    page = await first.context().newPage()
    await page.goto(`${studio.url}/issues/${SLUG}`)
    await sees(page, 'The crane is up.')
  }

  studio.write(FILE, issue('The crane is down.'))
  await sees(page, 'The crane is down.')
  await setHidden(page, true)
  await setHidden(first, false)

  await sees(first, 'The crane is down.')
  studio.write(FILE, issue('The crane is gone.'))
  await sees(first, 'The crane is gone.')
  await close()
})

test('what is saved is seen in the mode and at the place of the picture where one was', async () => {
  const at = `/issues/${SLUG}?width=375&light=dark`
  const { page, close } = await openStudioPage(studio, { at })
  await sees(page, 'The crane is up.')
  await mail(page).getByText('Berth 12').last().scrollIntoViewIfNeeded()
  const before = await scrolls(page)
  studio.write(FILE, issue('The crane is down.'))
  await mail(page).getByText('The crane is down.').first().waitFor({ state: 'attached' })

  expect(Math.max(...before)).toBeGreaterThan(100)
  expect(await scrolls(page)).toEqual(before)
  expect(page.url()).toBe(`${studio.url}${at}`)
  await close()
})

test('a template is broken and mended: the last good picture stays, under what is wrong and where', async () => {
  const { page, close } = await openStudioPage(studio, { at: `/issues/${SLUG}` })
  await sees(page, 'The crane is up.')
  studio.edit(TEMPLATE, (text) => text.replace('<mj-body', '{{no_such_value}}<mj-body'))
  const strip = page.getByRole('alert').filter({ hasText: 'no_such_value' })
  await strip.waitFor()
  const said = await strip.textContent()
  await sees(page, 'The crane is up.')
  studio.edit(TEMPLATE, (text) => text.replace('{{no_such_value}}', ''))
  studio.write(FILE, issue('The crane is down.'))
  await sees(page, 'The crane is down.')
  await strip.waitFor({ state: 'hidden' })

  expect(said).toContain(TEMPLATE)
  await close()
})

test('two browsers at once see the same, and one that comes back sees what it has missed', async () => {
  const one = await openStudioPage(studio, { at: `/issues/${SLUG}` })
  const other = await openStudioPage(studio, { at: `/issues/${SLUG}?light=fully`, width: 800 })
  for (const words of ['Both see the first.', 'Both see the second.']) {
    studio.write(FILE, issue(words))
    await Promise.all([sees(one.page, words), sees(other.page, words)])
  }
  await other.page.goto('about:blank')
  studio.write(FILE, issue('One alone sees this.'))
  await sees(one.page, 'One alone sees this.')
  await other.page.goBack()
  await sees(other.page, 'One alone sees this.')

  await one.close()
  await other.close()
})

test('eight tabs of one browser each show the picture and hear of what is saved, also when the first is closed', async () => {
  const { page, close } = await openStudioPage(studio, { at: `/issues/${SLUG}` })
  const others: Page[] = []
  for (let tab = 2; tab <= 8; tab++) {
    const other = await page.context().newPage()
    await other.goto(`${studio.url}/issues/${SLUG}`)
    others.push(other)
  }
  await Promise.all([page, ...others].map((tab) => sees(tab, 'The crane is up.')))
  studio.write(FILE, issue('All tabs see this.'))
  await Promise.all([page, ...others].map((tab) => sees(tab, 'All tabs see this.')))
  await page.close()
  studio.write(FILE, issue('Those that are left see this.'))
  await Promise.all(others.map((tab) => sees(tab, 'Those that are left see this.')))

  await close()
})

test('tabs of two issues each hear of theirs', async () => {
  const slug = '2026-12-02-lighthouse'
  const of = (words: string) => issue(words).replace('number: 43', 'number: 44').replace('12-01', '12-02')
  studio.write(`issues/${slug}.md`, of('The lamp is lit.'))
  const { page, close } = await openStudioPage(studio, { at: `/issues/${SLUG}` })
  const other = await page.context().newPage()
  await other.goto(`${studio.url}/issues/${slug}`)
  await Promise.all([sees(page, 'The crane is up.'), sees(other, 'The lamp is lit.')])
  studio.write(FILE, issue('The crane is down.'))
  studio.write(`issues/${slug}.md`, of('The lamp is out.'))

  await Promise.all([sees(page, 'The crane is down.'), sees(other, 'The lamp is out.')])
  await close()
})

test('a hidden tab keeps no connection, and shows what it has missed when it is looked at again', async () => {
  const { page, close } = await openStudioPage(studio, { at: `/issues/${SLUG}` })
  await sees(page, 'The crane is up.')
  const ended = page.waitForEvent('requestfailed', (request) => request.url().includes('/api/live'))
  await setHidden(page, true)
  await ended
  const other = await openStudioPage(studio, { at: `/issues/${SLUG}` })
  studio.write(FILE, issue('The crane is down.'))
  await sees(other.page, 'The crane is down.')
  const meanwhile = await mail(page).getByText('The crane is down.').count()
  await setHidden(page, false)
  await sees(page, 'The crane is down.')

  expect(meanwhile).toBe(0)
  await other.close()
  await close()
})

/** How far down the page and what stands in it are. */
function scrolls(page: Page): Promise<readonly number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('iframe')]
      .filter((frame) => frame.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .map((frame) => frame.contentWindow?.scrollY ?? 0)
      .concat(
        [...document.querySelectorAll('*')].map((element) => element.scrollTop).filter((top) => top > 0),
      ),
  )
}
