import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Issue, Prose } from '../issue.js'
import { parseIssue } from '../parse.js'
import { readHtml } from './html-source.js'
import { writeIssueFile } from './issue-file.js'

const context = { where: 'page.html', site: null, timeZone: null }
const RUNS = Number(process.env.PRESSRUN_RUNS ?? 100)
const SEED = process.env.PRESSRUN_SEED ?? '20260414'

function importPage(html: string) {
  const post = readHtml({ html, lines: 'written', part: 'page' }, context)
  const dated = { ...post, fields: { ...post.fields, date: '2026-04-14' } }
  const { slug, markdown } = writeIssueFile(dated, { images: new Map(), lang: 'en' })
  const issue = parseIssue({
    file: 'x.md',
    slug,
    source: markdown,
    publication: { lang: 'en', template: 'digest' },
  })
  return { markdown, shown: shownBy(issue) }
}

/** All that a reader of the issue sees, a block a line. */
function shownBy({ title, opening, sections }: Issue): string {
  const proses = sections.flatMap((section): readonly Prose[] => {
    if (section.kind === 'briefs') return section.items
    return section.kind === 'commentary' ? section.entries.map(({ body }) => body) : [section.body]
  })
  const heads = sections.flatMap((section) => [
    section.heading,
    ...(section.kind === 'story' ? section.authors.map(({ name }) => name) : []),
  ])
  const blocks = [opening, ...proses].flat().map(({ type, content, children }) => {
    if (type !== 'inline') return content
    return (children ?? []).map((child) => (child.type.endsWith('break') ? '\n' : child.content)).join('')
  })
  return [title, ...heads, ...blocks].join('\n')
}

/** Letters and digits; raised ones as the plain ones they stand for. */
function words(text: string): readonly string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  )
}

/** Words that are there more often before than after. */
function lost(before: readonly string[], after: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const word of after) left.set(word, (left.get(word) ?? 0) + 1)
  return before.filter((word) => {
    const count = left.get(word) ?? 0
    left.set(word, count - 1)
    return count < 1
  })
}

describe('a page of any kind', () => {
  const mark = fc.constantFrom(
    ...'\\ ` `` * ** _ __ [ ] ![ &lt; &gt; &lt;b&gt; &amp;amp; &amp;#42; { } {{ }} {{subscriber.name}} {.briefs} ~~ # ## - + = --- === ``` 1. 2) | ( ) (c) +- ,, : // @ [^1] [^1]: ! " \' ... — “ ” &nbsp; &shy; http://'.split(
      ' ',
    ),
  )
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[a-zA-Zé港שד0-9]{1,8}$/) },
    { weight: 2, arbitrary: mark },
  )
  const text = fc
    .array(fc.tuple(word, fc.constantFrom(' ', '', '\n')), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.flat().join(''))
  const href = fc.constantFrom(
    'https://example.com/a_b?c=d&amp;e',
    'https://example.com/(x)',
    'mailto:a@example.com',
    '#there',
    'javascript:alert(1)',
    '/near',
    '',
  )
  const tag = fc.constantFrom(
    ...'b strong i em s code kbd span u q sup sub small abbr a p div h1 h2 h3 h4 blockquote ul ol li dl dt dd section header details summary figure figcaption pre center font aside'.split(
      ' ',
    ),
  )
  const node = fc.letrec<{ node: string; element: string; table: string }>((tie) => ({
    node: fc.oneof({ maxDepth: 6 }, text, fc.constantFrom('<br>', '<hr>'), tie('element'), tie('table')),
    // Elsewhere a cell's tag is nothing, to browsers as well.
    table: fc
      .tuple(
        fc.array(fc.array(tie('node'), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('td', 'th'),
      )
      .map(([rows, cell]) => {
        const lines = rows.map(
          (row) => `<tr>${row.map((each) => `<${cell}>${each}</${cell}>`).join('')}</tr>`,
        )
        return `<table>${lines.join('')}</table>`
      }),
    element: fc
      .tuple(tag, href, fc.array(tie('node'), { maxLength: 4 }), fc.boolean())
      .map(([name, link, children, isClosed]) => {
        const attributes = name === 'a' ? ` href="${link}"` : ''
        return `<${name}${attributes}>${children.join('')}${isClosed ? `</${name}>` : ''}`
      }),
  })).element

  test('keeps every visible word, as a valid issue', () => {
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 6 }), (nodes) => {
        const html = `<p>First.</p>${nodes.join('\n')}`
        const { markdown, shown } = importPage(html)

        const visible = words(
          html
            .replace(/<\/?(?:b|strong|i|em|s|code|kbd|span|u|sup|sub|small|abbr|a|font)\b[^>]*>/g, '')
            .replace(/<[^>]*>/g, ' ')
            .replace(/&lt;/g, '<')
            .replace(/&gt;/g, '>')
            .replace(/&nbsp;/g, '\u00a0')
            .replace(/&shy;/g, '\u00ad')
            .replace(/&amp;/g, '&'),
        )
        expect(lost(visible, words(shown)), markdown).toEqual([])
      }),
      { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
    )
  })
})
