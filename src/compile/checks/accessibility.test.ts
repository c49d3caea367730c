import { expect, test } from 'vitest'
import { type ProofOptions, proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import { ACCESSIBILITY_CHECKS } from './accessibility.js'

/** Findings on an issue, compiled. */
async function findingsOf(id: string, options: ProofOptions = {}) {
  return runCheck(ACCESSIBILITY_CHECKS, id, await proofOf(options))
}

/** Findings on a whole page. */
async function findingsIn(id: string, html: string) {
  return runCheck(ACCESSIBILITY_CHECKS, id, withHtml(await proofOf(), html))
}

const good = '<html lang="en-GB" dir="ltr"><body><div lang="en-GB" dir="ltr">Closed</div></body></html>'

test.each([
  ['no language', good.replace('lang="en-GB"', '')],
  ['MJML’s "und"', good.replace('"en-GB"', '"und"')],
  ['another language', good.replace('"en-GB"', '"de"')],
  ['no direction', good.replace('dir="ltr"', '')],
  [
    'a direction that mail programs drop with <html>',
    good.replace('<div lang="en-GB" dir="ltr">', '<div lang="en-GB">'),
  ],
])('A01: a page with %s is an error', async (_what, html) => {
  expect(await findingsIn('A01', html)).toHaveLength(1)
})

test('A01: language and direction as in the front matter are fine, behind a hidden preheader too', async () => {
  expect(await findingsIn('A01', good)).toEqual([])
  expect(
    await findingsIn('A01', good.replace('<body>', '<body><div style="display:none">High water</div>')),
  ).toEqual([])
  expect(await findingsOf('A01', { front: 'lang: ar' })).toEqual([])
})

test('A02: a page without a title, or with markup in it, is an error; a title that speaks of markup is fine', async () => {
  expect(await findingsIn('A02', '<title> </title>')).toEqual([expect.stringContaining('has no title')])
  expect(await findingsIn('A02', '<title>High <b>water</b></title>')).toEqual([
    expect.stringContaining('holds markup'),
  ])
  expect(await findingsIn('A02', '<title>The &lt;b> tag, and 2 < 3</title>')).toEqual([])
  expect(await findingsOf('A02', { front: 'title: "<b> & other tags"' })).toEqual([])
})

test('A03: a table for layout without a role is an error, and one of data with it', async () => {
  const layout = '<table><tr><td>Closed</td></tr></table>'
  const data = '<table><tr><th>Lock</th></tr><tr><td>Closed</td></tr></table>'

  expect(await findingsIn('A03', layout)).toEqual([expect.stringContaining('has no headings and no role')])
  expect(await findingsIn('A03', data.replace('<table', '<table role="presentation"'))).toEqual([
    expect.stringContaining('a table with headings has role="presentation"'),
  ])
  expect(await findingsIn('A03', layout.replace('<table', '<table role="none"'))).toEqual([])
  expect(await findingsIn('A03', `<table role="presentation"><tr><td>${data}</td></tr></table>`)).toEqual([])
})

test('A03: an editor’s table is one of data', async () => {
  expect(await findingsOf('A03', { body: '\n| Lock | Gate |\n|---|---|\n| One | shut |\n' })).toEqual([])
})

test('A04: none or two <h1> are a warning, one is fine', async () => {
  expect(await findingsIn('A04', '<h2>Locks</h2>')).toEqual([
    expect.stringMatching(/^warn .*there is no <h1>/),
  ])
  expect(await findingsIn('A04', '<h1>The Tide</h1><h1>Locks</h1>')).toEqual([
    expect.stringMatching(/^warn .*there are 2 <h1>/),
  ])
  expect(
    await findingsIn('A04', '<h1>The Tide</h1><div style="display:none"><h1>The Tide</h1></div>'),
  ).toEqual([])
})

test('A04: a heading that leaves out a level is told with its line, one that goes back up is not', async () => {
  expect(await findingsOf('A04', { body: '\n## Locks\n\nA.\n\n#### Gates\n\nB.\n' })).toEqual([
    expect.stringMatching(/^info 10: an <h4> follows an <h2>; a heading there is <h3>: ### in an issue/),
  ])
  expect(
    await findingsOf('A04', { body: '\n## Locks\n\nA.\n\n### Gates\n\nB.\n\n## Tides\n\nC.\n' }),
  ).toEqual([])
})

test('A04: a section’s first ### is fine where a template shows no heading above it but its <h1>', async () => {
  const letter = (marks: string) => ({
    front: 'template: letter',
    body: `\n## High water\n\nA.\n\n${marks} Gates\n\nB.\n`,
  })

  expect(await findingsOf('A04', letter('###'))).toEqual([])
  expect(await findingsOf('A04', letter('####'))).toEqual([
    expect.stringMatching(/^info 11: an <h4> follows an <h1>; a heading there is <h3>: ### in an issue/),
  ])
})

test('A04: an empty heading is a warning, one that holds a picture with words is not', async () => {
  const page = (heading: string) => `<h1>The Tide</h1>${heading}`

  expect(await findingsIn('A04', page('<h2> <span></span></h2>'))).toEqual([
    expect.stringMatching(/^warn .*an <h2> is empty/),
  ])
  expect(await findingsIn('A04', page('<h2><img src="https://a.example/a.png" alt="Locks"></h2>'))).toEqual(
    [],
  )
})

test('A07: a drawing for Outlook without a text, or with a link or a heading in it, is an error', async () => {
  const mso = (content: string) => `<!--[if mso]>${content}<![endif]-->`
  const box = (content: string) =>
    `${mso('<v:rect fill="true"><v:fill src="https://a.example/a.png" /><v:textbox>')}${content}${mso('</v:textbox></v:rect>')}`

  expect(await findingsIn('A07', mso('<v:image src="https://a.example/a.png" />'))).toEqual([
    expect.stringContaining('<v:image> has no alt'),
  ])
  expect(await findingsIn('A07', mso('<v:image src="https://a.example/a.png" alt="A gate" />'))).toEqual([])
  expect(await findingsIn('A07', box('<a href="https://a.example">Closed</a>'))).toHaveLength(1)
  expect(await findingsIn('A07', box('<h2>Closed</h2>'))).toHaveLength(1)
  expect(
    await findingsIn('A07', `${box('<p>Closed</p>')}<h2><a href="https://a.example">Closed</a></h2>`),
  ).toEqual([])
})

test('A07: a link in a section with MJML’s background image is found', async () => {
  const section = (content: string) => ({
    'partials/opening.mjml': `<mj-section background-color="#001122" background-url="https://a.example/a.png"><mj-column><mj-text>${content}</mj-text></mj-column></mj-section>`,
  })
  const body = '\nA note.\n'

  expect(
    await findingsOf('A07', { body, templates: section('<a href="https://a.example/">Sea</a>') }),
  ).toHaveLength(1)
  expect(await findingsOf('A07', { body, templates: section('Sea') })).toEqual([])
})

test('A08: a viewport that keeps readers from enlarging is an error', async () => {
  const viewport = (content: string) =>
    findingsIn('A08', `<meta name="viewport" content="width=device-width, ${content}">`)

  expect(await viewport('user-scalable=no')).toHaveLength(1)
  expect(await viewport('maximum-scale=1.0')).toHaveLength(1)
  expect(await viewport('maximum-scale=5')).toEqual([])
  expect(await viewport('initial-scale=1')).toEqual([])
})

test('A09: an id that stands twice is a warning', async () => {
  expect(await findingsIn('A09', '<p id="a">A</p><p id="a">B</p><p id="a">C</p>')).toEqual([
    expect.stringContaining('the id "a" stands twice'),
  ])
  expect(await findingsIn('A09', '<p id="a">A</p><p id="b">B</p>')).toEqual([])
})

test('A09: text below 12 pixels is a warning; figures set high, hidden and empty text are not', async () => {
  expect(
    await findingsIn('A09', '<div style="font-size:14px"><p style="font-size:0.8em">Closed</p></div>'),
  ).toEqual([expect.stringContaining('"Closed" is 11.2 pixels high')])
  expect(await findingsIn('A09', '<p style="font-size:9pt">Closed</p>')).toEqual([])
  expect(await findingsIn('A09', '<p style="font-size:12px">Closed<sup>2</sup></p>')).toEqual([])
  expect(
    await findingsIn(
      'A09',
      '<div style="display:none;font-size:2px">High water</div><td style="font-size:8px">&nbsp;</td>',
    ),
  ).toEqual([])
})

test('A09: small text of a template is told with its file and line', async () => {
  const templates = {
    'partials/opening.mjml':
      '<mj-section><mj-column>\n<mj-text font-size="11px">{{opening}}</mj-text></mj-column></mj-section>',
  }

  expect(await findingsOf('A09', { body: '\nA note.\n', templates })).toEqual([
    expect.stringMatching(/^warn 2: "A note." is 11 pixels high/),
  ])
})

test('A09: justified text is a warning', async () => {
  expect(await findingsIn('A09', '<style>p { text-align: justify }</style><p>Closed</p>')).toHaveLength(1)
  expect(
    await findingsIn('A09', '<style>p { text-align: justify } p { text-align: left }</style><p>Closed</p>'),
  ).toEqual([])
})
