import { expect, test } from 'vitest'
import { assignIds, slugify } from './anchor.js'

test.each([
  ['What’s next?', 'whats-next'],
  ['U.S. & E.U.', 'u-s-e-u'],
  ['Élan vital', 'élan-vital'],
  ['港口 重开', '港口-重开'],
  ['…', ''],
  ['a '.repeat(80), `${'a-'.repeat(29)}a`.slice(0, 59)],
  ['x'.repeat(100), 'x'.repeat(60)],
])('%j becomes %j', (heading, slug) => {
  expect(slugify(heading)).toBe(slug)
})

test('ids are unique, and those written by the editor win', () => {
  const headings = [
    { id: null, text: 'News' },
    { id: null, text: 'News' },
    { id: 'news', text: 'Other' },
    { id: null, text: '!' },
  ]

  expect(assignIds(headings)).toEqual(['news-2', 'news-3', 'news', 'section-4'])
})
