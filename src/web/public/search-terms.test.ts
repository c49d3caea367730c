import { expect, test } from 'vitest'
import { excerptOf } from './search-excerpt.js'
import { termsIn } from './search-terms.js'

test.each<[string, readonly string[]]>([
  ['Café-Öl, straße', ['cafe', 'ol', 'strasse']],
  ['L’été à Łódź', ['l', 'ete', 'a', 'lodz']],
  ['Mañana: ¿qué?', ['manana', 'que']],
  ['Αθήνα Ёлка', ['αθηνα', 'елка']],
  ['हिन्दी', ['हिन्दी']],
  ['港の話', ['港の', 'の話']],
  ['3.50 €', ['3', '50']],
  ['', []],
])('%s is the words %s', (text, terms) => {
  expect(termsIn(text)).toEqual(terms)
})

const excerpt = (text: string, ...terms: string[]) => excerptOf(text, new Set(terms)).html

test('what was met is marked, in a passage around most of it', () => {
  const filler = 'Nothing of note was said about that. '.repeat(20)

  const html = excerpt(`The crane. ${filler}A Crane and its Quäy stood there. ${filler}`, 'crane', 'quay')

  expect(html).toContain('A <mark>Crane</mark> and its <mark>Quäy</mark> stood there.')
  expect(html).not.toContain('The <mark>crane</mark>')
  expect(html).toMatch(/^… .* …$/)
  expect(html.length).toBeLessThan(320)
})

test('pairs of characters that touch are one mark', () => {
  expect(excerpt('静かな港の話です', '港の', 'の話')).toBe('静かな<mark>港の話</mark>です')
})

test('V41: what looks like markup in a text is text, within a mark and around it', () => {
  expect(excerpt('<script>alert(1)</script> <b>crane</b>', 'script', 'crane')).toBe(
    '&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &lt;b&gt;<mark>crane</mark>&lt;/b&gt;',
  )
})

test('a text without any of the words is shown from its beginning, an empty one not at all', () => {
  expect(excerpt('Cranes stand still', 'tide')).toBe('Cranes stand still')
  expect(excerpt('', 'tide')).toBe('')
})
