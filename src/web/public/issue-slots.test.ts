import { expect, test } from 'vitest'
import { elementsOf, parseHtml } from '../../issue/import/html-tree.js'
import { cutPage, fillSlots } from './issue-slots.js'

const cut = (web: string) => cutPage(web, [...elementsOf(parseHtml(web, 'page'))])

const slots = {
  head: { html: '[head]' },
  top: { html: '[top]' },
  before: { html: '[before]' },
  after: { html: '[after]' },
}

const NOTHING = { head: null, top: null, before: null, after: null }

test.each<[string, string, string]>([
  [
    'a whole page',
    '<!doctype html><html><head><title>A</title></head><body><header>H</header><main><p>B</p></main><footer>F</footer></body></html>',
    '<!doctype html><html><head><title>A</title>[head]</head><body>[top]<header>H</header><main>[before]<p>B</p>[after]</main><footer>F</footer></body></html>',
  ],
  [
    'a page that begins with a link to its article',
    '<head></head><body>\n<a class="skip" href="#issue">Skip</a>\n<header>H</header><main id="issue">B</main></body>',
    '<head>[head]</head><body>\n<a class="skip" href="#issue">Skip</a>[top]\n<header>H</header><main id="issue">[before]B[after]</main></body>',
  ],
  [
    'an article without a main',
    '<head></head><body><article><p>B</p></article></body>',
    '<head>[head]</head><body>[top]<article>[before]<p>B</p>[after]</article></body>',
  ],
  [
    'neither of them',
    '<head></head><body><p>B</p></body>',
    '<head>[head]</head><body>[top][before]<p>B</p>[after]</body>',
  ],
  ['no body tag', '<title>A</title><p>B</p>', '<title>A</title>[head][top][before]<p>B</p>[after]'],
  ['nothing but text', 'B', '[head][top][before]B[after]'],
  ['nothing at all', '', '[head][top][before][after]'],
])('%s has a place for each', (_what, web, filled) => {
  expect(fillSlots(cut(web), slots)).toBe(filled)
})

test('words that look like tags are no places', () => {
  const head = '<head><!-- </head><main> --><script type="a/b">"</head>"</script></head>'
  const web = `${head}<body><pre>&lt;main&gt;</pre><main title="</main>">B</main></body>`

  expect(fillSlots(cut(web), slots)).toBe(
    `${head.replace(/<\/head>$/, '[head]</head>')}<body>[top]<pre>&lt;main&gt;</pre><main title="</main>">[before]B[after]</main></body>`,
  )
})

test('what the page says of itself for other sites gives way, the rest stays byte for byte', () => {
  const kept = '<title>A</title>\n<meta property="og:title" content="A">\n'
  const own =
    '<link rel="canonical" href="https://old.example.com/a">\n<meta property="og:image" content="a.png">\n<meta property="og:image:alt" content="A">\n<META NAME="Twitter:Card" CONTENT="summary">\n'
  const web = `<head>\n${own}${kept}</head><body><main>B</main></body>`

  expect(fillSlots(cut(web), NOTHING)).toBe(`<head>\n${kept}</head><body><main>B</main></body>`)
})
