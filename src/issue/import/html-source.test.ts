import { describe, expect, test } from 'vitest'
import { readHtml } from './html-source.js'
import { writeIssueFile } from './issue-file.js'
import type { PostContext } from './post.js'

const context: PostContext = { where: 'page.html', site: null, timeZone: null }

function read(html: string, site: string | null = null) {
  const post = readHtml({ html, lines: 'written', part: 'page' }, { ...context, site })
  const dated = { ...post, fields: { ...post.fields, date: post.fields.date ?? '2026-04-14' } }
  const issue = writeIssueFile(dated, {
    images: new Map([['quay.png', { kind: 'copied', path: 'images/quay.png' }]]),
    lang: 'en',
  })
  const [, front = '', text = ''] = /^---\n(.*?)---\n\n(.*)$/s.exec(issue.markdown) ?? []
  return { front, text, notes: issue.notes.map(({ line, message }) => `${line}: ${message}`) }
}

/** The text alone, below a heading that is the page's only one. */
function textOf(html: string): string {
  return read(`<h2>H</h2>${html}`).text.replace(/^## H\n\n|\n$/g, '')
}

describe('an element', () => {
  test.each<[string, string, string]>([
    ['emphasis', 'a <i>b</i> <strong>c</strong> <s>d</s>', 'a *b* **c** ~~d~~'],
    ['blanks at its ends', 'a<b> b </b>c', 'a **b** c'],
    ['emphasis that Markdown cannot say', 'a<b>“b”</b>c <b>d</b>', 'a“b”c **d**'],
    ['a link', '<a href="https://e.example/?a=1&amp;b=(2)">x</a>', '[x](<https://e.example/?a=1&b=(2)>)'],
    [
      'an address that is its own words',
      '<a href="https://e.example/">https://e.example/</a>',
      '<https://e.example/>',
    ],
    ['code', '<code>a`b</code> <kbd>*</kbd>', '``a`b`` `*`'],
    ['raised digits', '10<sup>6</sup> t CO<sub>2</sub>, the 1<sup>st</sup>', '10⁶ t CO₂, the 1st'],
    ['a quotation', '<q>well</q>', '“well”'],
    ['a break', 'a<br>1. b', 'a\\\n1\\. b'],
    ['an image', 'See <img src=quay.png alt="The quay">', 'See ![The quay](images/quay.png)'],
    [
      'a caption',
      '<figure><img src=quay.png alt=Q><figcaption>At <i>dawn</i></figcaption></figure>',
      '![Q](images/quay.png)\nAt *dawn*',
    ],
    ['a list in a list', '<ul><li>a<ol start=3><li>b</ol><li>c</ul>', '- a\n  3. b\n- c'],
    ['a list with paragraphs', '<ul><li><p>a</p><p>b</p></ul>', '- a\n\n  b'],
    ['two lists', '<ul><li>a</ul><ul><li>b</ul>', '- a\n\n* b'],
    ['terms', '<dl><dt>Draught</dt><dd>Depth of a keel</dd></dl>', '**Draught**\n\nDepth of a keel'],
    ['a quote', '<blockquote><p>a</p><p>b</p></blockquote>', '> a\n>\n> b'],
    ['a heading in a quote', '<blockquote><h2>a</h2>b</blockquote>', '> ### a\n>\n> b'],
    [
      'a program',
      '<pre><code class="language-js">if (a &lt; b) {\n  c\n}</code></pre>',
      '```js\nif (a < b) {\n  c\n}\n```',
    ],
    ['a divider', 'a<hr>b', 'a\n\n---\n\nb'],
    ['a divider in a list', '<ul><li><hr>b</ul>', '- ___\n\n  b'],
    ['a table', '<table><tr><th>a<th>b|c<tr><td>1<td>2</table>', '| a | b\\|c |\n| --- | --- |\n| 1 | 2 |'],
    [
      'a cell over two',
      '<table><tr><th>a<th>b<tr><td colspan=2>1</table>',
      '| a | b |\n| --- | --- |\n| 1 |  |',
    ],
    ['a table that only places', '<table width=600><tr><td>a<td>b<tr><td>c<td>d</table>', 'a\n\nb\n\nc\n\nd'],
    [
      'marks of Markdown',
      '# a *b* _c_ [d](e) &lt;f> `g` {.h} {{i}}',
      '\\# a \\*b\\* \\_c\\_ \\[d](e) \\<f> \\`g\\` \\{.h} \\{ \\{i}}',
    ],
  ])('that is %s', (_what, html, markdown) => {
    expect(textOf(html)).toBe(markdown)
  })
})

describe('what cannot be kept is said with its line:', () => {
  test.each<[string, string, string]>([
    [
      'a script’s link',
      '\n<a href="javascript:x()">go</a>',
      '2: the link to “javascript:x()” is a "javascript:" link, which no mail may hold; its words “go” stay',
    ],
    [
      'a link without a site',
      'a <a href="/b">b</a>',
      '1: the link to “/b” says no site; name it with --site https://…; its words “b” stay',
    ],
    [
      'a place in the page',
      'a <a href="#b">to b</a>',
      '1: “to b” led to a place in the page; its words stay',
    ],
    [
      'a pixel',
      'a <img src="https://e.example/p.gif" width=1 height=1>',
      '1: an invisible image, which counts readers, was left out',
    ],
    ['a form', 'a\n<form><input name=q> Search</form>', '2: a form to fill in was left out: “Search”'],
    [
      'hidden words',
      'a <span style="color:red;display:none">b c</span>',
      '1: hidden words were left out: “b c”',
    ],
    [
      'a film',
      'a <iframe src="https://v.example/1"></iframe>',
      '1: <iframe> cannot be sent; a link to it stands in its place',
    ],
    [
      'an empty heading',
      '<h2>a</h2>\n<h2>b</h2>c',
      '1: nothing stood below the heading “a”; it is a bold line now',
    ],
    ['half a character', 'a\ue000b', '1: characters that cannot be sent were taken out'],
    [
      'an image that is not there',
      'a <img src=none.png alt="The quay">',
      '1: the image “none.png” was not found; its words stand in its place',
    ],
  ])('%s', (_what, html, note) => {
    expect(read(html).notes).toContain(note)
  })

  test('and a script, a style and a comment are nothing', () => {
    const { text, notes } = read('<p>a</p><style>p{}</style><script>x()</script><!-- b -->')

    expect(text).toBe('## a\n\na\n')
    expect(notes).toEqual([])
  })
})

describe('headings', () => {
  test('keep their ranks, the highest of them being a Section', () => {
    expect(read('<h3>a</h3>x<h5>b</h5>y<h3>c</h3>z').text).toBe('## a\n\nx\n\n### b\n\ny\n\n## c\n\nz\n')
  })

  test('that only say the title are taken out', () => {
    expect(read('<title>Ports</title><h1>Ports</h1><p>x</p><h2>Tides</h2><p>y</p>').text).toBe(
      'x\n\n## Tides\n\ny\n',
    )
  })

  test('with a link keep it below', () => {
    expect(read('<h2><a href="https://e.example/">a</a></h2>x').text).toBe(
      '## a\n\n[a](https://e.example/)\n\nx\n',
    )
  })

  test('of short news and commentary name their kind', () => {
    const html = '<h2>Other News</h2><p>a</p><h2>Commentary</h2><ul><li>b</ul><h2>Opinion</h2>c<hr>'

    expect(read(html).text).toBe(
      '## Other News {.briefs}\n\na\n\n## Commentary {.commentary}\n\n- b\n\n## Opinion\n\nc\n\n---\n',
    )
  })
})

describe('footnotes', () => {
  test.each<[string, string]>([
    [
      'Substack',
      '<p>a<a id="r1" href="#n1">1</a></p><div class="footnote"><a id="n1" href="#r1">1</a><p>b</p></div>',
    ],
    [
      'markdown-it',
      '<p>a<sup><a href="#n1" id="r1">[1]</a></sup></p><hr class="footnotes-sep"><section class="footnotes"><ol><li id="n1"><p>b <a href="#r1">↩</a></p></ol></section>',
    ],
    [
      'kramdown',
      '<p>a<sup id="r:1"><a href="#n:1">1</a></sup></p><div class="footnotes"><hr><ol><li id="n:1"><p>b <a href="#r:1">&#8617;</a></p></ol></div>',
    ],
  ])('of %s are footnotes', (_program, html) => {
    expect(textOf(html)).toBe('a[^1]\n\n[^1]: b')
  })

  test('that nothing leads back from are words', () => {
    expect(textOf('<p>a<a href="#n1">1</a></p><p id="n1">b</p>')).toBe('a1\n\nb')
  })
})

describe('a page', () => {
  const page = `<html lang="de-DE"><head><title>Häfen — Der Kai</title>
    <meta property="og:site_name" content="Der Kai"><meta name="author" content="Ines Varga">
    <meta name="description" content="Was sich ändert"><meta property="article:published_time" content="2026-03-05T23:30:00-05:00">
    <link rel="canonical" href="https://kai.example/haefen"></head>
    <body><nav>Start Archiv</nav><article><p>Text <a href="/gezeiten">mehr</a></p></article></body></html>`

  test('says its title, author, day, language and address', () => {
    expect(read(page).front).toBe(
      'title: Häfen\ndate: 2026-03-05\nauthors:\n  - Ines Varga\npreheader: Was sich ändert\nlang: de-DE\n',
    )
    expect(read(page).text).toBe('## Häfen\n\nText [mehr](https://kai.example/gezeiten)\n')
  })

  test('leaves out what stands around its article, and says so', () => {
    expect(read(page).notes).toEqual([
      'null: 2 words outside of <article> (menus and the like) were left out',
    ])
  })

  test('with two articles is all text', () => {
    expect(read('<article>a</article><article>b</article>').text).toBe('## a\n\na\n\nb\n')
  })

  test('is believed in what it says as JSON-LD', () => {
    const linked = {
      '@type': 'NewsArticle',
      headline: 'Ports',
      datePublished: '2026-03-05',
      author: [{ name: 'Jo Mbeki', url: 'https://e.example/jo' }, 'Ada Reyes'],
    }

    expect(
      read(`<script type="application/ld+json">${JSON.stringify({ '@graph': [linked] })}</script>x`).front,
    ).toBe(
      'title: Ports\ndate: 2026-03-05\nauthors:\n  - "[Jo Mbeki](https://e.example/jo)"\n  - Ada Reyes\n',
    )
  })

  test('may show its day in words', () => {
    expect(read('<h1>Ports</h1><p>5 March 2026</p><p>x</p>').front).toContain('date: 2026-03-05')
  })

  test('that names no site is read with the one that was given', () => {
    expect(read('<h2>H</h2><a href="b">b</a>', 'https://e.example/a/').text).toContain(
      '[b](https://e.example/a/b)',
    )
  })
})

describe('a hostile page ends:', () => {
  test.each<[string, string]>([
    ['tags without end', '<div>'.repeat(10_000)],
    ['five megabytes of words', `<p>${'word '.repeat(1_000_000)}`],
  ])('%s with a sentence', (_what, html) => {
    expect(() => read(html)).toThrow(expect.objectContaining({ name: 'InputError' }))
  })

  test.each<[string, string]>([
    ['quotes in quotes', `${'<blockquote>'.repeat(300)}x`],
    ['lists in lists', '<ul><li>x'.repeat(200)],
    ['tags left open', '<p><b>x<i>'.repeat(300)],
    ['a million attributes', `<p ${'a=1 '.repeat(250_000)}>x`],
    ['columns without end', `<table><tr>${'<th>x'.repeat(3000)}`],
    ['cells that span all', `<table><tr><th colspan=999999999>x<tr><th>y</table>`],
    ['NULs and halves', 'x\u0000\ud800&#0;&#xd800;'],
    ['comments left open', `x${'<!--'.repeat(10_000)}`],
  ])('%s with an issue', (_what, html) => {
    expect(read(html).text).toContain('x')
  })
})
