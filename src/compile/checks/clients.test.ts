import { expect, test } from 'vitest'
import { type ProofOptions, proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import { CLIENT_CHECKS } from './clients.js'

/** Findings on an issue, compiled. */
async function findingsOf(id: string, options: ProofOptions = {}) {
  return runCheck(CLIENT_CHECKS, id, await proofOf(options))
}

/** Findings on a page that the template is said to have made. */
async function findingsIn(id: string, html: string) {
  return runCheck(CLIENT_CHECKS, id, withHtml(await proofOf(), html))
}

/** A template whose head has this besides. */
function withHead(mjml: string): ProofOptions {
  return { body: '\nA note.\n', templates: { 'digest/filler.mjml': '', 'partials/opening.mjml': mjml } }
}

const mso = (content: string) => `<!--[if mso]>${content}<![endif]-->`

test('K01: what the project’s template is made of is accepted', async () => {
  const body =
    '\nA note.\n\n## Locks\n\n> Closed.\n\n1. a\n\n| a | b |\n|---|--:|\n| c | d |\n\n```\ncode\n```\n'

  expect(await findingsOf('K01', { body })).toEqual([])
})

test('K01: a template that adds what a third of readers lack is warned of, with file and line', async () => {
  const opening = (style: string) => ({
    'partials/opening.mjml': `<mj-section><mj-column>\n<mj-text><p style="${style}">{{opening}}</p></mj-text></mj-column></mj-section>`,
  })
  const found = (style: string) => findingsOf('K01', { body: '\nA note.\n', templates: opening(style) })

  expect(await found('box-shadow: 0 1px 2px #000')).toEqual([
    expect.stringMatching(
      /^warn 2: box-shadow \(box-shadow: 0 1px 2px #000\) is not known to .*Outlook \(Windows\)/,
    ),
  ])
  expect(await found('color: #000')).toEqual([])
})

test('K01: what MJML adds by itself is not told, what a template asks it for is', async () => {
  const button = (attributes: string) => ({
    'partials/opening.mjml': `<mj-section><mj-column><mj-button href="https://a.example/" ${attributes}>Read</mj-button></mj-column></mj-section>`,
    'partials/accepted.txt': '',
  })
  const slugs = async (attributes: string) => {
    const found = await findingsOf('K01', { body: '\nA note.\n', templates: button(attributes) })
    return found.join('\n')
  }

  expect(await slugs('color="#ffffff"')).not.toMatch(/features\/(css-cursor|css-box-shadow)/)
  expect(await slugs('text-transform="uppercase" letter-spacing="1px"')).not.toContain('css-cursor')
  expect(await slugs('css-class="a" border-radius="9px"')).toContain('features/css-border-radius')
})

test('K01: what nobody has is an error, what only some have in part is worth knowing', async () => {
  const shown = (style: string) => findingsIn('K01', `<p style="${style}">Closed</p>`)

  expect(await shown('hyphenate-limit-chars: 6 3 3')).toEqual([
    expect.stringMatching(/^error -: hyphenate-limit-chars/),
  ])
  expect(await shown('text-indent: 1em')).toEqual([
    expect.stringMatching(/^info -: text-indent .* is known in part to Gmail/),
  ])
  expect(await shown('border-collapse: collapse')).toEqual([])
})

test('K01: a unit and a media query are seen as MJML writes them', async () => {
  const page = (css: string) => `<style>${css}</style><p>Closed</p>`

  expect(await findingsIn('K01', page('p { width: 50vw }'))).toContainEqual(
    expect.stringMatching(/^warn -: vw unit/),
  )
  expect(await findingsIn('K01', page("p { content: '50vw' }"))).not.toContainEqual(
    expect.stringContaining('vw unit'),
  )
  expect(
    await findingsIn(
      'K01',
      page('p { width: 9vmax } @media only screen and (orientation: landscape) { p { width: 9px } }'),
    ),
  ).toEqual(expect.arrayContaining([expect.stringContaining('@media (orientation)')]))
})

test('K01: a feature that accepted.txt beside the template names is not told, and a misspelt one is', async () => {
  const templates = {
    'partials/opening.mjml':
      '<mj-section><mj-column><mj-text><p style="box-shadow: 0 1px 2px #000">A</p></mj-text></mj-column></mj-section>',
  }
  const accepting = (slug: string) =>
    findingsOf('K01', {
      body: '\nA note.\n',
      templates: { ...templates, 'digest/accepted.txt': `# ours\n${slug} is only decoration\n` },
    })

  expect(await accepting('css-box-shadow')).toEqual([])
  expect(await accepting('css-boxshadow')).toEqual([
    expect.stringMatching(/^warn 2: caniemail.com knows no "css-boxshadow"/),
    expect.stringMatching(/^warn .*box-shadow/),
  ])
})

test.each([
  '<script>alert(1)</script>',
  '<form action="https://a.example/"></form>',
  '<iframe src="https://a.example/"></iframe>',
  '<video src="https://a.example/a.mp4"></video>',
  '<object data="https://a.example/a"></object>',
  '<link rel="stylesheet" href="https://a.example/a.css">',
  '<p onclick="alert(1)">Closed</p>',
  '<style>@import "https://a.example/a.css";</style>',
])('K02: %s is an error', async (html) => {
  expect(await findingsIn('K02', html)).toEqual([expect.stringMatching(/^error -: the mail holds /)])
})

test('K02: what only looks like it is fine', async () => {
  expect(
    await findingsIn('K02', '<link rel="icon" href="https://a.example/a.png"><p class="onclick">video</p>'),
  ).toEqual([])
})

test('K02: a script in a template is told with its file and line', async () => {
  const options = withHead(
    '<mj-section><mj-column>\n<mj-text>a\n<form></form></mj-text></mj-column></mj-section>',
  )

  expect(await findingsOf('K02', options)).toEqual([expect.stringMatching(/^error 3: the mail holds <form>/)])
})

test('K02: a web page that runs something is told of too, structured data is none', async () => {
  const onWeb = async (written: string) => {
    const input = await proofOf()
    const web = input.compiled.web.replace('</main>', `${written}</main>`)
    return runCheck(CLIENT_CHECKS, 'K02', { ...input, compiled: { ...input.compiled, web } })
  }

  expect(await onWeb('<script>alert(1)</script>')).toEqual([
    expect.stringContaining('web page holds <script>'),
  ])
  expect(await onWeb('<img src="a.png" alt="" onerror="alert(1)">')).toEqual([
    expect.stringContaining('onerror='),
  ])
  expect(await onWeb('<a href=" javascript:alert(1)">a</a>')).toEqual([
    expect.stringContaining('href="javascript:…"'),
  ])
  expect(await onWeb('<script type="application/ld+json">{}</script><a href="#b">b</a>')).toEqual([])
})

test('K03: a font from elsewhere and a list without a generic name are warnings', async () => {
  const stack = (value: string) => findingsIn('K03', `<p style="font-family: ${value}">Closed</p>`)

  expect(
    await findingsIn(
      'K03',
      '<style>@font-face { font-family: Own; src: url(https://a.example/a.woff2) }</style>',
    ),
  ).toEqual([
    expect.stringContaining('@font-face loads a font from elsewhere'),
    expect.stringContaining('"Own"'),
  ])
  expect(
    await findingsIn('K03', '<link href="https://fonts.googleapis.com/css?family=Ubuntu" rel="stylesheet">'),
  ).toHaveLength(1)
  expect(await stack("Georgia, 'Times New Roman'")).toEqual([
    expect.stringContaining('names nothing that every machine has'),
  ])
  expect(await stack('Georgia, serif')).toEqual([])
  expect(await stack('inherit')).toEqual([])
})

test('K04: conditional comments that do not close, close nothing or stand within another are errors', async () => {
  expect(await findingsIn('K04', '<!--[if mso]><table>')).toHaveLength(1)
  expect(await findingsIn('K04', '<p>Closed</p><![endif]-->')).toHaveLength(1)
  expect(await findingsIn('K04', '<!--[if !mso]><!--><p>A</p><![endif]-->')).toEqual([
    expect.stringContaining('does not close <!--[if !mso]><!-->'),
  ])
  expect(await findingsIn('K04', `<!--[if !mso]><!--><p>A</p>${mso('<p>')}<!--<![endif]-->`)).not.toEqual([])
  expect(
    await findingsIn(
      'K04',
      `<!--[if !mso]><!--><p>A</p><!--<![endif]-->${mso('<table><tr>\n<td>')}<!-- note -->`,
    ),
  ).toEqual([])
})

test('K04: a tag for Outlook that goes over two lines is an error, for others it is fine', async () => {
  expect(await findingsIn('K04', mso('<table\nwidth="600">'))).toEqual([
    expect.stringContaining('the tag <table> for Outlook goes over several lines'),
  ])
  expect(await findingsIn('K04', '<table\nwidth="600"></table>')).toEqual([])
})

test.each([
  ['a variable', 'color: var(--ink)', "content: 'var(--ink)'"],
  ['hsl()', 'color: hsl(1, 50%, 50%)', 'color: rgb(1, 50, 50)'],
  ['oklch()', 'color: oklch(50% 0.1 20)', 'color: #123456'],
  ['a logical property', 'margin-inline-start: 4px', 'margin-left: 4px'],
])('K05: %s is a warning', async (_what, bad, good) => {
  expect(await findingsIn('K05', `<p style="${bad}">Closed</p>`)).toEqual([
    expect.stringMatching(/^warn -: the styles hold/),
  ])
  expect(await findingsIn('K05', `<p style="${good}">Closed</p>`)).toEqual([])
})

test('K05: a rule within a rule is a warning, one within a media query is not', async () => {
  expect(await findingsIn('K05', '<style>p { color: #000; & a { color: #111 } }</style>')).toEqual([
    expect.stringContaining('a rule within a rule'),
  ])
  expect(await findingsIn('K05', '<style>@media screen { p { color: #000 } }</style>')).toEqual([])
})

test('K06: an issue in Arabic is fine with the project’s template, and not with one that forgot', async () => {
  const opening = (align: string) => ({
    'partials/opening.mjml': `<mj-section><mj-column>\n<mj-text align="${align}">{{opening}}</mj-text></mj-column></mj-section>`,
  })
  const arabic = { front: 'lang: ar', body: '\nمغلق.\n\n| قفل | باب |\n|:--|--:|\n| ١ | ٢ |\n' }

  expect(await findingsOf('K06', arabic)).toEqual([])
  expect(await findingsOf('K06', { ...arabic, templates: opening('{{start}}') })).toEqual([])
  expect(await findingsOf('K06', { ...arabic, templates: opening('left') })).toEqual([
    expect.stringMatching(/^warn 2: text that reads from right to left stands at the left: "مغلق\."/),
  ])
})

test('K06: a heading in Arabic among others in a list of contents stands where they do', async () => {
  const body = '\n## Locks\n\nShut.\n\n## قفل {lang=ar}\n\nمغلق.\n'

  expect(await findingsOf('K06', { front: 'contents: yes', body })).toEqual([])
})

test('K07: a mail that does not say that it knows dark is worth knowing', async () => {
  const meta = (name: string) => `<meta name="${name}" content="light dark">`

  expect(await findingsIn('K07', meta('color-scheme'))).toEqual([
    expect.stringMatching(/^info .*there is no <meta name="supported-color-schemes">/),
  ])
  expect(await findingsIn('K07', meta('color-scheme') + meta('supported-color-schemes'))).toEqual([])
})
