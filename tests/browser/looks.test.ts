/** What checks take for the look of an element is what Chromium shows. */

import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CheckInput } from '../../src/compile/checks/check.js'
import { writeColor } from '../../src/compile/checks/color.js'
import { type Look, looksOf } from '../../src/compile/checks/looks.js'
import { openBrowser, visit } from '../rig/browser.js'
import { inputOf, proofOf, withHtml } from '../rig/proof.js'

const repository = path.join(import.meta.dirname, '../..')
const HOME = 'http://127.0.0.1:1'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
})

const issues = [repository, path.join(repository, 'tests/fixtures/press')].flatMap((root) =>
  readdirSync(path.join(root, 'issues'))
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .map((name) => ({ root, slug: name.replace(/\.md$/, '') })),
)

test.each(issues.flatMap((issue) => ['digest', 'letter'].map((template) => ({ ...issue, template }))))(
  'of $slug as a $template, by day and by night',
  async (wanted) => {
    const input = await inputOf(wanted)

    for (const scheme of ['light', 'dark'] as const) {
      expect(await differences(input, scheme)).toEqual([])
      expect(unknownIn(input, scheme)).toEqual([])
    }
  },
)

/** Our own templates leave nothing open. */
function unknownIn(input: CheckInput, scheme: 'light' | 'dark'): readonly string[] {
  return looksOf(input.page, input.styles, scheme)
    .looks.filter(
      ({ text, isHidden, color, ground }) => text !== '' && !isHidden && (color === null || ground === null),
    )
    .map(({ text }) => text)
}

const TRICKY = `<html><head><meta name="color-scheme" content="light dark"><style>
p { color: #123456; text-align: right }
div > p { color: #222222 }
.a.b { font-size: 1.5em; font-weight: 600 }
#one { color: rgb(10, 20, 30) !important }
[title^="x"] { background: #eeeeee }
h1 + p ~ p { text-decoration: underline }
p:first-child { font-size: 80% }
p:last-child { background-color: rgba(0, 0, 0, 0.1) }
@media (max-width: 480px) { p { color: #ff0000 } }
@media only screen and (min-width: 480px) { .wide { color: #00ff00 } }
@media print { p { color: #0000ff } }
@media (prefers-color-scheme: dark) { body { background: #101010 } p { color: #fafafa !important } }
</style></head><body bgcolor="#f0f0f0">
<div style="font: bold 20px/1.5 Georgia, serif"><p>First <b>bold</b> <a href="#x">link</a></p><p class="a b">Second</p></div>
<h1>Head <small>small</small></h1><p id="one" style="color:#999999">One</p><p title="xyz">Two<sup>2</sup></p>
<table bgcolor="#334455"><tr><th>Head</th><td align="center" style="color:white">Cell <u>under</u></td></tr></table>
<div style="visibility:hidden">Gone</div><div style="max-height:0;overflow:hidden">Gone too</div>
<div style="background:#fff url(a.png) no-repeat">On an image</div>
<div style="text-align:center"><p style="color:inherit;text-align:inherit">Inherits</p><font color="#800000">Old</font></div>
<p class="wide" style="font-size:larger">Wide</p><p style="font-size:12pt;background:hsl(120, 50%, 90%)">Points</p>
</body></html>`

test('of a page full of what cascades do', async () => {
  const input = withHtml(await proofOf(), TRICKY)

  for (const scheme of ['light', 'dark'] as const) expect(await differences(input, scheme)).toEqual([])
})

/** `p "words": color #000000, in Chromium #111111` for each that differs; what nobody can say is left out. */
async function differences(input: CheckInput, scheme: 'light' | 'dark'): Promise<readonly string[]> {
  const tab = await visit(browser, HOME, { width: 1000, colorScheme: scheme })
  try {
    await tab.page.setContent(input.page.html, { waitUntil: 'domcontentloaded' })
    const seen = await readShown(tab.page)
    const { looks } = looksOf(input.page, input.styles, scheme)
    expect(seen.map(({ tag }) => tag)).toEqual(looks.map(({ element }) => element.tag))
    return looks.flatMap((look, index) => compare(look, seen[index]))
  } finally {
    await tab.close()
  }
}

type Shown = Awaited<ReturnType<typeof readShown>>[number]

function compare(look: Look, seen: Shown | undefined): readonly string[] {
  if (seen === undefined || look.text === '') return []
  const named = (what: string, ours: unknown, theirs: unknown) =>
    ours === theirs
      ? []
      : [`${look.element.tag} "${look.text.slice(0, 30)}": ${what} ${ours}, in Chromium ${theirs}`]
  if (look.isHidden || !seen.isShown) return named('is hidden', look.isHidden, !seen.isShown)
  return [
    ...(look.color === null ? [] : named('color', writeColor(look.color), seen.color)),
    ...(look.ground === null ? [] : named('ground', writeColor(look.ground), seen.ground)),
    ...(look.fontSizePx === null
      ? []
      : named('size', look.fontSizePx.toFixed(1), seen.fontSizePx.toFixed(1))),
    ...named('bold', look.isBold, seen.isBold),
    ...named('underlined', look.isUnderlined, seen.isUnderlined),
    ...(look.align === null ? [] : named('align', look.align, seen.align)),
  ]
}

function readShown(page: Page) {
  return page.evaluate(() => {
    const read = (text: string) => (text.match(/[\d.]+/g) ?? []).map(Number)
    const hex = (color: readonly number[]) =>
      `#${color
        .slice(0, 3)
        .map((part) => Math.round(part).toString(16).padStart(2, '0'))
        .join('')}`
    const groundOf = (element: Element | null): readonly number[] => {
      if (element === null)
        return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255]
      const below = groundOf(element.parentElement)
      const [red = 0, green = 0, blue = 0, alpha = 1] = read(getComputedStyle(element).backgroundColor)
      return [red, green, blue].map((part, index) => part * alpha + (below[index] ?? 0) * (1 - alpha))
    }
    const isUnderlined = (element: Element | null): boolean =>
      element !== null &&
      (getComputedStyle(element).textDecorationLine.includes('underline') ||
        isUnderlined(element.parentElement))
    const isShown = (element: Element): boolean => {
      const isCut = (at: Element | null): boolean =>
        at !== null &&
        ((at.clientHeight === 0 && getComputedStyle(at).maxHeight === '0px') || isCut(at.parentElement))
      return element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !isCut(element)
    }
    return [...document.querySelectorAll('*')].map((element) => {
      const style = getComputedStyle(element)
      return {
        tag: element.localName,
        isShown: isShown(element),
        color: hex(read(style.color)),
        ground: hex(groundOf(element)),
        fontSizePx: Number.parseFloat(style.fontSize),
        isBold: Number(style.fontWeight) >= 600,
        isUnderlined: isUnderlined(element),
        align: style.textAlign.replace('-webkit-', ''),
      }
    })
  })
}
