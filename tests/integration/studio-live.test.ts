/** The studio over HTTP: what it tells of an issue while the issue is being written. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStudio, type TestStudio } from '../rig/studio.js'

const LEVY = '2026-11-24-a-levy-on-cold-boxes'

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio()
})

afterAll(() => studio.close())

test('an issue is told with its subject, and its picture stands in a frame', async () => {
  const draft = await (await fetch(`${studio.url}/api/drafts/${LEVY}`)).json()
  const mail = await (await fetch(`${studio.url}/frame/${LEVY}/mail`)).text()

  expect(draft).toMatchObject({
    slug: LEVY,
    version: 1,
    problems: [],
    facts: { title: 'A levy on cold boxes' },
  })
  expect(mail).toContain('A levy on cold boxes')
})
