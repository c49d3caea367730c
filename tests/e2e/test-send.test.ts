/** `pressrun test` as an editor uses it, beside an engine and without one. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TestAnswer } from '../../src/send/test-send/answer.js'
import { type CliRoot, openCliRoot, readersCsv, SAMPLE } from '../rig/cli.js'

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot()
})

afterEach(() => place.close())

const inbox = (file = '') => path.join(place.root, '.data', 'inbox', file)

test('without an engine it lies in the inbox of this machine, and findings are said beside it', async () => {
  const { code, stdout, stderr } = await place.run('test', SAMPLE, '--to', 'ruth@press.example')

  expect(code).toBe(0)
  expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
    'to | variant | state | the inbox of this machine',
    'ruth@press.example | with city | accepted | .data/inbox/000001.eml',
    'ruth@press.example | without city | accepted | .data/inbox/000002.eml',
    '',
  ])
  expect(stderr).toMatch(/^issues\/.*\.md:\d+: note +L10: /)
})

test('beside an engine that sends, both keep their mails in one folder, and no number counts the test', async () => {
  const csv = place.write('readers.csv', readersCsv(30))
  await place.run('lists', 'new', 'weekly')
  await place.run('subscribers', 'import', csv, '--list', 'weekly')
  await place.start()

  const [sent, ...tests] = await Promise.all([
    place.json('send', SAMPLE, '--list', 'weekly', '--wait'),
    ...['ana', 'bo', 'cy'].map((name) => place.json('test', SAMPLE, '--to', `${name}@press.example`)),
  ])

  expect(sent).toMatchObject({ state: 'finished', audience: 30, sent: 30 })
  expect((tests as TestAnswer[]).flatMap(({ messages }) => messages.map(({ state }) => state))).toEqual(
    Array(6).fill('accepted'),
  )
  const files = readdirSync(inbox()).filter((name) => name.endsWith('.eml'))
  expect(files).toHaveLength(36)
  const subjects = await Promise.all(
    files.map(async (file) => (await PostalMime.parse(readFileSync(inbox(file)))).subject ?? ''),
  )
  expect(subjects.filter((subject) => subject.startsWith('[Test '))).toHaveLength(6)
  expect(await place.json('verify', '1', '--ledger', inbox('ledger.jsonl'))).toMatchObject({ isClean: true })
  expect(await place.json('sends')).toHaveLength(1)
})

test.each<[string, readonly string[], RegExp]>([
  ['a list', ['--to', 'weekly'], /^--to: "weekly" is no address; a test goes to addresses, never to a list/],
  ['nobody', ['--to', ''], /^--to: names nobody/],
  [
    'a reader that is none',
    ['--to', 'a@b.example', '--reader', '["Ines"]'],
    /^--reader: \["Ines"\] is no JSON object of texts/,
  ],
  [
    'a reader with an address',
    ['--to', 'a@b.example', '--reader', '{"address":"x@y.example"}'],
    /^--reader: a test is addressed to whom it goes to/,
  ],
])('%s is refused with what would be right, and nothing is sent', async (_what, args, sentence) => {
  const { code, stdout, stderr } = await place.run('test', SAMPLE, ...args)

  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(sentence)
  expect(readdirSync(place.root)).not.toContain('.data')
})

test('an issue with errors goes out as a test, and it is said that a send would be refused', async () => {
  const file = place.write(
    'issues/2026-12-08-draft.md',
    '---\ntitle: Draft\ndate: 2026-12-08\nnumber: 43\n---\n\n## Quay\n\nTODO: write [this](http://localhost/x), {{subscriber.name "reader"}}.\n',
  )

  const { code, stderr } = await place.run('test', file, '--to', 'a@b.example', '--reader', '{"name":"Inês"}')

  expect(code).toBe(0)
  expect(stderr).toMatch(/a send of it would be refused: mend what is marked error first\n$/)
  const mail = await PostalMime.parse(readFileSync(inbox('000001.eml')))
  expect(mail.subject).toBe('[Test] Draft')
  expect(mail.text).toContain('Inês')
})
