import { describe, expect, test } from 'vitest'
import { InputError } from '../errors.js'
import { contrastOf } from './contrast.js'
import { SERIF } from './fonts.js'
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
    comments: 'on',
    tracking: { opens: true, clicks: true, doNotTrack: 'ignore', keepDays: 400, honeypot: false },
    utm: null,
    brand: {
      accent: '#9b2226',
      accentDark: '#e5737a',
      logo: null,
      fontHeading: SERIF,
      fontText: SERIF,
      footer: [],
    },
    headers: [],
    attributes: [],
    segments: [],
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
comments: 30d
tracking:
  opens: off
  do-not-track: honour
  keep: for-ever
utm:
  source: brief
  campaign: "{issue}"
  only: example.com
brand:
  accent: "#0A5C7A"
  accent-dark: "#7fc4de"
  logo: images/logo.png
  logo-dark: images/logo-dark.png
  logo-width: 180
  logo-is-name: yes
  font-heading: sans
  font-text: Charter, "Bitstream Charter", Georgia, serif
  footer:
    - Published by [Harbour Trust](https://example.com)
    - ISSN 1234-5678
headers:
  Organization: Harbour Trust
  x-press: 7
attributes:
  country: one of DE, FR, Côte d’Ivoire
  orders: number
  member_since: date
  donor: yes/no
  city: text
segments:
  germans: country = "DE"
  new-readers: joined < 90d
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
    comments: 30,
    tracking: { opens: false, clicks: true, doNotTrack: 'honour', keepDays: null, honeypot: false },
    utm: { values: { source: 'brief', campaign: '{issue}' }, only: ['example.com'] },
    brand: {
      accent: '#0a5c7a',
      accentDark: '#7fc4de',
      logo: { file: 'images/logo.png', darkFile: 'images/logo-dark.png', width: 180, isName: true },
      fontHeading: "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
      fontText: "Charter, 'Bitstream Charter', Georgia, serif",
      footer: ['Published by [Harbour Trust](https://example.com)', 'ISSN 1234-5678'],
    },
    headers: [
      { name: 'Organization', value: 'Harbour Trust' },
      { name: 'x-press', value: '7' },
    ],
    attributes: [
      { name: 'country', kind: 'oneOf', choices: ['DE', 'FR', 'Côte d’Ivoire'] },
      { name: 'orders', kind: 'number' },
      { name: 'member_since', kind: 'date' },
      { name: 'donor', kind: 'yesNo' },
      { name: 'city', kind: 'text' },
    ],
    segments: [
      { name: 'germans', filter: 'country = "DE"', line: expect.any(Number) },
      { name: 'new-readers', filter: 'joined < 90d', line: expect.any(Number) },
    ],
  })
})

test('all problems are named at once, each with its line', () => {
  expect(
    problemsIn(
      'nam: A\nfrom: A <a@example.com>, b@example.com\nbrand:\n  acent: "#000000"\n  accent-dark: #e5737a\npublic-url: brief.example.com\nlogo: images/logo.png\n',
    ),
  ).toEqual([
    'newsletter.yaml:1: "name" is missing; write name: The Harbour Brief',
    'newsletter.yaml:2: "from" wants one mailbox, as in from: The Harbour Brief <editors@example.com>',
    'newsletter.yaml:6: "public-url" wants a whole URL, as in public-url: https://news.example.com',
    'newsletter.yaml:7: "logo" stands below "brand" now; move it there',
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

describe('attributes', () => {
  test('each that is wrong is named with its line', () => {
    const source = `name: A
attributes:
  orders: numbr
  Country: text
  name: text
  town:
  plan: [free, paid]
  size: one of S, , L
  tier: one of Gold, gold
  __proto__: text
  city: text
`

    expect(problemsIn(source)).toEqual([
      'newsletter.yaml:3: "orders": "numbr" is no type; did you mean "number"? The types are text, number, date, yes/no, or one of A, B, C',
      'newsletter.yaml:4: "Country" names no attribute; use small letters, digits and _, as in member_since',
      'newsletter.yaml:5: "name" is known of every subscriber; declare what is known besides',
      'newsletter.yaml:6: "town" wants a type: text, number, date, yes/no, or one of A, B, C',
      'newsletter.yaml:7: "plan" wants a type: text, number, date, yes/no, or one of A, B, C',
      'newsletter.yaml:8: "size" has an empty choice; write one of A, B, C',
      'newsletter.yaml:9: "tier" has "gold" twice; keep one',
      'newsletter.yaml:10: "__proto__" names no attribute; use small letters, digits and _, as in member_since',
    ])
  })

  test.each(['text', '[a, b]'])('attributes: %s is refused', (written) => {
    expect(problemsIn(`name: A\nattributes: ${written}\n`)).toEqual([
      'newsletter.yaml:2: "attributes" wants names with types below it, as in country: one of DE, FR, GB',
    ])
  })

  test('more than a person could mean are refused', () => {
    const many = Array.from({ length: 101 }, (_, index) => `  a${index}: text\n`).join('')
    const choices = Array.from({ length: 201 }, (_, index) => `c${index}`).join(', ')

    expect(problemsIn(`name: A\nattributes:\n${many}`)).toEqual([
      'newsletter.yaml:2: "attributes" has 101 names; 100 are the most',
    ])
    expect(problemsIn(`name: A\nattributes:\n  a: one of ${choices}\n`)).toEqual([
      'newsletter.yaml:3: "a" has 201 choices; 200 are the most',
    ])
  })
})

test('a segment knows its line, for what is wrong with its filter', () => {
  expect(parse('name: A\n\nsegments:\n  new: joined < 90d\n').segments).toEqual([
    { name: 'new', filter: 'joined < 90d', line: 4 },
  ])
})

test('a segment that is wrong is named with its line', () => {
  const source = `name: A
segments:
  New readers: joined < 90d
  empty:
  list: [a]
  long: ${'x'.repeat(2_001)}
  fine: 'country = "DE"'
`

  expect(problemsIn(source)).toEqual([
    'newsletter.yaml:3: "New readers" names no segment; use small letters, digits, - and _, as in new-readers',
    'newsletter.yaml:4: "empty" wants a filter, as in empty: joined < 90d',
    'newsletter.yaml:5: "list" wants a filter, as in list: joined < 90d',
    'newsletter.yaml:6: "long" has 2001 characters; 2000 are the most',
  ])
  expect(problemsIn('name: A\nsegments: joined < 90d\n')).toEqual([
    'newsletter.yaml:2: "segments" wants names with filters below it, as in germans: country = "DE"',
  ])
})

test.each(['', '- a\n', 'text\n'])('%j is no publication', (source) => {
  expect(problemsIn(source)).toHaveLength(1)
})

describe('the brand', () => {
  test('an accent that is too faint on its ground is refused, with a shade that is not', () => {
    expect(problemsIn('name: A\nbrand:\n  accent: "#ff6600"\n  accent-dark: "#0a5c7a"\n')).toEqual([
      'newsletter.yaml:3: "accent": #ff6600 has a contrast of 2.9 on #ffffff; 4.5 is the least that can be read, as "#c95100" has',
      'newsletter.yaml:4: "accent-dark": #0a5c7a has a contrast of 2.4 on #161616; 4.5 is the least that can be read, as "#4c889e" has',
    ])
    expect(problemsIn('name: A\nbrand:\n  accent: "#c95100"\n  accent-dark: "#4c889e"\n')).toEqual([])
  })

  test('an accent without a partner for dark ground gets a lighter shade of itself', () => {
    const { accentDark } = parse('name: A\nbrand: { accent: "#0a5c7a" }\n').brand

    expect(contrastOf(accentDark, '#161616')).toBeGreaterThan(6)
    expect(accentDark).toBe('#6a9cae')
  })

  test.each([
    [
      'font-heading: Georgia',
      '"font-heading" wants serif, sans, or a list that ends in serif, sans-serif or',
    ],
    ['font-heading: "Georgia, serif; color: red"', '"font-heading" wants serif, sans, or a list'],
    ['font-text: "a\u0027}, serif"', '"font-text" wants serif, sans, or a list'],
    ['font-text: toString', '"font-text" wants serif, sans, or a list'],
    ['logo: https://example.com/a.png', '"logo" wants a file below issues/'],
    ['logo-dark: images/a.png', '"logo-dark" is about a "logo"; write that too'],
    ['{ logo: images/a.png, logo-width: 2000 }', '"logo-width" wants pixels from 16 to 560'],
    ['{ logo: images/a.png, logo-is-name: maybe }', '"logo-is-name" wants yes or no'],
    ['footer: "# Heading"', '"footer": "# Heading" wants running text'],
    ['footer: "![a](images/a.png)"', 'wants running text'],
    ['footer: "a <b>bold</b> one"', 'wants running text'],
    ['footer: "Dear {{subscriber.name}}"', 'cannot hold "{{"'],
    ['footer: "[a](javascript:alert(1))"', 'cannot be linked to'],
    ['footer: "[a](#top)"', 'leads to no Section from here'],
    ['colour: "#000000"', '"colour" is an unknown key; the keys are accent, accent-dark, logo,'],
  ])('%s is refused', (written, message) => {
    const brand = written.startsWith('{') ? ` ${written}` : `\n  ${written}`

    expect(problemsIn(`name: A\nbrand:${brand}\n`).join('\n')).toContain(message)
  })

  test.each([
    'serif',
    'sans',
    'Georgia, serif',
    '-apple-system, "Segoe UI", sans-serif',
    'Noto Serif, serif',
  ])('font-text: %s is taken', (written) => {
    expect(problemsIn(`name: A\nbrand:\n  font-text: ${JSON.stringify(written)}\n`)).toEqual([])
  })
})
