/** The studio's test send over HTTP: who may ask for one, how often, and what it says. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestStudio, type TestStudio } from '../../rig/studio.js'

const SLUG = '2026-12-01-harbour'
const ISSUE =
  '---\ntitle: Harbour\ndate: 2026-12-01\nnumber: 43\n---\n\n## Quay\n\nDear {{subscriber.name "reader"}}.\n'

let studio: TestStudio

beforeEach(async () => {
  studio = await openTestStudio({ files: { [`issues/${SLUG}.md`]: ISSUE } })
})
afterEach(() => studio.close())

function send(body: unknown, headers: Readonly<Record<string, string>> = {}, slug = SLUG): Promise<Response> {
  return fetch(`${studio.url}/api/drafts/${encodeURIComponent(slug)}/test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const RUTH = { to: 'ruth@press.example', values: { name: 'Ruth' } }
const inbox = () => path.join(studio.root, '.data', 'inbox')

test('it says where a test goes, sends it through the command, and tells what became of it', async () => {
  const view = await (await fetch(`${studio.url}/api/drafts/${SLUG}/test`)).json()
  expect(view).toEqual({ through: [], allowed: null, maxAddresses: 10, variants: [null] })

  const answer = await send(RUTH)

  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    issue: SLUG,
    messages: [
      {
        to: 'ruth@press.example',
        subject: '[Test] Harbour',
        state: 'accepted',
        file: '.data/inbox/000001.eml',
      },
    ],
  })
})

test.each<[string, unknown, Readonly<Record<string, string>>, number]>([
  ['another site’s page', RUTH, { origin: 'https://evil.example' }, 403],
  ['a page without an origin', RUTH, { origin: 'null' }, 403],
  ['a form', 'to=ruth@press.example', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['a form that looks like JSON', RUTH, { 'content-type': 'text/plain' }, 415],
  ['nonsense', '{', {}, 422],
  ['no addresses', {}, {}, 422],
  ['an option in place of an address', { to: '--help' }, {}, 422],
  ['what ends an argument', { to: 'ruth@press.example\0' }, {}, 422],
  ['a megabyte', { to: 'a'.repeat(1_000_000) }, {}, 413],
])('%s sends nothing', async (_what, body, headers, status) => {
  expect((await send(body, headers)).status).toBe(status)
  expect(existsSync(inbox())).toBe(false)
})

test('an issue that is not there, or is broken, says so in the words of the command', async () => {
  expect(await (await send(RUTH, {}, '--json')).json()).toMatchObject({
    problems: [{ message: expect.stringContaining('there is no issue "issues/--json.md"') }],
  })
  studio.write(`issues/${SLUG}.md`, ISSUE.replace('{{subscriber.name', '{{subscribers.name'))

  const answer = await send(RUTH)

  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain(`issues/${SLUG}.md:9`)
  expect(existsSync(inbox())).toBe(false)
})

test('a slug names a file of issues/, whatever lies beside that', async () => {
  studio.write('letter.md', ISSUE.replace('number: 43', 'number: 44'))

  const answer = await send(RUTH, {}, 'letter')

  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('there is no issue')
  expect(existsSync(inbox())).toBe(false)
})

test('what is no address is told in one sentence, without its words for the command line', async () => {
  const answer = await send({ to: 'not an address, me@press.example' })

  expect(answer.status).toBe(422)
  expect((await answer.json()).problems.map(({ message }: { message: string }) => message)).toEqual([
    '"not", "an", "address" are no addresses; a test goes to addresses, never to a list: pressrun send does that',
  ])
})

test('whom it is addressed to is not what a reader is made of', async () => {
  const answer = await send({ ...RUTH, values: { address: 'alice@example.org', name: 'Ruth' } })

  expect(await answer.json()).toMatchObject({ messages: [{ to: 'ruth@press.example', state: 'accepted' }] })
})
