/** An issue of which there never was a picture, in Chromium: nothing is offered that would want one. */

import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../rig/axe.js'
import { keepPicture } from '../rig/pictures.js'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio()
})

afterAll(() => studio.close())

test('an issue that is not there is said, in one sentence', async () => {
  const { page, close } = await openStudioPage(studio, { at: '/issues/2020-01-01-nowhere' })

  await page.getByRole('alert').getByText('2020-01-01-nowhere').first().waitFor()

  // What would look at it, check it or send it is not there either.
  for (const name of ['Text', 'Test send'])
    expect(await page.getByRole('button', { name }).isHidden()).toBe(true)
  expect(await page.locator('#panels').isHidden()).toBe(true)
  await page.keyboard.press('t')
  await page.getByText('There is nothing yet that could be sent.').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await keepPicture(page, 'studio-nowhere')
  await close()
})

test('the toolbar comes with the first picture of an issue that is mended', async () => {
  const slug = '2026-12-22-mended'
  studio.write(`issues/${slug}.md`, '---\ntitle: Mended\n---\n\nText.\n')
  const { page, close } = await openStudioPage(studio, { at: `/issues/${slug}` })
  await page.getByRole('alert').getByText('"date" is missing').waitFor()

  studio.write(`issues/${slug}.md`, '---\ntitle: Mended\ndate: 2026-12-22\n---\n\nText.\n')

  await page.getByRole('button', { name: 'Test send' }).waitFor()
  await page.getByRole('button', { name: 'Text', exact: true }).waitFor()
  await page.locator('#panels').waitFor()
  rmSync(path.join(studio.root, `issues/${slug}.md`))
  await close()
})
