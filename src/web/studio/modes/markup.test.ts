import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changeMarkup, readAttributes, writeTag } from './markup.js'

test('what is not changed is left byte for byte', () => {
  const scrap = fc.constantFrom(
    '<',
    '>',
    '<p a="b>">',
    '<!--',
    '-->',
    '<style>',
    '</style>',
    '"',
    "'",
    'x',
    '<img src=a>',
    '<script',
    ' ',
  )
  fc.assert(
    fc.property(
      fc.array(scrap).map((scraps) => scraps.join('')),
      (html) => {
        expect(changeMarkup(html, { tag: (tag) => tag })).toBe(html)
      },
    ),
  )
})

test('tags in comments are no tags', () => {
  const tags: string[] = []
  changeMarkup('<!--[if mso]><table><![endif]--><p title="a > b">x</p><br>', {
    tag: (tag) => {
      tags.push(tag)
      return tag
    },
  })

  expect(tags).toEqual(['<p title="a > b">', '<br>'])
})

test('a long text of openings takes no long time', () => {
  const started = performance.now()
  for (const scrap of ['<!--', '<style>', '<p "', '<p a=', 'url('])
    changeMarkup(scrap.repeat(100_000), { tag: (tag) => tag, raw: (open, content) => ({ open, content }) })

  expect(performance.now() - started).toBeLessThan(5_000)
})

test('attributes are read in each way of writing them', () => {
  const attributes = readAttributes(`<a HREF=x  b='say "no"' c hidden d="1">`)

  expect([...attributes]).toEqual([
    ['href', 'x'],
    ['b', 'say &quot;no&quot;'],
    ['c', ''],
    ['hidden', ''],
    ['d', '1'],
  ])
  expect(writeTag('a', attributes)).toBe('<a href="x" b="say &quot;no&quot;" c="" hidden="" d="1">')
})
