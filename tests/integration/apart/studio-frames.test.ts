/** The studio's frames over HTTP: what stands in them, what they may do, and what is sent again. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStudio, type TestStudio } from '../../rig/studio.js'

const SLUG = '2026-12-01-harbour'
const issue = (words: string) =>
  `---\ntitle: Harbour\ndate: 2026-12-01\nnumber: 43\n---\n\n## Quay\n\n${words}\n`

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio({ files: { [`issues/${SLUG}.md`]: issue('The crane is up.') } })
})

afterAll(() => studio.close())

const frame = (query = '', headers: Record<string, string> = {}) =>
  fetch(`${studio.url}/frame/${SLUG}/mail?${query}`, { headers })

test('a frame runs nothing and reaches nothing, and neither pixel nor honeypot stands in it', async () => {
  const response = await frame()
  const html = await response.text()

  const policy = response.headers.get('content-security-policy')
  expect(policy).toContain('sandbox allow-same-origin;')
  expect(policy).toContain("default-src 'none'; img-src 'self';")
  expect(html).toContain('The crane is up.')
  expect(html).not.toMatch(/\/o\/A+\.gif/)
  expect(html).not.toContain('aria-hidden="true" style="display:none;max-height:0')
})

test('what has not changed is not sent again; another mode, other values or other words are', async () => {
  const tag = (await frame('v=1')).headers.get('etag') ?? ''
  const again = await frame('v=2', { 'if-none-match': tag })
  const dark = await frame('light=dark', { 'if-none-match': tag })
  const other = await frame(`values=${encodeURIComponent('{"name":"Ines"}')}`, { 'if-none-match': tag })

  expect(again.status).toBe(304)
  expect(await again.text()).toBe('')
  expect([dark.status, other.status]).toEqual([200, 200])

  studio.write(`issues/${SLUG}.md`, issue('The crane is down.'))
  const changed = await frame('', { 'if-none-match': tag })
  expect(changed.status).toBe(200)
  expect(await changed.text()).toContain('The crane is down.')
})

test('a mode that nobody knows is the usual one', async () => {
  const usual = await (await frame()).text()

  expect(await (await frame('light=blue&engine=x&images=')).text()).toBe(usual)
})

test('the frame of an issue that is not there is not there', async () => {
  const response = await fetch(`${studio.url}/frame/2026-01-01-nowhere/mail`)

  expect(response.status).toBeGreaterThanOrEqual(400)
  expect(await response.text()).not.toContain('<html')
})
