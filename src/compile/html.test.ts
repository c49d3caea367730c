import { describe, expect, test } from 'vitest'
import { placeFootnotes, takeFootnotes } from '../issue/footnotes.js'
import type { Prose } from '../issue/issue.js'
import { numberLinks } from '../issue/links.js'
import { parseMarkdown } from '../issue/markdown.js'
import { markChoice, markPerson, parseHoled } from './holed.js'
import { type HtmlMedium, type ProseOptions, renderHtml } from './html.js'

const medium: HtmlMedium = {
  href: (index, original) => (index === null ? original : `https://news.example.org/c/TOKEN/${index}`),
  image: (source, width) => ({
    url: `https://news.example.org/i/${source}`,
    width: width ?? 560,
    height: ((width ?? 560) * 210) / 560,
  }),
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
    expect(html('See ![The "old" <quay>](images/quay.png)')).toBe(
      '<p>See <img src="https://news.example.org/i/images/quay.png" alt="The &quot;old&quot; &lt;quay&gt;" width="560" height="210" style="max-width:560px" /></p>',
    )
  })

  test('an image with a caption is a figure, as wide as the editor wants', () => {
    expect(html('![Quay](images/quay.png){width=280}\nThe *old* quay')).toBe(
      '<figure><img src="https://news.example.org/i/images/quay.png" alt="Quay" width="280" height="105" style="max-width:280px" />' +
        '<figcaption>The <em>old</em> quay</figcaption>\n</figure>',
    )
  })

  test('a pull quote and a button are known by their class', () => {
    expect(html('> Six years. {.pull}')).toBe('<blockquote class="pull"><p>Six years.</p>\n</blockquote>')
    expect(html('[Come](https://example.com){.button}')).toBe(
      '<p class="button"><a href="https://news.example.org/c/TOKEN/0" class="button">Come</a></p>',
    )
  })

  test('nobody but a rule of ours sets a class', () => {
    expect(html('```js evil\nx\n```\n\n[a](https://example.com "t\\" class=\\"x")')).not.toContain('class="')
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

test('the arrow of a commentary entry points on, also where one reads from right to left', () => {
  expect(html('[رأي](https://example.com/)', { arrowAt: 0, dir: 'rtl' })).toContain('رأي\u00a0←</a>')
})

test('the arrow of a commentary entry stands in its link, held to the last word', () => {
  expect(
    html('Pia argues [so](https://example.com/) and [so](https://example.com/2)', { arrowAt: 0 }),
  ).toContain('/0">so\u00a0→</a> and <a href="https://news.example.org/c/TOKEN/1">so</a>')
})

describe('footnotes', () => {
  const words = { notes: 'Notes', backToText: 'Back to the text' }

  function noted(markdown: string, linksNotes: boolean): string {
    const { text, footnotes } = takeFootnotes(parseMarkdown(markdown, 'en'))
    return renderHtml(placeFootnotes(text, footnotes), { ...medium, linksNotes }, { words })
  }

  test('in the email are a numbered list that nothing links to', () => {
    expect(noted('One[^a], two[^a].\n\n[^a]: Note.', false)).toBe(
      '<p>One<sup>1</sup>, two<sup>1</sup>.</p>\n' +
        '<ol class="notes" start="1" aria-label="Notes"><li><p>Note.</p>\n</li>\n</ol>',
    )
  })

  test('on the web page are linked both ways, back from the last paragraph to the first reference', () => {
    expect(noted('One[^a], two[^a].\n\n[^a]: Note.\n\n    More.', true)).toBe(
      '<p>One<sup><a href="#note:1" id="ref:1" role="doc-noteref">1</a></sup>, ' +
        'two<sup><a href="#note:1" role="doc-noteref">1</a></sup>.</p>\n' +
        '<ol class="notes" start="1" aria-label="Notes"><li id="note:1"><p>Note.</p>\n' +
        '<p>More. <a href="#ref:1" role="doc-backlink" aria-label="Back to the text">\u21a9\ufe0e</a></p>\n</li>\n</ol>',
    )
  })

  test('that end with a list have their way back behind it', () => {
    expect(noted('One[^a].\n\n[^a]: Note.\n\n    - x', true)).toMatch(
      /<\/ul>\s*<a href="#ref:1"[^>]*>[^<]*<\/a><\/li>/,
    )
  })

  test('keep their numbers where a condition holds one of them', () => {
    const markdown =
      'A[^1].\n\n{{#if subscriber.x}}\nB[^2].\n{{/if}}\n\nC[^3].\n\n[^1]: One.\n[^2]: Two.\n[^3]: Three.'

    expect(noted(markdown, false)).toContain(
      'start="1" aria-label="Notes"><li><p>One.</p>\n</li>\n<li value="3"><p>Three.',
    )
  })
})
