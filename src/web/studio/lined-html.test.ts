import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DRAWABLES, draw } from '../../../tests/rig/drawn.js'
import { parsePage } from '../../compile/checks/page.js'
import { sampleCopies } from '../../compile/checks/samples.js'
import { dropIssueLines, markIssueLine, readIssueLines } from '../../compile/issue-lines.js'
import type { Picture } from '../../compile/picture.js'
import { lineElements } from './lined-html.js'

const mark = markIssueLine
const end = markIssueLine(null)

test('the elements of the issue stand on its lines', () => {
  const html = `<div>${mark(7)}<p class="a">A <a href="/">link</a></p>\n${mark(9)}<ul>\n${mark(9)}<li>x<br></li></ul>${end}</div><p>Ours</p>`

  expect(lineElements(html)).toBe(
    '<div><p data-line="7" class="a">A <a data-line="7" href="/">link</a></p>\n<ul data-line="9">\n<li data-line="9">x<br data-line="9"></li></ul></div><p>Ours</p>',
  )
})

test('an element of the template stands on the line of the words in it', () => {
  expect(
    lineElements(`<td><h2>${mark(7)}Tides${end}</h2><p>By ${mark(8)}Ines${end}, ${mark(9)}Bo${end}</p></td>`),
  ).toBe('<td><h2 data-line="7">Tides</h2><p data-line="8">By Ines, Bo</p></td>')
})

test('attributes, comments for Outlook, style sheets and titles hold no line', () => {
  const html = [
    `<title>${mark(7)}Tides${end}</title><style>a > b { content: "<p>" }</style>`,
    `<img alt="${mark(7)}a > b${end}" title='"'><!--[if mso]><td>${mark(7)}<p>x</p>${end}</td><![endif]-->`,
  ].join('')

  expect(lineElements(html)).toBe(dropIssueLines(html))
})

test('what is no HTML comes out as it is', () => {
  const odd = ['<', '<p', '<p title="', '</', '<!--', '<!doctype', '<style>a{}', '\ue008', '\ue0085', 'a < b']

  for (const html of odd) expect(lineElements(html)).toBe(html)
})

const pieces = fc.constantFrom(
  ...[
    '<p>',
    '<p title="a > b">',
    "<a href='<b>'>",
    '</p>',
    '</a>',
    '<br>',
    '<img alt="x"/>',
    'words',
    ' ',
    '\n',
  ],
  ...[
    '<!--',
    '-->',
    '<!--[if mso]>',
    '<![endif]-->',
    '<style>',
    '</style>',
    '<title>',
    '</title >',
    '<',
    '>',
  ],
  ...['"', "'", '\ue008', '\ue009', '7', mark(7), mark(12), end, '<td', '<!doctype html>', 'Grüße', '👩‍👩‍👧'],
)

test('but for the attributes, any document is what it would be without marks', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const html = parts.join('')
      expect(withoutLines(lineElements(html))).toBe(dropIssueLines(html))
    }),
    { numRuns: 2_000 },
  )
})

test.each(DRAWABLES)(
  'in $slug the page finds each element on the line that the checks tell',
  async (wanted) => {
    const picture = await draw(wanted)
    for (const { html } of copiesOf(picture)) {
      const lined = lineElements(html)
      const { elements } = parsePage({ text: lined, turns: [] })
      const told = parsePage(readIssueLines(html)).elements

      expect(withoutLines(lined)).toBe(dropIssueLines(html))
      expect(elements.map(({ tag, attributes }) => `${tag} ${attributes['data-line'] ?? '-'}`)).toEqual(
        told.map(({ tag, line }) => `${tag} ${line ?? '-'}`),
      )
    }
  },
)

function copiesOf({ compilation: { compiled }, preheader, lined }: Picture) {
  return sampleCopies({ compiled, preheader, html: lined })
}

function withoutLines(html: string): string {
  return html.replace(/ data-line="\d+"/g, '')
}
