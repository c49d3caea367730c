import { expect, test } from 'vitest'
import { makeReport } from '../../../tests/rig/made-report.js'
import type { CompiledIssue, Holed } from '../../compile/compiled.js'
import { drawClickMap } from './click-map.js'

const HOME = 'https://brief.example.com'
const SHA = 'a'.repeat(64)
const PICTURES = new Map([[SHA, 'data:image/png;base64,AAAA']])
const TOKEN = { kind: 'token', purpose: 'read' } as const
const LEAVE = { kind: 'token', purpose: 'leave' } as const
const links = [
  { index: 0, url: 'https://example.org/a', section: '', heading: '', text: 'a' },
  { index: 1, url: 'https://example.org/b', section: 'cranes', heading: 'Cranes & quays', text: 'b' },
]

function compile(html: Holed): CompiledIssue {
  return {
    slug: '2026-03-01-cranes',
    title: 'Cranes',
    number: 1,
    date: '2026-03-01',
    lang: 'en',
    publication: {
      name: 'Brief',
      from: { name: '', address: 'a@example.com' },
      replyTo: null,
      publicUrl: HOME,
    },
    subject: ['Cranes'],
    html,
    text: [],
    web: '',
    links,
    images: [],
    versions: { pressrun: '0', mjml: '0' },
  }
}

function draw(html: Holed, changes: { readonly tracking?: boolean } = {}): string {
  const compiled = compile(html)
  const made = makeReport(compiled, { sent: 1_000 })
  const counted = [12, 40].map((person, at) => ({ ...made.clicks.links[at], person, unknown: 1, machine: 2 }))
  const report = {
    ...made,
    clicks: {
      ...made.clicks,
      links: counted as typeof made.clicks.links,
      sections: made.clicks.sections.map((section) => ({ ...section, person: 45 })),
    },
    tracking: { opens: true, clicks: changes.tracking ?? true, untracked: 0 },
  }
  return drawClickMap({ report, compiled, pictures: PICTURES }).html
}

const link = (index: number): Holed => [`<a href="${HOME}/c/`, TOKEN, `/${index}">link ${index}</a>`]

test('each Link has its number of people beside it, and leads to its row and nowhere else', () => {
  const map = draw(['<p>', ...link(0), ' and ', ...link(1), '</p>'])

  expect(map).toContain(
    '<a href="#link-0">link 0</a><pressrun-count data-step="2" title="12 people clicked (1.2 % of 1,000 sent); 1 unknown, 2 machines">12</pressrun-count>',
  )
  expect(map).toContain('<a href="#link-1">link 1</a><pressrun-count data-step="4"')
  expect(map).not.toContain('/c/')
})

test('a Section has its share at its heading, the editor’s note is named at the passage with its first Link', () => {
  const map = draw(['<p>', ...link(0), '</p><h2>Cranes &amp; quays</h2><p>', ...link(1), '</p>'])

  expect(map).toContain(
    '<p><pressrun-share title="4.5 % of 1,000 sent"><b>45 people</b><i>in the editor\'s note</i></pressrun-share>',
  )
  expect(map).toContain(
    '<h2><pressrun-share><b>45 people</b><span class="pressrun-unseen"> clicked in Cranes &amp; quays</span><i>4.5 % of 1,000 sent</i></pressrun-share>Cranes',
  )
})

test('no Token, no pixel and no address of a person’s own is left', () => {
  const map = draw([
    `<img src="${HOME}/o/`,
    TOKEN,
    '.gif" width="1" height="1">',
    `<a href="${HOME}/u/`,
    LEAVE,
    '">leave</a><a href="mailto:x@example.com">write</a>',
    `<a href="${HOME}/c/`,
    TOKEN,
    '/x">trap</a>',
  ])

  expect(map).toContain('<a>leave</a><a>write</a>')
  expect(map).not.toMatch(/href="(?!#link)|TOKEN|trap|\/o\//)
})

test('pictures of the issue are inside, others are their words', () => {
  const map = draw([
    `<img src="${HOME}/i/${SHA}.png" alt="crane"><img src="https://elsewhere.example/x.png" alt="quay"><img src="${HOME}/i/${'b'.repeat(64)}.png">`,
  ])

  expect(map).toContain('<img alt="crane" src="data:image/png;base64,AAAA"><img alt="quay"><img alt="">')
})

test('V42: what would run or fetch is gone, whatever it is called', () => {
  const map = draw([
    '<style>@import "https://evil.example/a.css"; p { background: url(https://evil.example/b) }</style>',
    '<script>hit()</script><p onclick="hit()" style="background:url(javascript:hit())">words</p>',
    '<svg onload="hit()"><a href="javascript:hit()">x</a></svg><iframe srcdoc="<script>hit()</script>"></iframe>',
    '<form action="https://evil.example"><p>kept</p><input autofocus onfocus="hit()"></form>',
    '<a href="javascript:hit()">j</a></template><img src=x onerror=hit()><base href="https://evil.example">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example"><object data="x"></object>',
  ])

  expect(map).not.toMatch(/hit\(|evil|<script|<svg|<iframe|<form|<input|<base|<meta|<object|javascript/)
  expect(map).toContain('<p>kept</p>')
  expect(map.match(/<\/template>/g)).toHaveLength(1)
})

test('values show their fallback, and of a passage both alternatives are there, each with whom it is for', () => {
  const map = draw([
    '<p>Dear ',
    { kind: 'person', name: 'name', fallback: '<reader>' },
    ', ',
    { kind: 'person', name: 'city', fallback: '' },
    '</p><table><tbody>',
    {
      kind: 'choice',
      name: 'city',
      present: ['<tr><td>', ...(link(0) as (string | typeof TOKEN)[]), '</td></tr>'],
      absent: ['<tr><td>none</td></tr>'],
    },
    '</tbody></table>',
  ])

  expect(map).toContain('Dear &lt;reader&gt;, [city]')
  expect(map).toContain('<tr><td><pressrun-note>only readers with city</pressrun-note>')
  expect(map).toContain('<tr><td><pressrun-note>only readers without city</pressrun-note>none')
})

test('an alternative of words alone is told too', () => {
  const map = draw([
    '<ul><li>',
    { kind: 'choice', name: 'city', present: ['here'], absent: ['<b>there</b>'] },
    '.</li></ul>',
  ])

  expect(map).toContain(
    '<li><pressrun-note data-within="">only readers with city</pressrun-note>here<pressrun-note data-within="">only readers without city</pressrun-note><b>there</b>.</li>',
  )
})

test('where clicks were not tracked the issue stands there without numbers', () => {
  const map = draw(['<p><a href="https://example.org/a">link</a></p>'], { tracking: false })

  expect(map).toContain('<p><a>link</a></p>')
  expect(map).not.toContain('<pressrun-count')
})

test('a mail that nests without end is refused, one that nests deeply is drawn', () => {
  const nested = (depth: number) => draw(['<div>'.repeat(depth) + '</div>'.repeat(depth)])

  expect(nested(900)).toContain('<div>')
  expect(() => nested(5_000)).toThrow('nested more than')
})
