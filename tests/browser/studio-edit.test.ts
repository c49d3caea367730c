/** An issue that is saved while its page is open: the picture follows, and nothing of what was chosen is lost. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keepPicture } from '../rig/pictures.js'
import { AT, addressOf, mailOf, openSavedStudio, type SavedStudio } from '../rig/saved-studio.js'
import { openStudioPage } from '../rig/studio.js'

let studio: SavedStudio

beforeAll(async () => {
  studio = await openSavedStudio()
})

beforeEach(() => studio.save())

afterAll(() => studio.close())

describe('an edit', () => {
  test('changes the picture and keeps the place, the width and the mode', async () => {
    const { page, complaints, close } = await studio.open({ at: `${AT}?width=375&images=off` })
    await page.evaluate(() => scrollTo(0, 900))

    studio.save('The crane is down.')

    await mailOf(page).getByText('The crane is down.').waitFor()
    expect(await page.evaluate(() => scrollY)).toBe(900)
    expect(await page.locator('.sheet iframe').count()).toBe(1)
    expect(addressOf(page)).toBe(`${AT}?width=375&images=off`)
    await page.getByText('375 px').waitFor()
    expect(complaints).toEqual([])
    await close()
  })

  test('leaves the keyboard at the link it was at', async () => {
    const { page, close } = await studio.open()
    await mailOf(page).getByRole('link', { name: 'The table of tides' }).focus()

    studio.save('The crane is down.')

    await mailOf(page).getByText('The crane is down.').waitFor()
    const focused = mailOf(page).locator(':focus')
    await expect.poll(() => focused.textContent()).toBe('The table of tides')
    await close()
  })

  test('is seen by two browsers at once, each in its own view', async () => {
    const one = await studio.open({ at: `${AT}?light=dark` })
    const other = await openStudioPage(studio, { at: `${AT}?view=text` })
    await other.page.getByLabel('Text part').getByText('The crane is up.').waitFor()

    studio.save('The crane is down.')

    await mailOf(one.page).getByText('The crane is down.').waitFor()
    await other.page.getByLabel('Text part').getByText('The crane is down.').waitFor()
    await Promise.all([one.close(), other.close()])
  })

  test('that breaks the issue keeps the last picture under what is wrong, until it is mended', async () => {
    const { page, close } = await studio.open()

    studio.save('Dear {{nobody.knows}}.')

    const strip = page.getByRole('alert')
    await strip.getByText('nobody.knows').waitFor()
    const place = strip.getByRole('link', { name: /^issues\/2026-12-08-slack-water\.md:\d+$/ })
    await expect.poll(() => place.getAttribute('href')).toMatch(/slack-water\.md/)
    expect(await mailOf(page).getByText('The crane is up.').isVisible()).toBe(true)
    await keepPicture(page, 'studio-page-broken')

    studio.save('The crane is mended.')

    await mailOf(page).getByText('The crane is mended.').waitFor()
    await strip.waitFor({ state: 'hidden' })
    await close()
  })

  test('of a template that breaks it and mends it is told in the same way', async () => {
    const file = 'templates/digest/email.mjml'
    const whole = readFileSync(path.join(studio.root, file), 'utf8')
    const { page, close } = await studio.open()

    studio.write(file, whole.replace('{{/each}}', ''))

    await page.getByRole('alert').getByText('templates/digest').first().waitFor()
    expect(await mailOf(page).getByText('The crane is up.').isVisible()).toBe(true)

    studio.write(file, whole)

    await page.getByRole('alert').waitFor({ state: 'hidden' })
    await close()
  })
})

test('a studio that is gone is said, and one that is back is shown as it is now', async () => {
  const other = await openSavedStudio()
  const { page, close } = await other.open()

  const start = await other.stop()
  await page.getByText('Reconnecting').waitFor()
  other.save('The crane is down.')
  await start()

  await mailOf(page).getByText('The crane is down.').waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  await close()
  await other.close()
})
