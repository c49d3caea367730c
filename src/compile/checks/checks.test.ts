import { expect, test } from 'vitest'
import { proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import type { CheckInput } from './check.js'
import { CHECKS, runChecks } from './checks.js'

function idsOf(input: CheckInput): string[] {
  return runChecks(input).map(({ id, severity }) => `${id} ${severity}`)
}

test('a good issue has no findings', async () => {
  expect(runChecks(await proofOf())).toEqual([])
})

test('every check has an id of its own', () => {
  const ids = CHECKS.map(({ id }) => id)

  expect(new Set(ids).size).toBe(ids.length)
})

test('findings come by line, those about the whole first', async () => {
  const input = await proofOf()

  const [first] = runChecks({ ...input, compiled: { ...input.compiled, html: ['{{title}}'] } })

  expect(first).toMatchObject({ file: 'issues/2026-03-13-tide.md', line: null, waived: null })
})

test.each([
  ['template code in the HTML', '<p>{{title}}</p>'],
  ['an object in the HTML', '<p>[object Object]</p>'],
  ['a lost value', '<p>undefined</p>'],
  ['a lost value in a URL', '<a href="https://t.example.org/undefined">'],
])('C06: %s is an error', async (_what, html) => {
  expect(runCheck(CHECKS, 'C06', withHtml(await proofOf(), html))).toHaveLength(1)
})

test('C06: the word "undefined" in a sentence is a word', async () => {
  const input = withHtml(await proofOf(), '<p>The border was left undefined.</p>')

  expect(runCheck(CHECKS, 'C06', input)).toEqual([])
})

test('S01: 80 KB of HTML is a warning and 100 KB an error', async () => {
  const input = await proofOf()
  const sized = (bytes: number) => runCheck(CHECKS, 'S01', withHtml(input, 'x'.repeat(bytes)))

  expect(sized(79_999)).toEqual([])
  expect(sized(80_000)[0]).toMatch(/^warn -: the HTML has 80,000 bytes/)
  expect(sized(100_000)[0]).toMatch(/^error -:/)
})

test('I05: an unsubscribe link that is missing, empty, hidden or cut off by Gmail is an error', async () => {
  const input = await proofOf()
  const leave = { kind: 'token', purpose: 'leave' } as const
  const link = (attributes: string, words: string) => [
    `<h1>High water</h1><a href="https://tide.example.org/u/`,
    leave,
    `"${attributes}>${words}</a>`,
  ]
  const found = (html: CheckInput['compiled']['html']) =>
    idsOf({ ...input, compiled: { ...input.compiled, html } })

  expect(found(link('', 'Unsubscribe'))).toEqual([])
  expect(found(['<h1>High water</h1>'])).toEqual(['I05 error'])
  expect(found(link('', ' '))).toEqual(['I05 error'])
  expect(found(link(' style="display:none"', 'Unsubscribe'))).toEqual(['I05 error'])
  expect(found([`<!--${'x'.repeat(101_000)}-->`, ...link('', 'Unsubscribe')])).toEqual(['I05 error'])
})

test('T01: a text part that is empty or says much less than the HTML is an error', async () => {
  const input = await proofOf()

  expect(runCheck(CHECKS, 'T01', { ...input, worst: { ...input.worst, text: '' } })).toHaveLength(1)
  expect(runCheck(CHECKS, 'T01', withHtml(input, `<p>${'water '.repeat(1000)}</p>`))).toHaveLength(1)
})
