/** What the page asks when it has laid out two pictures: which passages differ, and by which words. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStudio, type TestStudio } from '../../rig/studio.js'

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio({ folders: [] })
})

afterAll(() => studio.close())

const ask = (body: unknown) =>
  fetch(`${studio.url}/api/passages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('is told apart by passage and by word, more of it than anyone types', async () => {
  const long = Array.from({ length: 3_000 }, (_, index) => `${'The quay is open. '.repeat(5)}${index}`)

  const answer = await ask({
    before: [...long, 'The crane is up.'],
    after: [...long, 'The crane is down.'],
  })

  expect(await answer.json()).toEqual([
    {
      kind: 'changed',
      was: 3_000,
      is: 3_000,
      gone: [{ start: 13, end: 15 }],
      come: [{ start: 13, end: 17 }],
    },
  ])
})

test.each([
  ['nothing', null, 422],
  ['one side alone', { before: ['x'] }, 422],
  ['what is no text', { before: [1], after: [] }, 422],
  ['too many', { before: Array(5_001).fill('x'), after: [] }, 422],
  ['a megabyte', { before: ['x'.repeat(1_000_000)], after: [] }, 413],
])('%s is refused', async (_what, body, status) => {
  expect((await ask(body)).status).toBe(status)
})
