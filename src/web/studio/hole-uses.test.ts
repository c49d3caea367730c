import { expect, test } from 'vitest'
import type { Holed } from '../../compile/compiled.js'
import { escapeHtml } from '../../compile/escape.js'
import { fillHoled } from '../../compile/holed.js'
import { countHoles, findHoleUses, findPassages, markHtml } from './hole-uses.js'

const name = { kind: 'person', name: 'name', fallback: 'reader' } as const
const city = { kind: 'person', name: 'city', fallback: '' } as const
const read = { kind: 'token', purpose: 'read' } as const

function marked(html: Holed, values: Readonly<Record<string, string>>): string {
  return markHtml(html, values, (piece) =>
    fillHoled([piece], { value: (one) => values[one] ?? '', token: () => 'TOKEN', escape: escapeHtml }),
  ).replace(/ (?:title|style)="[^"]*"/g, '')
}

test('a value, a fallback and nothing are told apart where they stand in words', () => {
  expect(marked(['<p>Dear ', name, ' of ', city, '</p>'], { name: 'Ines <b>' })).toBe(
    '<p>Dear <span data-hole="filled" data-name="name">Ines &lt;b&gt;</span> of ' +
      '<span data-hole="empty" data-name="city">{{subscriber.city}} empty</span></p>',
  )
  expect(marked([name], { name: '  ' })).toBe('<span data-hole="fallback" data-name="name">reader</span>')
})

test('what stands in an attribute, a title or a comment is filled and not marked', () => {
  const html: Holed = [
    '<title>To ',
    name,
    '</title><style>a > b {}</style><!--[if mso]><p>',
    name,
    "</p><![endif]--><a title='a > ",
    name,
    '\' href="https://example.com/',
    read,
    '">',
    name,
    '</a>',
  ]

  expect(marked(html, { name: 'Ines' })).toBe(
    '<title>To Ines</title><style>a > b {}</style><!--[if mso]><p>Ines</p><![endif]-->' +
      '<a title=\'a > Ines\' href="https://example.com/TOKEN"><span data-hole="filled" data-name="name">Ines</span></a>',
  )
  expect(findHoleUses({ subject: [name], html }, {}).map(({ place, kind }) => `${place} ${kind}`)).toEqual([
    'subject fallback',
    'head fallback',
    'comment fallback',
    'attribute fallback',
    'words fallback',
  ])
})

test('what is for other browsers than Outlook stands in words', () => {
  expect(marked(['<!--[if !mso]><!--><p>', name, '</p><!--<![endif]-->', name], {})).toContain(
    '<p><span data-hole="fallback"',
  )
})

test('holes are counted as a reader sees them, and a passage shows one of its sides', () => {
  const html: Holed = [
    '<p>',
    name,
    name,
    '</p><!--[if mso]>',
    city,
    '<![endif]-->',
    { kind: 'choice', name: 'city', present: ['<p>', city, '</p>'], absent: ['<p>', city, city, '</p>'] },
  ]

  expect(countHoles(findHoleUses({ subject: [name], html }, {}))).toEqual({
    filled: 0,
    fallbacks: 3,
    empty: 2,
  })
  expect(countHoles(findHoleUses({ subject: [name], html }, { name: 'A', city: 'B' }))).toEqual({
    filled: 4,
    fallbacks: 0,
    empty: 0,
  })
  expect(findPassages(html, { city: 'Oslo' })).toEqual([{ name: 'city', isKnown: true }])
})
