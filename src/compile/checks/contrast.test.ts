import { expect, test } from 'vitest'
import { proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import { CONTRAST_CHECKS } from './contrast.js'

/** Findings on this body, `css` in a <style> block. */
async function findingsIn(id: string, body: string, css = '') {
  const html = `<html><head><meta name="color-scheme" content="light dark"><style>${css}</style></head><body>${body}</body></html>`
  return runCheck(CONTRAST_CHECKS, id, withHtml(await proofOf(), html))
}

test('A05: text of less than 4.5 on its ground is an error, just above it is fine', async () => {
  expect(await findingsIn('A05', '<p style="color:#777777">Closed</p>')).toEqual([
    'error -: "Closed" is #777777 on #ffffff, a contrast of 4.48; take colours with 4.5 or more',
  ])
  expect(await findingsIn('A05', '<p style="color:#767676">Closed</p>')).toEqual([])
})

test.each([
  ['24 pixels', 'font-size:24px', '23px'],
  ['18.66 pixels and bold', 'font-size:18.66px;font-weight:700', '18px;font-weight:700'],
])('A05: text of %s needs 3, a little smaller needs 4.5', async (_what, large, smaller) => {
  const text = (style: string) => findingsIn('A05', `<p style="color:#949494;${style}">Closed</p>`)

  expect(await text(large)).toEqual([])
  expect(await text(`font-size:${smaller}`)).toHaveLength(1)
  expect(await findingsIn('A05', `<p style="color:#959595;${large}">Closed</p>`)).toHaveLength(1)
})

test('A05: each pair of colours is told once', async () => {
  expect(await findingsIn('A05', '<p style="color:#999">One</p>'.repeat(3))).toEqual([
    expect.stringContaining('"One" and 2 more is #999999'),
  ])
})

test('A05: dark as the template has it is looked at by itself', async () => {
  const dark = (ink: string) =>
    `@media (prefers-color-scheme: dark) { body { background: #161616 !important } p { color: ${ink} !important } }`
  const body = '<p style="color:#1a1a1a">Closed</p>'

  expect(await findingsIn('A05', body, dark('#757575'))).toEqual([
    expect.stringMatching(/^error -: "Closed" is #757575 on #161616 where readers prefer dark/),
  ])
  expect(await findingsIn('A05', body, dark('#7f7f7f'))).toEqual([])
})

test('A05: black on a middle grey gets too faint where a program darkens by force, on a light one it does not', async () => {
  const box = (ground: string) => findingsIn('A05', `<p style="background:${ground};color:#000">Closed</p>`)

  expect(await box('#8a8a8a')).toEqual([
    expect.stringMatching(/^warn -: .* where a mail program darkens what is light/),
    expect.stringMatching(/^warn -: .* where a mail program darkens all/),
  ])
  expect(await box('#aaaaaa')).toEqual([])
})

test.each([
  ['what lies behind is an image', '<p style="background:url(a.png);color:#fff">Closed</p>', ''],
  ['a colour is a variable', '<p style="color:var(--ink)">Closed</p>', ''],
  ['a rule holds only for some', '<p>Closed</p>', '@media (hover: hover) { p { color: #fff } }'],
  ['a selector is not known here', '<p>Closed</p>', 'p:nth-child(2n of .a) { color: #fff }'],
  ['text is half clear', '<p style="opacity:0.5;color:#777"><b style="color:#999">Closed</b></p>', ''],
  ['text is hidden', '<div style="display:none;color:#fff">High water</div>', ''],
  ['nothing is written', '<p style="color:#fff">&nbsp;&#847;&#8199;</p>', ''],
])('A05: nothing is said where %s', async (_what, body, css) => {
  expect(await findingsIn('A05', body, css)).toEqual([])
})

test.each([
  ['an old attribute', '<table bgcolor="#000000"><tr><td style="color:#222">Closed</td></tr></table>', ''],
  ['a rule with a class', '<p class="quiet">Closed</p>', '.quiet { color: #999 }'],
  [
    'the more specific rule',
    '<p id="a" class="b">Closed</p>',
    '#a { color: #999 } .b { color: #000 } p { color: #000 }',
  ],
  ['an important rule before style', '<p style="color:#000">Closed</p>', 'p { color: #999 !important }'],
  ['a rule for children', '<div class="a"><p>Closed</p></div>', '.a > p { color: #999 }'],
  ['a rule for what follows', '<h1>A</h1><p>Closed</p>', 'h1 + p { color: #999 }'],
  ['a rule for screens', '<p>Closed</p>', '@media only screen and (min-width: 480px) { p { color: #999 } }'],
  ['a link’s own blue', '<div style="background:#333"><a href="#">Closed</a></div>', ''],
  [
    'a ground that lets light through',
    '<div style="background:#000"><p style="background:rgba(0,0,0,.5);color:#222">A</p></div>',
    '',
  ],
])('A05: faint by %s is found', async (_what, body, css) => {
  expect((await findingsIn('A05', body, css)).filter((found) => found.startsWith('error'))).toHaveLength(1)
})

test.each([
  ['for print', '@media print { p { color: #999 } }'],
  ['for phones', '@media (max-width: 480px) { p { color: #999 } }'],
  ['for pointing at it', 'p:hover { color: #999 }'],
  ['for what stands before', 'p::before { color: #999 }'],
  ['for other children', 'div > p { color: #999 }'],
  ['that a later one overrules', 'p { color: #999 } p { color: #000 }'],
])('A05: a rule %s makes nothing faint', async (_what, css) => {
  expect(await findingsIn('A05', '<p>Closed</p>', css)).toEqual([])
})

test('A05: a faint colour of a template is told with its file and line', async () => {
  const templates = {
    'partials/opening.mjml':
      '<mj-section><mj-column>\n<mj-text color="#8a8a8b">{{opening}}</mj-text></mj-column></mj-section>',
  }
  const input = await proofOf({ templates, body: '\nThe quay is closed.\n' })

  const found = CONTRAST_CHECKS.find(({ id }) => id === 'A05')?.run(input) ?? []

  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ severity: 'error', file: 'templates/partials/opening.mjml', line: 2 })
})

test('A06: a link among text that only its colour tells apart is a warning', async () => {
  const link = (style: string) =>
    findingsIn(
      'A06',
      `<p style="color:#1a1a1a">The <a href="https://a.example/" style="${style}">quay</a> is closed.</p>`,
    )

  expect(await link('color:#333333;text-decoration:none')).toEqual([
    expect.stringMatching(/^warn -: the link "quay" can be told from the text by colour only/),
  ])
  expect(await link('color:#333333')).toEqual([])
  expect(await link('color:#909090;text-decoration:none')).toEqual([])
  expect(await link('color:#333333;text-decoration:none;font-weight:bold')).toEqual([])
  expect(await link('color:#333333;text-decoration:none;background:#eeeeee')).toEqual([])
})

test('A06: a link that stands alone is told by its place', async () => {
  const body = '<p><a href="https://a.example/" style="color:#222;text-decoration:none">The quay</a></p>'

  expect(await findingsIn('A06', body)).toEqual([])
})
