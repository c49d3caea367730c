import { expect, test } from 'vitest'
import { proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import { CHECKS, runChecks } from './checks.js'

test('a good issue has no findings', async () => {
  const front = 'preheader: The locks were closed at noon, and nobody was told of it'

  expect(runChecks(await proofOf({ front }))).toEqual([])
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

test('T01: a text part that is empty or says much less than the HTML is an error', async () => {
  const input = await proofOf()

  expect(runCheck(CHECKS, 'T01', { ...input, worst: { ...input.worst, text: '' } })).toHaveLength(1)
  expect(runCheck(CHECKS, 'T01', withHtml(input, `<p>${'water '.repeat(1000)}</p>`))).toHaveLength(1)
})
