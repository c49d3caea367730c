/** What is marked in a comparison in Chromium: findings upon it, hostile words, and whose copies they are. */

import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import {
  AFTER,
  AT,
  type ComparedStudio,
  compared,
  FILE,
  frames,
  markedWords,
  openComparedStudio,
  verdict,
} from '../rig/compared.js'
import { openStudioPage } from '../rig/studio.js'

const PICTURES = process.env.PRESSRUN_TEST_PICTURES

let compare: ComparedStudio

beforeAll(async () => {
  compare = await openComparedStudio()
})

afterAll(() => compare.studio.close())

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: path.join(PICTURES, `studio-compare-${name}.png`) })
}

test('a finding keeps its colours in the difference, and lies upon it', async () => {
  compare.studio.write(FILE, AFTER.replace('come back', 'come back, TODO ask'))
  const { page, close } = await openStudioPage(compare.studio, {
    at: `${AT}?compare=send:${compare.own.sendId}&as=difference`,
  })
  await compared(page)
  const mark = page.locator('.compared .mark[data-severity=error]')
  await mark.scrollIntoViewIfNeeded()
  await picture(page, 'difference-mark')

  const turned = await mark.evaluate((one) => {
    const around: Element[] = []
    for (let at: Element | null = one; at !== null; at = at.parentElement) around.push(at)
    const styles = around.map((element) => getComputedStyle(element))
    return styles.filter(({ filter, mixBlendMode }) => filter !== 'none' || mixBlendMode !== 'normal').length
  })
  expect(turned).toBe(0)
  await mark.click()
  compare.studio.write(FILE, AFTER)
  await close()
})

test('of several readers the one is compared who is chosen', async () => {
  const readers = [
    { label: 'Nothing known', values: {} },
    { label: 'Zoë', values: { name: 'Zoë' } },
  ]
  const { page, close } = await openStudioPage(compare.studio, {
    at: `${AT}?${new URLSearchParams({ compare: `send:${compare.own.sendId}`, readers: JSON.stringify(readers) })}`,
  })
  await compared(page)
  const choice = page.getByRole('combobox', { name: 'Reader' })
  expect(await choice.inputValue()).toBe('Nothing known')

  await choice.selectOption('Zoë')

  for (const side of ['.before', '.after'])
    await page
      .locator(`.compared ${side} iframe:not(.coming)[title$=": Zoë"][data-url*="Zo%C3%AB"]`)
      .waitFor()
  expect(await page.locator('.compared .sides').textContent()).toContain('Draft for Zoë')
  expect(new URL(page.url()).searchParams.get('for')).toBe('1')
  expect(await findBarriers(page)).toEqual([])
  await picture(page, 'readers')
  await close()
})

test('words that hold mark-up are marked as words, and add nothing to the mail', async () => {
  const hostile = '&lt;img src=x onerror=top.document.title=1&gt; &lt;/style&gt;'
  compare.studio.write(FILE, AFTER.replace('the council has not', `the council ${hostile} has not`))
  const { page, complaints, close } = await openStudioPage(compare.studio, {
    at: `${AT}?compare=send:${compare.own.sendId}`,
  })

  await compared(page)

  await verdict(page).getByText('2 passages changed, 1 is new.', { exact: true }).waitFor()
  expect((await markedWords(page)).come.join(' ')).toContain('<img src=x onerror=top.document.title=1>')
  const passage = frames(page).after.locator('[data-changed=rewritten]', { hasText: 'pilots' })
  expect(await passage.locator('*').count()).toBe(0)
  expect(complaints).toEqual([])
  compare.studio.write(FILE, AFTER)
  await close()
})

test('a passage that was moved is told as that: gone from here, new there', async () => {
  const [lamps, pilots] = [
    /The lamps[^\n]+\n\n/.exec(AFTER)?.[0] ?? '',
    /The pilots[^\n]+\n\n/.exec(AFTER)?.[0] ?? '',
  ]
  compare.studio.write(FILE, AFTER.replace(lamps + pilots, pilots + lamps))
  const { page, close } = await openStudioPage(compare.studio, {
    at: `${AT}?compare=send:${compare.own.sendId}`,
  })

  await compared(page)

  await verdict(page).getByText('1 passage changed, 2 are new, 1 is gone.', { exact: true }).waitFor()
  compare.studio.write(FILE, AFTER)
  await close()
})
