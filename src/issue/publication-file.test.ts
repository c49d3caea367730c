import { expect, test } from 'vitest'
import { InputError } from '../errors.js'
import { parsePublication } from './publication-file.js'

function parse(source: string) {
  return parsePublication({ file: 'newsletter.yaml', source })
}

function problemsIn(source: string): readonly string[] {
  try {
    parse(source)
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n')
    throw error
  }
  return []
}

test('a name is enough; the rest has defaults', () => {
  expect(parse('name: The Harbour Brief\n')).toEqual({
    name: 'The Harbour Brief',
    tagline: null,
    from: null,
    replyTo: null,
    postalAddress: [],
    lang: 'en',
    timeZone: null,
    template: 'digest',
    publicUrl: null,
    logo: null,
    brand: { accent: '#9b2226', accentDark: '#e5737a' },
    headers: [],
  })
})

test('every key is read', () => {
  const publication = parse(`name: The Harbour Brief
tagline: Ports
from: '"Brief, Harbour" <brief@Example.com>'
reply-to: { name: Editors, address: editors@example.com }
postal-address: |
  1 Quay Street
  Port Marrow
language: PT-br
time-zone: Europe/Lisbon
template: letter
public-url: https://brief.example.com/
logo: images/logo.png
brand: { accent: "#0A5C7A", accent-dark: "#7fc4de" }
headers:
  Organization: Harbour Trust
  x-press: 7
`)

  expect(publication).toEqual({
    name: 'The Harbour Brief',
    tagline: 'Ports',
    from: { name: 'Brief, Harbour', address: 'brief@example.com' },
    replyTo: { name: 'Editors', address: 'editors@example.com' },
    postalAddress: ['1 Quay Street', 'Port Marrow'],
    lang: 'pt-BR',
    timeZone: 'Europe/Lisbon',
    template: 'letter',
    publicUrl: 'https://brief.example.com',
    logo: 'images/logo.png',
    brand: { accent: '#0a5c7a', accentDark: '#7fc4de' },
    headers: [
      { name: 'Organization', value: 'Harbour Trust' },
      { name: 'x-press', value: '7' },
    ],
  })
})

test('all problems are named at once, each with its line', () => {
  expect(
    problemsIn(
      'nam: A\nfrom: A <a@example.com>, b@example.com\nbrand:\n  acent: "#000000"\n  accent-dark: #e5737a\npublic-url: brief.example.com\nlogo: ../logo.png\n',
    ),
  ).toEqual([
    'newsletter.yaml:1: "name" is missing; write name: The Harbour Brief',
    'newsletter.yaml:2: "from" wants one mailbox, as in from: The Harbour Brief <editors@example.com>',
    'newsletter.yaml:6: "public-url" wants a whole URL, as in public-url: https://news.example.com',
    'newsletter.yaml:7: "logo" wants a file below issues/images, as in logo: images/logo.png',
    'newsletter.yaml:5: "accent-dark" is missing; write accent-dark: "#e5737a"',
    'newsletter.yaml:4: "acent" is an unknown key; did you mean "accent"?',
    'newsletter.yaml:1: "nam" is an unknown key; did you mean "name"?',
  ])
})

test.each([
  'a@b@c.example',
  'A <a@example.com> B',
  'a@example.com, b@example.com',
  '"A\\r\\nBcc: b@example.com <a@example.com>"',
  '"a@example.com\\r\\nRCPT TO:<b@example.com>"',
  'A <a@localhost>',
  '"A <a@exam ple.com>"',
])('from: %s is refused', (from) => {
  expect(problemsIn(`name: A\nfrom: ${from}\n`)[0]).toMatch(/^newsletter\.yaml:2: /)
})

test('a header field that cannot be set is refused with its line, whatever it is called', () => {
  const source = 'name: A\nheaders:\n  Bcc: e@example.com\n  __proto__: x\n  X-A: "1"\n  x-a: "2"\n'

  expect(problemsIn(source)).toEqual([
    'newsletter.yaml:3: "Bcc" cannot be set: a message goes to one subscriber, who stands in To',
    expect.stringMatching(/^newsletter\.yaml:4: "__proto__" cannot be set: /),
    'newsletter.yaml:6: "x-a" is there twice; keep one',
  ])
})

test.each(['', '- a\n', 'text\n'])('%j is no publication', (source) => {
  expect(problemsIn(source)).toHaveLength(1)
})
