import { describe, expect, test } from 'vitest'
import type { Prose } from '../issue/issue.js'
import { numberLinks } from '../issue/links.js'
import { parseMarkdown } from '../issue/markdown.js'
import { markChoice, markPerson, parseHoled } from './holed.js'
import { type HtmlMedium, type ProseOptions, renderHtml } from './html.js'

const medium: HtmlMedium = {
  href: (index, original) => (index === null ? original : `https://news.example.org/c/TOKEN/${index}`),
  image: (source) => ({ url: `https://news.example.org/i/${source}`, width: 560, height: 210 }),
  person: markPerson,
  choice: markChoice,
}

function prose(markdown: string): Prose {
  const tokens = parseMarkdown(markdown, 'en')
  numberLinks(tokens, 0)
  return tokens
}

function html(markdown: string, options: ProseOptions = {}): string {
  return renderHtml(prose(markdown), medium, options)
}

describe('renderHtml', () => {
  test('paragraphs, emphasis and lists are plain elements', () => {
    expect(html('A *b* **c**.\n\n- one\n- two')).toBe(
      '<p>A <em>b</em> <strong>c</strong>.</p>\n<ul>\n<li>one\n</li>\n<li>two\n</li>\n</ul>'.replaceAll(
        '<ul>\n',
        '<ul>',
      ),
    )
  })

  test('a link goes where the medium says, by its index; mailto: stays', () => {
    expect(html('[a](https://example.com/a?x=1&y=2) [b](mailto:b@example.org)')).toBe(
      '<p><a href="https://news.example.org/c/TOKEN/0">a</a> <a href="mailto:b@example.org">b</a></p>',
    )
  })

  test('what looks like a tag or an entity is text', () => {
    expect(html('`<b>` & "AT&amp;T"')).toBe('<p><code>&lt;b&gt;</code> &amp; “AT&amp;T”</p>')
  })

  test('a code block keeps its lines and spaces', () => {
    expect(html('```\na  <b>\n  c\n```')).toBe('<pre><code>a  &lt;b&gt;\n  c\n</code></pre>')
  })

  test('an image has its alternative text and the size it is shown at', () => {
    expect(html('![The "old" <quay>](images/quay.png)')).toBe(
      '<p><img src="https://news.example.org/i/images/quay.png" alt="The &quot;old&quot; &lt;quay&gt;" width="560" height="210" style="max-width:560px" /></p>',
    )
  })

  test('a column keeps its alignment and a head cell its scope', () => {
    expect(html('| a | b |\n|---|--:|\n| c | 1 |')).toContain('<th scope="col" align="right">b</th>')
  })

  test('a hole and a conditional passage pass as markers', () => {
    const holed = parseHoled(
      html(
        'Dear {{subscriber.name "reader"}}\n\n{{#if subscriber.city}}\nin {{subscriber.city}}\n{{else}}\nanywhere\n{{/if}}',
      ),
    )

    expect(holed).toEqual([
      '<p>Dear ',
      { kind: 'person', name: 'name', fallback: 'reader' },
      '</p>\n',
      {
        kind: 'choice',
        name: 'city',
        present: ['<p>in ', { kind: 'person', name: 'city', fallback: '' }, '</p>\n'],
        absent: ['<p>anywhere</p>\n'],
      },
    ])
  })
})

describe('the bold lead of a brief', () => {
  const brief = (markdown: string) => html(markdown, { lead: 'bold' })

  test('is its first four words', () => {
    expect(brief('The pilot cutter went into the yard.')).toBe(
      '<p><strong>The pilot cutter went</strong> into the yard.</p>',
    )
  })

  test('does not break off within a name', () => {
    expect(brief('Oyster beds at Sallow Point reopened.')).toBe(
      '<p><strong>Oyster beds at Sallow Point</strong> reopened.</p>',
    )
  })

  test('ends where a link begins and leaves what the editor made bold', () => {
    expect(brief('Two boats [sank](https://example.com/).')).toContain('<strong>Two boats</strong> <a ')
    expect(brief('**Kelp** farmers formed a cooperative.')).toBe(
      '<p><strong>Kelp</strong> farmers formed a cooperative.</p>',
    )
  })
})

test('the arrow of a commentary entry stands in its link, held to the last word', () => {
  expect(
    html('Pia argues [so](https://example.com/) and [so](https://example.com/2)', { arrowAt: 0 }),
  ).toContain('/0">so\u00a0→</a> and <a href="https://news.example.org/c/TOKEN/1">so</a>')
})
