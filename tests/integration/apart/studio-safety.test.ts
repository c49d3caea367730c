/** The studio keeps to itself: whom it answers, what it takes, and what its answers allow. */

import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStudio, type TestStudio } from '../../rig/studio.js'

const LEVY = '2026-11-24-a-levy-on-cold-boxes'
const FRAME = `/frame/${LEVY}/mail`

let studio: TestStudio
let port: string

beforeAll(async () => {
  studio = await openTestStudio()
  port = new URL(studio.url).port
})

afterAll(() => studio.close())

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** Headers as given, also those that `fetch` keeps for itself. */
function ask(
  at: string,
  headers: Readonly<Record<string, string>> = {},
  { method = 'GET', body = '' } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    const asked = request(
      `${studio.url}${at}`,
      { method, headers: { ...length, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

async function statusOf(...asked: Parameters<typeof ask>): Promise<number> {
  return (await ask(...asked)).status
}

/** What lies in the folder. */
function issues(): readonly string[] {
  return readdirSync(path.join(studio.root, 'issues'))
}

test('it answers under the names of this machine and its own port', async () => {
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])
    expect([host, await statusOf('/', { host })]).toEqual([host, 200])
})

test('an address that is mistyped is told with a way to the issues; what a page asks in vain is told in a line', async () => {
  const opened = await fetch(`${studio.url}/nowhere`)
  const asked = await fetch(`${studio.url}/api/nowhere`)

  expect([opened.status, await opened.text()]).toEqual([
    404,
    expect.stringContaining('<a href="/">See all issues</a>'),
  ])
  expect([asked.status, await asked.text()]).toEqual([404, '404 Not Found'])
})

test('under any other name nothing is told, whatever is asked: DNS rebinding ends here', async () => {
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    'localhost',
    '127.0.0.1:1',
    `127.0.0.1.evil.example:${port}`,
    `localhost.evil.example:${port}`,
    `127.0.0.2:${port}`,
    `0.0.0.0:${port}`,
  ])
    for (const at of ['/', '/api/issues', `/api/drafts/${LEVY}`, '/api/live', FRAME, '/client/main.js']) {
      const { status, body } = await ask(at, { host })
      expect([host, at, status]).toEqual([host, at, 403])
      expect(body).toBe('The studio answers its own pages on this machine alone.')
    }
})

test('for the page of another origin nothing is told, and nothing allows it to be', async () => {
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://127.0.0.1:${Number(port) + 1}` },
    // Another name of this machine is another origin.
    { origin: `http://localhost:${port}` },
    { origin: `https://127.0.0.1:${port}` },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ])
    for (const at of ['/', '/api/issues', `/api/drafts/${LEVY}`, '/api/live', FRAME, '/client/main.js']) {
      const { status, headers: told } = await ask(at, headers)
      expect([headers, at, status]).toEqual([headers, at, 403])
      expect(Object.keys(told).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
})

test('a link of another site leads a person to a page of ours, and to nothing else', async () => {
  const visit = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

  expect(await statusOf('/', visit)).toBe(200)
  expect(await statusOf(`/issues/${LEVY}`, visit)).toBe(200)
  for (const at of ['/api/issues', FRAME, '/%66rame/x/mail', '/client/main.js', '/studio.css'])
    expect([at, await statusOf(at, visit)]).toEqual([at, 403])
  expect(await statusOf('/', visit, { method: 'POST' })).toBe(403)
})

test('what an issue looks like stands in a frame of ours, never in a tab of its own', async () => {
  const tab = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const frame = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }

  expect(await statusOf(FRAME, tab)).toBe(403)
  expect(await statusOf(FRAME, frame)).toBe(200)
})

test('nothing is taken but JSON of a sane size, so that no form of another site can send it', async () => {
  const before = issues()
  const body = JSON.stringify({ title: 'Sent by a form', date: '2027-01-01' })
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
    expect([type, await statusOf('/api/issues', { 'content-type': type }, { method: 'POST', body })]).toEqual(
      [type, 415],
    )
  const json = { 'content-type': 'application/json' }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
    expect([method, await statusOf('/api/issues', json, { method, body })]).toEqual([method, 415])
  expect(
    await statusOf('/api/issues', json, { method: 'POST', body: `{"title":"${'x'.repeat(200_000)}"}` }),
  ).toBe(413)
  expect(
    await statusOf('/api/issues', { ...json, origin: 'https://evil.example' }, { method: 'POST', body }),
  ).toBe(403)
  expect(issues()).toEqual(before)
})

test('every answer says what may be done with it, also one that is a refusal', async () => {
  for (const [at, frames] of [
    ['/', 'DENY'],
    ['/api/issues', 'DENY'],
    ['/nothing/here', 'DENY'],
    [FRAME, 'SAMEORIGIN'],
    ['/frame/nothing/mail', 'SAMEORIGIN'],
  ]) {
    const { headers } = await ask(at ?? '')
    expect(headers).toMatchObject({
      'x-frame-options': frames,
      'x-content-type-options': 'nosniff',
      'x-dns-prefetch-control': 'off',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  }
  expect((await ask(FRAME)).headers['content-security-policy']).toMatch(/^sandbox allow-same-origin;/)
})

test('no name leads out of the folders that are shown', async () => {
  studio.write('.env', 'PRESSRUN_SECRET=a secret that is nobody else’s')
  studio.write('secret.md', '---\ntitle: A secret\ndate: 2026-12-24\n---\n\nA secret.\n')
  for (const at of [
    '/api/drafts/..%2fsecret',
    '/api/drafts/..%2f..%2f..%2fetc%2fpasswd',
    '/api/drafts/..%5csecret',
    `/api/drafts/${encodeURIComponent(`${studio.root}/secret`)}`,
    '/api/drafts/%00',
    '/api/drafts/%',
    '/api/drafts/secret',
    '/frame/..%2fsecret/mail',
    '/frame/secret/mail',
    `/image/${LEVY}/..%2f..%2f..%2f.env`,
    `/image/..%2f/${'0'.repeat(64)}.png`,
    '/client/..%2fguard.js',
    '/client/%2e%2e%2f%2e%2e%2fconfig.js',
    '/api/inbox/..%2f..%2f/1',
    '/api/inbox/inbox/..%2f..%2f.env',
    '/api/inbox/inbox/..%2f..%2f.env/source',
    '/../../.env',
    '/issues/../.env',
  ]) {
    const { body } = await ask(at)
    expect([at, /a secret/i.test(body)]).toEqual([at, false])
  }
})
