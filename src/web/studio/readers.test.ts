import { expect, test } from 'vitest'
import type { Holed } from '../../compile/compiled.js'
import type { Picture } from '../../compile/picture.js'
import type { AttributeType } from '../../issue/publication.js'
import { askedOf, readersOf } from './readers.js'

const name = { kind: 'person', name: 'name', fallback: 'reader' } as const
const city = { kind: 'person', name: 'city', fallback: '' } as const
const passage = { kind: 'choice', name: 'city', present: ['In ', city], absent: ['Online'] } as const

function pictureOf(html: Holed): Picture {
  return {
    file: 'issues/x.md',
    source: '',
    lined: html,
    preheader: [],
    sections: [],
    compilation: {
      hash: '',
      imageBytes: new Map(),
      compiled: {
        slug: 'x',
        title: 'X',
        number: null,
        date: '2026-03-31',
        lang: 'en',
        publication: {
          name: 'X',
          from: { name: 'X', address: 'x@example.com' },
          replyTo: null,
          publicUrl: 'https://x.example',
        },
        subject: ['X'],
        html,
        text: [],
        web: '',
        links: [],
        images: [],
        versions: { pressrun: '0', mjml: '0' },
      },
    },
  }
}

function look(html: Holed, attributes: readonly AttributeType[] = []) {
  return readersOf(pictureOf(html), {
    attributes,
    shared: [{ label: 'Ours', values: { name: 'Jo' } }],
    own: [{ label: 'Mine', values: { city: 'Rye' } }],
  })
}

test('an issue that asks nothing of its readers looks the same to all', () => {
  expect(look(['<p>Hello</p>']).map(({ label }) => label)).toEqual(['Nothing known', 'Ours', 'Mine'])
})

test('the cast is there with what each lacks, then both sides of a passage, then whom the team and the editor have written', () => {
  const readers = look(['<p>', name, city, '</p>', passage])

  expect(readers.map(({ label, count }) => `${label}: ${count.fallbacks} ${count.empty}`)).toEqual([
    'Nothing known: 1 1',
    'Everything known: 0 0',
    'No name: 1 0',
    'Long values: 0 0',
    'Right to left: 0 0',
    'Emoji: 0 0',
    'Chinese: 0 0',
    'Looks like mark-up: 0 0',
    'With city: 0 0',
    'Without city: 0 1',
    'Ours: 0 1',
    'Mine: 1 0',
  ])
})

test('of several passages every combination is there, of many all, none and each one alone', () => {
  const passages = (names: readonly string[]) =>
    names.map((one) => ({ kind: 'choice', name: one, present: [`${one} `], absent: [] }) as const)
  const variants = (names: readonly string[]) =>
    look(passages(names))
      .filter(({ kind }) => kind === 'variant')
      .map(({ label }) => label)

  expect(variants(['member', 'city'])).toEqual([
    'With member, city',
    'With member, without city',
    'With city, without member',
    'Without member, city',
  ])
  expect(variants(['a', 'b', 'c', 'd'])).toEqual([
    'With all',
    'With none',
    'With a alone',
    'With b alone',
    'With c alone',
    'With d alone',
  ])
})

test('nobody without an address is there: every reader has one', () => {
  const html = [{ kind: 'choice', name: 'address', present: ['Reply'], absent: ['Nobody'] } as const]

  expect(look(html).filter(({ kind }) => kind === 'variant')).toEqual([])
})

test('a value that is declared keeps to its type, however odd the reader', () => {
  const attributes: readonly AttributeType[] = [
    { name: 'city', kind: 'oneOf', choices: ['Rye', 'Norhaven'] },
    { name: 'orders', kind: 'number' },
  ]
  const html = [name, city, { kind: 'person', name: 'orders', fallback: '' } as const]

  expect(look(html, attributes).find(({ label }) => label === 'Emoji')?.values).toEqual({
    name: 'Zoë 👩‍👩‍👧🎉',
    city: 'Norhaven',
    orders: '1234.5',
  })
  expect(askedOf(pictureOf(html), attributes)).toEqual([
    { name: 'name', kind: 'text', choices: [] },
    { name: 'city', kind: 'oneOf', choices: ['Rye', 'Norhaven'] },
    { name: 'orders', kind: 'number', choices: [] },
  ])
})
