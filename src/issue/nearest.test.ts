import { expect, test } from 'vitest'
import { nearest, nearestFew } from './nearest.js'

test('the word a person meant is found', () => {
  expect(nearest('titel', ['date', 'title', 'template'])).toBe('title')
  expect(nearest('Brief', ['story', 'briefs', 'note'])).toBe('briefs')
})

test('a word near none has no guess', () => {
  expect(nearest('sponsorship', ['date', 'title'])).toBeNull()
})

test('the nearest come first', () => {
  expect(nearestFew('ports', ['parts', 'ports-2', 'ports', 'grain'], 2)).toEqual(['ports', 'parts'])
})
