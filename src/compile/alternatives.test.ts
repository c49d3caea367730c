import { expect, test } from 'vitest'
import { listAlternatives, MAX_ALTERNATIVES } from './alternatives.js'
import type { ChoiceHole, Holed } from './compiled.js'

const NAME = { kind: 'person', name: 'name', fallback: 'reader' } as const

function passage(name: string): ChoiceHole {
  return { kind: 'choice', name, present: ['here'], absent: ['away'] }
}

function issue(html: Holed, text: Holed = html) {
  return { subject: ['News for ', NAME], html, text }
}

test('an issue without conditional passages has one copy for all, of a sample reader where none is given', () => {
  expect(listAlternatives(issue(['Dear ', NAME]), null)).toEqual([
    { label: null, values: { name: 'Sam Sample' } },
  ])
  expect(listAlternatives(issue(['Dear ', NAME]), {})).toEqual([{ label: null, values: {} }])
})

test('a passage is seen with and without, the given reader first', () => {
  expect(listAlternatives(issue([passage('city'), passage('city')]), { name: 'Ines' })).toEqual([
    { label: 'without city', values: { name: 'Ines', city: '' } },
    { label: 'with city', values: { name: 'Ines', city: 'sample city' } },
  ])
})

test('the values of the given reader are kept where they are wanted', () => {
  const labelled = listAlternatives(issue([passage('city')], [passage('plan')]), {
    city: 'Selby',
    plan: ' ',
  }).map(({ label, values }) => `${label}: ${values.city}|${values.plan}`)

  expect(labelled).toEqual([
    'with city, without plan: Selby|',
    'with city, plan: Selby|sample plan',
    'with plan, without city: |sample plan',
    'without city, plan: |',
  ])
})

test('of many passages each is seen with and without, in no more than eight copies', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']

  const alternatives = listAlternatives(issue(names.map(passage)), { a: 'x', b: 'y' })

  expect(alternatives.length).toBe(MAX_ALTERNATIVES)
  expect(alternatives.slice(0, 4).map(({ label }) => label)).toEqual([
    'with 2 of 9',
    'with all',
    'with none',
    'with a alone',
  ])
  for (const name of names) {
    expect(alternatives.some(({ values }) => values[name] === '')).toBe(true)
    expect(alternatives.some(({ values }) => values[name] !== '')).toBe(true)
  }
})

test('who shows more beside each other gets more, and names read as words', () => {
  const names = ['first_name', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']

  const labels = listAlternatives(issue(names.map(passage)), null, 12).map(({ label }) => label)

  expect(labels).toHaveLength(11)
  expect(labels.slice(0, 3)).toEqual(['with all', 'with none', 'with first name alone'])
})

test('whether a reader has an address is no question: whom it goes to has one', () => {
  expect(listAlternatives(issue([passage('address')]), null)).toHaveLength(1)
})
