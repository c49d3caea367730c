/** The templates that come with Pressrun: what each does with any issue, and what the brand changes. */

import path from 'node:path'
import { parse } from 'parse5'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseIssue } from '../issue/parse.js'
import { parsePublication } from '../issue/publication-file.js'
import { compileIssue } from './compile.js'
import { escapeHtml, escapeText } from './escape.js'
import { fillHoled } from './holed.js'
import type { IssueImages } from './images.js'
import { readTemplate } from './template.js'

const root = path.join(import.meta.dirname, '../..')
const TEMPLATES = ['digest', 'letter'] as const

/** Gmail keeps 16 KB of it; half of that is left to it. */
const MAX_STYLE_BYTES = 8192

const ISSUE = `Dear {{subscriber.name "reader"}}, a note with a [link](https://example.com/a).

## High water {kicker="Coast"}
By [Ida Marr](https://ida.example.org) and Jo Mbeki

It came on *Friday*.

> A quote.

> We bought six years. {.pull}

[Come and see](https://example.com/d){.button}

![A gate](images/gate.png)
The *gate* by night

A word.[^1]

[^1]: A note.

| Gate | Life |
|---|---:|
| One | 6 |

## Other News {.briefs}

**A brief** is short.

## مذكرة {.note lang=ar}

نص *مائل* مع [رابط](https://example.com/b).

> اقتباس

## Boots {.sponsor}

They [drain](https://example.com/c).
`

const image = (byte: string, width: number, height: number) => ({
  sha256: byte.repeat(64),
  ext: 'png' as const,
  sizeBytes: 1,
  width,
  height,
  bytes: new Uint8Array(1),
})
const IMAGES: IssueImages = new Map([
  ['images/gate.png', image('c', 1200, 500)],
  ['images/logo.png', image('a', 400, 100)],
  ['images/night.png', image('b', 400, 100)],
])

interface Wish {
  readonly template: string
  readonly head?: string
  readonly body?: string
  readonly brand?: string
}

async function pour({ template, head = '', body = ISSUE, brand = '' }: Wish) {
  const publication = parsePublication({
    file: 'newsletter.yaml',
    source: `name: The Tide\nfrom: A <a@example.com>\npostal-address: [1 Quay]\n${brand}`,
  })
  const issue = parseIssue({
    file: 'issues/2026-03-13-high-water.md',
    slug: '2026-03-13-high-water',
    source: `---\ntitle: High water\ndate: 2026-03-13\n${head}\n---\n\n${body}`,
    publication,
  })
  const { compiled } = await compileIssue({
    issue,
    publication,
    from: { name: 'A', address: 'a@example.com' },
    publicUrl: 'https://tide.example.org',
    template: await readTemplate(root, template),
    images: IMAGES,
    version: '0.0.0',
  })
  const filled = { value: () => '', token: () => 'T' }
  const html = fillHoled(compiled.html, { ...filled, escape: escapeHtml })
  const text = fillHoled(compiled.text, { ...filled, escape: escapeText })
  return { html, text, web: compiled.web }
}

function parseErrors(html: string): readonly string[] {
  const errors: string[] = []
  parse(html, { onParseError: ({ code, startLine }) => errors.push(`${code} in line ${startLine}`) })
  return errors
}

function count(pattern: RegExp, html: string): number {
  return html.match(pattern)?.length ?? 0
}

describe.each(TEMPLATES)('%s', (template) => {
  let poured: Awaited<ReturnType<typeof pour>>

  beforeAll(async () => {
    poured = await pour({ template })
  })

  test('has no parse error in mail and web page', () => {
    expect(parseErrors(poured.html)).toEqual([])
    expect(parseErrors(poured.web)).toEqual([])
  })

  test('has one first heading, and a second one for each Section', () => {
    const shown = template === 'letter' ? 3 : 4

    for (const page of [poured.html, poured.web]) {
      expect(count(/<h1\b/g, page)).toBe(1)
      expect(count(/<h2\b/g, page)).toBe(shown)
    }
  })

  test('has a button that Word pads too', () => {
    const button = /<a href="[^"]*" class="button"[^>]*>(.*?)<\/a>/.exec(poured.html)?.[1] ?? ''

    expect(button.replace(/<!--\[if mso\]>.*?<!\[endif\]-->/g, '')).toBe('Come and see')
    expect(button.match(/<!--\[if mso\]>/g)).toHaveLength(2)
    expect(poured.web).not.toContain('mso-')
  })

  test('gives a role to every table that lays out, and none to the editor’s', () => {
    const tables = poured.html.match(/<table\b[^>]*>/g) ?? []

    expect(tables.filter((table) => !table.includes('role="presentation"'))).toHaveLength(1)
  })

  test('keeps well below what Gmail allows of <style>', () => {
    const styles = poured.html.match(/<style[\s\S]*?<\/style>/g) ?? []

    expect(Buffer.byteLength(styles.join(''))).toBeLessThan(MAX_STYLE_BYTES)
  })

  test('says how to leave at the top and in the footer', () => {
    expect(count(/href="https:\/\/tide\.example\.org\/u\/T"/g, poured.html)).toBe(2)
  })

  test('sets a Section in another language from its own side, in both parts of the page', () => {
    for (const page of [poured.html, poured.web]) expect(page).toMatch(/lang="ar" dir="rtl"/)
    const section = poured.html.slice(poured.html.indexOf('مذكرة') - 300)

    expect(section).toMatch(/text-align:right[^>]*><h2\s+lang="ar" dir="rtl"/)
    expect(section).toMatch(/<blockquote style="[^"]*border-right: 3px[^"]*font-style: normal/)
    expect(section).toMatch(/<em style="font-style: normal; font-weight: 700;">مائل/)
  })

  test('sets an issue in Arabic from right to left, without italics or spaced letters', async () => {
    const body = 'نص.\n\n## عنوان {kicker="بحر"}\n\nنص.\n\n## English {.note lang=en}\n\nA *note*.\n'

    const { html, web } = await pour({ template, head: 'lang: ar', body })

    expect(html).toContain('<html lang="ar" dir="rtl"')
    expect(web).toContain('<html lang="ar" dir="rtl" class="upright">')
    expect(html).not.toMatch(/letter-spacing:(?! ?0px)/)
    expect(html).toMatch(/text-align:left[^>]*><div lang="en" dir="ltr"><p[^>]*>A <em>note/)
    expect(html.replace(/<div lang="en"[\s\S]*?<\/div>/, '')).not.toContain('italic')
    expect(html).toContain('text-align:right')
  })

  test('takes colours, fonts and footer from the brand', async () => {
    const brand = `brand:
  accent: "#0a5c7a"
  accent-dark: "#7fc4de"
  font-heading: sans
  font-text: Charter, Georgia, serif
  footer:
    - "Published by [Harbour Trust](https://trust.example.org) & *friends*"
`

    const { html, text, web } = await pour({ template, brand })

    for (const page of [html, web]) {
      expect(page).toContain('#0a5c7a')
      expect(page).toContain('#7fc4de')
      expect(page).not.toContain('#9b2226')
      expect(page).toContain('Published by <a href="https://trust.example.org"')
    }
    expect(html).toMatch(/<h1 style="[^"]*font-family: -apple-system, 'Segoe UI'/)
    expect(html).toContain('font-family:Charter, Georgia, serif')
    expect(web).toContain('--text: Charter, Georgia, serif;')
    expect(text).toContain('Published by Harbour Trust (https://trust.example.org) & friends')
    expect(parseErrors(html)).toEqual([])
  })

  test('shows a logo above the name, and another one by night', async () => {
    const brand = 'brand: { logo: images/logo.png, logo-dark: images/night.png, logo-width: 200 }\n'

    const { html, web } = await pour({ template, brand })

    expect(html).toMatch(/<img class="logo-light" src="[^"]*\/i\/a{64}\.png" width="200" height="50" alt\b/)
    expect(html).toMatch(/<img class="logo-dark"[^>]*style="[^"]*display: none/)
    expect(web).toMatch(/<source srcset="[^"]*\/i\/b{64}\.png" media="\(prefers-color-scheme: dark\)">/)
    expect([parseErrors(html), parseErrors(web)]).toEqual([[], []])
  })

  test('a logo that is the name stands in its place, and says it where pictures are off', async () => {
    const brand = 'brand: { logo: images/logo.png, logo-is-name: yes }\n'

    const { html, web } = await pour({ template, brand })

    for (const page of [html, web]) {
      expect(page).toContain('alt="The Tide"')
      expect(page).not.toMatch(/>The Tide<\/(?:h1|p|div)>/)
    }
    expect([parseErrors(html), parseErrors(web)]).toEqual([[], []])
  })

  test('the web page describes itself, and no title breaks out of that', async () => {
    const head = 'subject: x\npreheader: Who "pays" & why'
    const { web } = await pour({ template, head })
    const json = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(web)?.[1] ?? ''

    expect(JSON.parse(json)).toMatchObject({
      '@type': 'NewsArticle',
      headline: 'High water',
      description: 'Who "pays" & why',
      author: [{ name: 'Ida Marr', url: 'https://ida.example.org' }, { name: 'Jo Mbeki' }],
    })
    expect(web).toContain('<meta property="og:description" content="Who &quot;pays&quot; &amp; why">')
    expect(web).toContain(
      '<link rel="canonical" href="https://tide.example.org/issues/2026-03-13-high-water">',
    )
  })
})
