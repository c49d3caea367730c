/** What is marked in a comparison in Chromium: findings upon it, hostile words, and whose copies they are. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import {
  AFTER,
  AT,
  type ComparedStudio,
  compared,
  frames,
  markedWords,
  openComparedStudio,
  verdict,
  version,
} from '../rig/compared.js'
import { keepPicture } from '../rig/pictures.js'
import { openStudioPage } from '../rig/studio.js'

let compare: ComparedStudio

beforeAll(async () => {
  compare = await openComparedStudio()
})

afterAll(() => compare.close())

test('a finding keeps its colours in the difference, and lies upon it', async () => {
  compare.save(AFTER.replace('come back', 'come back, TODO ask'))
  const { page, close } = await compare.open('&as=difference')
  await compared(page)
  const mark = page.locator('.compared .mark[data-severity=error]')
  await mark.scrollIntoViewIfNeeded()
  await keepPicture(page, 'studio-compare-difference-mark')

  const turned = await mark.evaluate((one) => {
    const around: Element[] = []
    for (let at: Element | null = one; at !== null; at = at.parentElement) around.push(at)
    const styles = around.map((element) => getComputedStyle(element))
    return styles.filter(({ filter, mixBlendMode }) => filter !== 'none' || mixBlendMode !== 'normal').length
  })
  expect(turned).toBe(0)
  await mark.click()
  compare.save(AFTER)
  await close()
})

/** Looked at beside each other; to each the issue says the same. */
const READERS = new URLSearchParams({
  readers: JSON.stringify([
    { label: 'Nothing known', values: {} },
    { label: 'Zoë', values: { name: 'Zoë' } },
  ]),
})

test('of several readers the one is compared who is chosen', async () => {
  const { page, close } = await compare.open(`&${READERS}`)
  await compared(page)
  const choice = page.getByRole('combobox', { name: 'Reader' })
  expect(await choice.inputValue()).toBe('Nothing known')

  await choice.selectOption('Zoë')

  for (const side of ['.before', '.after'])
    await page
      .locator(`.compared ${side} iframe:not(.coming)[title$=": Zoë"][data-url*="Zo%C3%AB"]`)
      .waitFor()
  expect(await page.locator('.compared .sides').textContent()).toContain('Draft for Zoë')
  expect(new URL(page.url()).searchParams.get('for')).toBe('Zoë')
  expect(await findBarriers(page)).toEqual([])
  await keepPicture(page, 'studio-compare-readers')
  await close()
})

test('nothing is said of a picture while the one beside it is still another reader’s', async () => {
  const { page, close } = await compare.open(`&${READERS}`)
  await verdict(page).getByText('1 passage changed').waitFor()
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(/\/frame\/.*version=/, (route) => held.then(() => route.continue()))
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/api/passages')) asked.push(request.url())
  })

  await page.getByRole('combobox', { name: 'Reader' }).selectOption('Zoë')

  await page.locator('.compared .after iframe:not(.coming)[title$=": Zoë"]').waitFor()
  expect(await verdict(page).textContent()).toBe('')
  release()
  await verdict(page).getByText('1 passage changed').waitFor()
  expect(asked).toHaveLength(1)
  await close()
})

test('where it cannot be found out what differs, that is said', async () => {
  const { page, close } = await openStudioPage(compare.studio, { at: AT })
  await page.route('**/api/passages', (route) => route.abort())
  await version(page, `Send ${compare.own.sendId} to readers`).waitFor()

  await page.keyboard.press('c')

  await verdict(page).getByText('What differs could not be found out.').waitFor()
  await close()
})

test('words that hold mark-up are marked as words, and add nothing to the mail', async () => {
  const hostile = '&lt;img src=x onerror=top.document.title=1&gt; &lt;/style&gt;'
  compare.save(AFTER.replace('the council has not', `the council ${hostile} has not`))
  const { page, complaints, close } = await compare.open()

  await compared(page)

  await verdict(page).getByText('2 passages changed, 1 is new.', { exact: true }).waitFor()
  expect((await markedWords(page)).come.join(' ')).toContain('<img src=x onerror=top.document.title=1>')
  const passage = frames(page).after.locator('[data-changed=rewritten]', { hasText: 'pilots' })
  expect(await passage.locator('*').count()).toBe(0)
  expect(complaints).toEqual([])
  compare.save(AFTER)
  await close()
})

test('a passage that was moved is told as that: gone from here, new there', async () => {
  const [lamps, pilots] = [
    /The lamps[^\n]+\n\n/.exec(AFTER)?.[0] ?? '',
    /The pilots[^\n]+\n\n/.exec(AFTER)?.[0] ?? '',
  ]
  compare.save(AFTER.replace(lamps + pilots, pilots + lamps))
  const { page, close } = await compare.open()

  await compared(page)

  await verdict(page).getByText('1 passage changed, 2 are new, 1 is gone.', { exact: true }).waitFor()
  compare.save(AFTER)
  await close()
})
