/** Every mode of our own mails: whole, quiet, and with nothing in it that runs or asks elsewhere. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { describe, expect, test } from 'vitest'
import type { Mode } from '../api.js'
import { readMode } from './mode.js'
import { showMail, showPage } from './show.js'

const GOLDEN = path.join(import.meta.dirname, '../../../../tests/golden')
const SLUGS = readdirSync(GOLDEN).filter((name) => /^\d{4}-/.test(name))
/** Each of a kind, and those that change one another. */
const MODES: readonly Mode[] = [
  ...(['light', 'dark', 'partly', 'fully'] as const).map((light) => ({ light })),
  { images: 'off' as const },
  { engine: 'bare' as const },
  { engine: 'bare' as const, light: 'dark' as const },
  { engine: 'word' as const },
  { engine: 'word' as const, light: 'dark' as const, images: 'off' as const },
].map((some): Mode => ({ light: 'light', images: 'on', engine: 'usual', ...some }))
const nothing = () => null
const nobody = () => undefined

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

function elementsOf(html: string): readonly Element[] {
  const found: Element[] = []
  const visit = (node: Node) => {
    if ('tagName' in node) found.push(node)
    if ('childNodes' in node) node.childNodes.forEach(visit)
  }
  visit(parse(html))
  return found
}

/** What a browser would run, or ask for by itself. */
function dangersIn(html: string): readonly string[] {
  return elementsOf(html).flatMap(({ tagName, attrs, childNodes }) => [
    ...(tagName === 'script' ? ['script'] : []),
    ...(tagName === 'style' &&
    /@import|url\((?!\/image\/)/i.test(
      childNodes.map((child) => ('value' in child ? child.value : '')).join(''),
    )
      ? ['style']
      : []),
    ...attrs.flatMap(({ name, value }) => {
      if (/^on/.test(name) || name === 'srcset') return [name]
      if (name === 'src' || name === 'background')
        return value.startsWith('/image/') ? [] : [`${name}=${value}`]
      return name === 'style' && /url\((?!\/image\/)/i.test(value) ? [`style=${value}`] : []
    }),
  ])
}

function wordsOf(html: string): string {
  const words = (node: Node): string => {
    if ('tagName' in node && (node.tagName === 'style' || node.tagName === 'head')) return ''
    if ('value' in node) return node.value
    return 'childNodes' in node ? node.childNodes.map(words).join('') : ''
  }
  // What makes a button roomy in Word are spaces.
  return words(parse(html)).replace(/[\s\u200b]+/g, '')
}

describe.each(SLUGS)('%s', (slug) => {
  const mail = readFileSync(path.join(GOLDEN, slug, 'email.html'), 'utf8')

  test('is whole in each mode, with the same words, and asks for nothing', () => {
    const words = wordsOf(showMail(mail, readMode(nobody), nothing))
    for (const mode of MODES) {
      const shown = showMail(mail, mode, nothing)
      const errors: string[] = []
      parse(shown, { onParseError: ({ code }) => errors.push(code) })
      expect(errors, JSON.stringify(mode)).toEqual([])
      expect(dangersIn(shown), JSON.stringify(mode)).toEqual([])
      if (mode.images === 'on') expect(wordsOf(shown) === words, JSON.stringify(mode)).toBe(true)
    }
  })

  test('its web page is shown in light and dark, and asks for nothing', () => {
    const page = readFileSync(path.join(GOLDEN, slug, 'web.html'), 'utf8')
    for (const mode of MODES) expect(dangersIn(showPage(page, mode, nothing))).toEqual([])
  })
})

test('no mode adds what runs or asks, whatever it is given', () => {
  const scrap = fc.constantFrom(
    ...[
      '<style>p{background:url(https://x.example/a)}',
      '@import "https://x.example/b";',
      '</style>',
      '<script>alert(1)</script>',
      '<img src="https://x.example/c.png" onerror="alert(1)" width=1>',
      "<img src='//x.example/d.png' alt='\"><script>x</script>'>",
      '<p style="background:url(&quot;https://x.example/e&quot;);color:#123" onclick=x>',
      '<td background=https://x.example/f>',
      '<!--[if mso]><v:rect fillcolor="red;background:url(https://x.example/g)" style="width:1px"><v:fill src="https://x.example/h"/></v:rect><![endif]-->',
      '<!--[if !mso]><!--><b>b</b><!--<![endif]-->',
      '<link rel=stylesheet href=https://x.example/i>',
      '<base href="https://x.example/">',
      '<meta http-equiv="refresh" content="0;url=https://x.example">',
      '<a href="#a" target=_top>a</a>',
      '<table><tr><td>',
      '</p>',
      '<body bgcolor="#fff">',
      ' words ',
    ],
  )
  fc.assert(
    fc.property(
      fc.array(scrap, { maxLength: 12 }).map((scraps) => scraps.join('')),
      fc.constantFrom(...MODES),
      (html, mode) => {
        expect(dangersIn(showMail(html, mode, nothing))).toEqual([])
      },
    ),
    { numRuns: 400 },
  )
})

test('a mail that is nested too deep to be read is shown as it is written, and says so', () => {
  const deep = `${'<div style="color:red">'.repeat(30_000)}x`

  for (const mode of MODES.filter(({ light, engine }) => light === 'fully' || engine === 'word'))
    expect(showMail(deep, mode, nothing)).toContain('nested too deep, to be simulated')
  expect(showMail(deep, readMode(nobody), nothing)).not.toContain('simulated')
})

test('an ordinary mail of 80 KB is made ready in a moment', () => {
  const mail = readFileSync(path.join(GOLDEN, '2026-04-10-every-element/email.html'), 'utf8')
  const long = mail.replace('</body>', `${'<p style="color:#333">word</p>'.repeat(1200)}</body>`)
  expect(long.length).toBeGreaterThan(80_000)

  // Of this process alone, and the quickest of many: others are at work on this machine.
  const times = Array.from({ length: 40 }, () => {
    const started = process.cpuUsage()
    showMail(long, readMode(nobody), nothing)
    const { user, system } = process.cpuUsage(started)
    return (user + system) / 1000
  })

  // A parse would take forty.
  expect(Math.min(...times)).toBeLessThan(20)
})

test('windows to elsewhere lead nowhere, wherever a browser would find one', () => {
  const window = '<iframe src="https://outside.test/" title="x"></iframe>'
  for (const html of [
    window,
    `<!-- --!>${window}<!-- -->`,
    `<svg><style>${window}</style></svg>`,
    '<iframe/src=https://outside.test/ srcdoc="<script>1</script>">',
    '<object data="https://outside.test/"><embed src=https://outside.test/></object>',
    '<link rel="preconnect" href="https://outside.test/">',
  ])
    expect([html, showPage(html, readMode(nobody), nothing)]).toEqual([
      html,
      expect.not.stringMatching(/outside|srcdoc/),
    ])
})
