import { expect, test } from 'vitest'
import { parseIssue } from '../../issue/parse.js'
import type { CompiledIssue, Holed } from '../compiled.js'
import { checkCompiled } from './checks.js'

const issue = parseIssue({
  file: 'issues/2026-03-13-tide.md',
  slug: '2026-03-13-tide',
  source: '---\ntitle: High water\ndate: 2026-03-13\n---\n\n## Locks\n\nClosed.\n',
  publication: { lang: 'en', template: 'digest' },
})

const leave = { kind: 'token', purpose: 'leave' } as const
const html: Holed = [
  '<h1>High water</h1><p>Closed.</p><a href="https://t.example.org/u/',
  leave,
  '">Unsubscribe</a>',
]
const text: Holed = ['High water. Closed. https://t.example.org/u/', leave, '\n']

const good: CompiledIssue = {
  slug: '2026-03-13-tide',
  title: 'High water',
  number: null,
  date: '2026-03-13',
  lang: 'en',
  publication: {
    name: 'The Tide',
    from: { name: 'The Tide', address: 'tide@example.org' },
    replyTo: null,
    publicUrl: 'https://t.example.org',
  },
  subject: ['High water'],
  html,
  text,
  web: '<h1>High water</h1>',
  links: [],
  images: [],
  versions: { pressrun: '0', mjml: '0' },
}

function idsOf(changed: Partial<CompiledIssue>): string[] {
  return checkCompiled({ issue, compiled: { ...good, ...changed } }).map(
    ({ id, severity }) => `${id} ${severity}`,
  )
}

test('a good issue has no findings', () => {
  expect(idsOf({})).toEqual([])
})

test.each([
  ['template code in the HTML', { html: [...html, '{{title}}'] }],
  ['an object in the text', { text: [...text, '[object Object]'] }],
  ['a lost value in the subject', { subject: ['>undefined<'] }],
  ['a lost value in a URL of the web page', { web: '<a href="https://t.example.org/undefined">' }],
])('C06: %s is an error', (_what, changed) => {
  expect(idsOf(changed)).toEqual(['C06 error'])
})

test('C06: the word "undefined" in a sentence is a word', () => {
  expect(idsOf({ web: '<p>The border was left undefined.</p>' })).toEqual([])
})

test('S01: 80 KB of HTML is a warning and 100 KB an error, Tokens counted at their longest', () => {
  const words = 'water '.repeat(3)
  const filled = (bytes: number): Holed => [...html, `<!--${'x'.repeat(bytes)}-->`]

  expect(idsOf({ html: filled(79_000) })).toEqual([])
  expect(idsOf({ html: filled(81_000) })).toEqual(['S01 warn'])
  expect(idsOf({ html: filled(101_000), text: [words, ...text] })).toEqual(['S01 error'])
  const tokens = Array.from({ length: 400 }, () => [
    { kind: 'token', purpose: 'read' } as const,
    'x'.repeat(150),
  ]).flat()
  expect(idsOf({ html: [...html, '<!--', ...tokens, '-->'] })).toEqual(['S01 warn'])
})

test('I05: an unsubscribe link that is missing, empty, hidden or cut off by Gmail is an error', () => {
  const link = (attributes: string, words: string): Holed => [
    `<h1>High water</h1><a href="https://t.example.org/u/`,
    leave,
    `"${attributes}>${words}</a>`,
  ]

  expect(idsOf({ html: ['<h1>High water</h1>'] })).toEqual(['I05 error'])
  expect(idsOf({ html: link('', ' ') })).toEqual(['I05 error'])
  expect(idsOf({ html: link(' style="display:none"', 'Unsubscribe') })).toEqual(['I05 error'])
  expect(idsOf({ html: [`<!--${'x'.repeat(101_000)}-->`, ...html] })).toEqual(['S01 error', 'I05 error'])
  expect(idsOf({ text: ['High water. Closed.'] })).toEqual(['I05 error'])
})

test('T01: a text part that is empty or says much less than the HTML is an error', () => {
  expect(idsOf({ text: [] })).toContain('T01 error')
  expect(idsOf({ html: [`<p>${'water '.repeat(50)}</p>`, ...html] })).toEqual(['T01 error'])
})
