/** The studio in Chromium: what a person sees who writes an issue. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStudioPage, openTestStudio, type TestStudio } from '../rig/studio.js'

const SLUG = '2026-12-01-harbour'
const issue = (words: string) =>
  `---\ntitle: Harbour\ndate: 2026-12-01\nnumber: 43\n---\n\n## Quay\n\n${words}\n`

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio({ files: { [`issues/${SLUG}.md`]: issue('The crane is up.') } })
})

afterAll(() => studio.close())

test('a file is saved, and the picture shows it', async () => {
  const { page, complaints, close } = await openStudioPage(studio, { at: `/issues/${SLUG}` })
  const mail = page.frameLocator('iframe').first()
  await mail.getByText('The crane is up.').waitFor()

  studio.write(`issues/${SLUG}.md`, issue('The crane is down.'))

  await mail.getByText('The crane is down.').waitFor()
  expect(complaints).toEqual([])
  await close()
})
