import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { proofOf } from '../../../tests/rig/proof.js'
import { lineAt, readLinks, readPassages } from './reading.js'

const gate = readFileSync('tests/fixtures/press/issues/images/gate.png')
const input = await proofOf({
  images: { 'gate.png': gate },
  front: `preheader: 'Dear {{subscriber.name "reader"}}'
authors: '[Jo Mbeki](https://example.org/jo)'`,
  body: `
Dear {{subscriber.name "reader"}},
the \`code\` of *the*
[harbour ![A gate](images/gate.png)](https://example.org/h).

## Locks {kicker="Coast" lang=de}
By [Ida Marr](https://example.org/ida)

### A head

> quoted
> [here](https://example.org/there)
`,
})

test('passages are what people read, with the line each begins on', () => {
  const passages = readPassages(input)

  expect(passages.map(({ kind, lang, line, text }) => `${kind} ${lang} ${line} ${text}`)).toEqual([
    'line en-GB 2 High water',
    'line en-GB 4 Dear reader',
    'text en-GB 8 Dear reader,\nthe \ufffc of the\nharbour \ufffc.',
    'alt en-GB 10 A gate',
    'heading de 12 Coast',
    'heading de 12 Locks',
    'heading de 15 A head',
    'text de 17 quoted\nhere',
  ])
})

test('a place in a passage knows its line', () => {
  const opening = readPassages(input)[2]

  expect(opening && lineAt(opening, opening.text.indexOf('harbour'))).toBe(10)
})

test("links are those of the text and the authors' own, with words, alternative text and line", () => {
  const links = readLinks(input)

  expect(links.map(({ url, text, section, line }) => `${line} ${section} ${text} ${url}`)).toEqual([
    '5 byline Jo Mbeki https://example.org/jo',
    '10 opening harbour A gate https://example.org/h',
    '12 byline Ida Marr https://example.org/ida',
    '18 story here https://example.org/there',
  ])
})
