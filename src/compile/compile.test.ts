import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readIssue, readPublication } from '../issue/read.js'
import { type CompileInput, compileIssue } from './compile.js'
import type { Compilation, Hole, Holed } from './compiled.js'
import { escapeHtml, escapeText } from './escape.js'
import { fillHoled } from './holed.js'
import { readImages } from './images.js'
import { readTemplate } from './template.js'

const repository = path.join(import.meta.dirname, '../..')
const press = path.join(repository, 'tests/fixtures/press')

let input: CompileInput
let compilation: Compilation

beforeAll(async () => {
  const publication = await readPublication(press)
  const issue = await readIssue(press, '2026-03-13-spring-tides')
  input = {
    issue,
    publication,
    from: { name: 'The Lantern & Tide', address: 'editors@lantern.example.org' },
    publicUrl: 'https://lantern.example.org',
    template: await readTemplate(repository, issue.template),
    images: await readImages(press, issue, publication),
    version: '0.0.0',
  }
  compilation = await compileIssue(input)
})

function fill(
  holed: Holed,
  escapeValue: (text: string) => string,
  values: Readonly<Record<string, string>> = {},
) {
  return fillHoled(holed, { value: (name) => values[name] ?? '', token: () => 'sample', escape: escapeValue })
}

describe('a CompiledIssue', () => {
  test('is the same bytes and the same hash each time', async () => {
    const again = await compileIssue({ ...input, template: await readTemplate(repository, 'digest') })

    expect(again.hash).toBe(compilation.hash)
    expect(JSON.stringify(again.compiled)).toBe(JSON.stringify(compilation.compiled))
  })

  test('has another hash when a word, a link or the public URL is another', async () => {
    const hashes = await Promise.all(
      [
        { ...input, issue: { ...input.issue, title: 'Another title' } },
        { ...input, publicUrl: 'https://other.example.org' },
      ].map(async (changed) => (await compileIssue(changed)).hash),
    )

    expect(new Set([compilation.hash, ...hashes]).size).toBe(3)
  })

  test('is plain JSON: what is stored and read again is the same', () => {
    expect(JSON.parse(JSON.stringify(compilation.compiled))).toEqual(compilation.compiled)
  })

  test('carries its images by their hash, with their bytes', () => {
    const [image] = compilation.compiled.images

    expect(compilation.compiled.images).toHaveLength(1)
    expect(compilation.imageBytes.get(image?.sha256 ?? '')?.length).toBe(image?.sizeBytes)
    expect(fill(compilation.compiled.html, escapeHtml)).toContain(
      `src="https://lantern.example.org/i/${image?.sha256}.png"`,
    )
  })

  test('keeps the subject’s hole', () => {
    expect(compilation.compiled.subject).toEqual([
      { kind: 'person', name: 'name', fallback: 'Reader' },
      ', the barrier held',
    ])
  })
})

describe('what is personal', () => {
  test('every Link is behind the click redirect in HTML and text, in order, and untouched on the web page', () => {
    const { html, text, web, links } = compilation.compiled
    const everyone = { city: 'Norhaven' }
    const mail = [html, text].flatMap((part) => [fill(part, escapeHtml), fill(part, escapeHtml, everyone)])
    const tracked = (part: string | undefined) =>
      [...(part ?? '').matchAll(/\/c\/sample\/(\d+)/g)].map(([, index]) => Number(index))

    expect(links).toHaveLength(11)
    expect(tracked(mail[0])).toEqual(links.map(({ index }) => index).filter((index) => index !== 0))
    expect(tracked(mail[3])).toEqual(links.map(({ index }) => index).filter((index) => index !== 1))
    for (const { url } of links) {
      expect(mail.join('')).not.toContain(`"${url}"`)
      if (links.findIndex((link) => link.url === url) > 0) expect(web).toContain(`href="${escapeHtml(url)}"`)
    }
  })

  test('Tokens stand in the pixel, the Links, the way out, preferences and comments, and nowhere else', () => {
    const { html } = compilation.compiled
    const places = html.flatMap((piece: string | Hole, at) => {
      const before = html[at - 1]
      if (typeof piece === 'string' || piece.kind !== 'token' || typeof before !== 'string') return []
      return [`${piece.purpose} ${/\/\w+\/$/.exec(before)?.[0]}`]
    })

    expect(new Set(places)).toEqual(
      new Set(['read /o/', 'read /c/', 'leave /u/', 'leave /p/', 'leave /comment/']),
    )
    expect(places[0]).toBe('read /o/')
  })

  test('a name is escaped in HTML and plain in text', () => {
    const { html, text } = compilation.compiled

    expect(fill(html, escapeHtml, { name: '<Ann> & Co' })).toContain('Good morning, &lt;Ann&gt; &amp; Co.')
    expect(fill(text, escapeText, { name: '<Ann> & Co' })).toContain('Good morning, <Ann> & Co.')
  })

  test('a conditional passage shows one of its branches', () => {
    const { html, web } = compilation.compiled

    expect(fill(html, escapeHtml, { city: 'Norhaven' })).toContain('There is more from Norhaven')
    expect(fill(html, escapeHtml, { city: 'Norhaven' })).not.toContain('where you live')
    expect(web).toContain('where you live')
  })

  test('no marker is left anywhere', () => {
    expect(JSON.stringify(compilation.compiled)).not.toMatch(/[\ue000-\ue00f]/)
  })
})

describe('the sample issue', () => {
  test('has a sheet that needs no <style>: every colour and size stands inline', () => {
    const bare = fill(compilation.compiled.html, escapeHtml).replace(/<style[\s\S]*?<\/style>/g, '')

    expect(bare).toMatch(/<h2 style="[^"]*font-size: 27px/)
    expect(bare).toMatch(/<a href="[^"]*\/c\/sample\/2" style="color: #9b2226; text-decoration: underline;"/)
  })
})

test('an issue in French is French all around', async () => {
  const { html, text, web } = (await compileIssue({ ...input, issue: { ...input.issue, lang: 'fr-CA' } }))
    .compiled

  for (const part of [fill(html, escapeHtml), fill(text, escapeText), web]) {
    expect(part).toContain('Par Ida Marr, Tomás Quill et Wen Li')
    expect(part).toContain('Dans ce numéro')
    expect(part).toContain('N°\u00a042')
    expect(part).toContain('Publicité')
    expect(part).not.toMatch(/In this issue|Unsubscribe|View in browser|\bBy Ida|No\. 42|\{\}/)
  }
  expect(fill(text, escapeText)).toContain('\nSe désabonner\u00a0: https://')
})

test('the list of contents is there or not as the editor wants', async () => {
  const copies = [null, false, true].map(async (contents) => {
    const { compiled } = await compileIssue({ ...input, issue: { ...input.issue, contents } })
    return [fill(compiled.html, escapeHtml), fill(compiled.text, escapeText), compiled.web]
  })

  const has = (await Promise.all(copies)).map((parts) => parts.map((part) => part.includes('In this issue')))
  expect(has).toEqual([
    [true, true, true],
    [false, false, false],
    [true, true, true],
  ])
})

test('an issue without an editor’s note or preheader has no empty row and says what is in it', async () => {
  const issue = { ...input.issue, opening: [], preheader: null }

  const html = fill((await compileIssue({ ...input, issue })).compiled.html, escapeHtml)

  expect(html).not.toMatch(/class="prose[^>]*>\s*<div[^>]*>\s*<\/div>/)
  expect(html).toMatch(
    /mso-hide:all[^>]*>潮汐発電の新しい試み · Other News · Commentary · A word on corrections&#847;/,
  )
})

test('a publication whose name holds a reserved character is refused', async () => {
  const publication = { ...input.publication, name: 'The \ue000 Tide' }

  await expect(compileIssue({ ...input, publication })).rejects.toThrow(
    'issues/newsletter.yaml: holds a character',
  )
})
