import { expect, test } from 'vitest'
import { comparedReader, FIRST, NOBODY } from './state.js'

const reader = (label: string) => ({ label, values: {} })

test('who is compared stays the same person, whoever comes to stand before them', () => {
  const readers = [reader('Ada'), reader('Bo'), reader('Zoë')]

  expect(comparedReader({ ...FIRST, readers: readers.slice(1), compareFor: 'Zoë' }).label).toBe('Zoë')
  expect(comparedReader({ ...FIRST, readers, compareFor: 'Zoë' }).label).toBe('Zoë')
})

test('the first is compared where nobody is chosen, or who was is looked at no longer', () => {
  const readers = [reader('Ada'), reader('Bo')]

  expect(comparedReader({ ...FIRST, readers }).label).toBe('Ada')
  expect(comparedReader({ ...FIRST, readers, compareFor: 'Zoë' }).label).toBe('Ada')
  expect(comparedReader({ ...FIRST, readers: [] })).toBe(NOBODY)
})
