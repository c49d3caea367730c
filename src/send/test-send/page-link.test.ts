import { expect, test } from 'vitest'
import type { CompiledIssue } from '../../compile/compiled.js'
import { pointToTestPage } from './page-link.js'

const PAGE = 'https://news.example.org/letters/issues/2026-01-05-h%C3%A4fen'
const ISSUE = {
  slug: '2026-01-05-häfen',
  publication: { publicUrl: 'https://news.example.org/letters' } as CompiledIssue['publication'],
}

const point = (run: string) => pointToTestPage([run], ISSUE).join('')

test.each([
  ['in a link', `<a href="${PAGE}">View in browser</a>`, `<a href="${PAGE}/test">View in browser</a>`],
  ['to a place in it', `<a href="${PAGE}#quay">The quay</a>`, `<a href="${PAGE}/test#quay">The quay</a>`],
  ['at the end of a sentence', `It is at ${PAGE}.`, `It is at ${PAGE}/test.`],
  ['in brackets', `View in browser (${PAGE})`, `View in browser (${PAGE}/test)`],
  ['at the end', PAGE, `${PAGE}/test`],
])('its page is pointed to a step below, %s', (_where, run, pointed) => {
  expect(point(run)).toBe(pointed)
})

test.each([
  ['a form below it', `${PAGE}/comment/`],
  ['an issue with a longer name', `${PAGE}-again`],
  ['one whose name goes on behind a dot', `${PAGE}.2`],
  ['one with a percent sign', `${PAGE}%20b`],
  ['another issue', 'https://news.example.org/letters/issues/2026-01-04-tides'],
  ['the same path elsewhere', PAGE.replace('news.example', 'news-example')],
])('%s stays', (_what, run) => {
  expect(point(run)).toBe(run)
})

test('both branches of a passage are pointed, and holes stay', () => {
  const token = { kind: 'token', purpose: 'leave' } as const
  const part = [
    token,
    { kind: 'choice', name: 'city', present: [PAGE], absent: [`${PAGE} `, token] } as const,
  ]

  expect(pointToTestPage(part, ISSUE)).toEqual([
    token,
    { kind: 'choice', name: 'city', present: [`${PAGE}/test`], absent: [`${PAGE}/test `, token] },
  ])
})
