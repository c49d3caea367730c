import { expect, test } from 'vitest'
import { featuresOf } from './features.js'
import { parsePage, parseStyles } from './page.js'
import { readSupport } from './support.js'

function slugsOf(html: string): readonly string[] {
  const page = parsePage({ text: html, turns: [] })
  return featuresOf(page, parseStyles(page)).map(({ slug }) => slug)
}

/** What no page says of itself, or says in a way that all do. */
const UNSEEN = new Map([
  ['amp', 'another part of the message'],
  ['bimi', 'a record in the DNS'],
])

/** A page that uses a feature, by its slug; all others by a rule below. */
const SAMPLES: Readonly<Record<string, string>> = {
  'css-at-font-face': css('@font-face { font-family: A; src: url(a.woff) }'),
  'css-at-import': css('@import "a.css";'),
  'css-at-keyframes': css('@keyframes a { from { top: 0 } }'),
  'css-at-media': css('@media only screen and (max-width: 1px) { p { top: 0 } }'),
  'css-at-media-device-pixel-ratio': css('@media (-webkit-min-device-pixel-ratio: 2) { p { top: 0 } }'),
  'css-at-media-hover': css('@media (any-hover: hover) { p { top: 0 } }'),
  'css-at-media-orientation': css('@media screen and (orientation: portrait) { p { top: 0 } }'),
  'css-at-media-prefers-color-scheme': css('@media (prefers-color-scheme: dark) { p { top: 0 } }'),
  'css-at-media-prefers-reduced-motion': css('@media (prefers-reduced-motion) { p { top: 0 } }'),
  'css-at-supports': css('@supports (display: grid) { p { top: 0 } }'),
  'css-comments': css('/* note */ p { top: 0 }'),
  'css-nesting': css('p { & a { top: 0 } }'),
  'css-selector-adjacent-sibling': css('a + b { top: 0 }'),
  'css-selector-attribute': css('[href] { top: 0 }'),
  'css-selector-chaining': css('.a.b { top: 0 }'),
  'css-selector-child': css('a > b { top: 0 }'),
  'css-selector-class': css('.a { top: 0 }'),
  'css-selector-descendant': css('a b { top: 0 }'),
  'css-selector-general-sibling': css('a ~ b { top: 0 }'),
  'css-selector-grouping': css('a, b { top: 0 }'),
  'css-selector-id': css('#a { top: 0 }'),
  'css-selector-type': css('a { top: 0 }'),
  'css-selector-universal': css('* { top: 0 }'),
  'css-important': css('p { top: 0 !important }'),
  'css-variables': css('p { top: var(--top) }'),
  'css-modern-color': style('color: oklch(50% 0.1 20)'),
  'css-border': style('border-left: 0'),
  'css-border-inline-block': style('border-inline: 0'),
  'css-border-inline-block-individual': style('border-inline-start: 0'),
  'css-border-inline-block-longhand': style('border-block-color: red'),
  'css-border-radius-logical': style('border-start-end-radius: 1px'),
  'css-block-inline-size': style('block-size: 1px'),
  'css-column-layout-properties': style('column-rule: 1px'),
  'css-display': style('display: block'),
  'css-display-flex': style('display: inline-flex'),
  'css-display-grid': style('display: grid'),
  'css-display-none': style('display: none'),
  'css-flex-direction': style('flex-direction: column'),
  'css-flex-wrap': style('flex-wrap: wrap'),
  'css-gap': style('row-gap: 1px'),
  'css-grid-template': style('grid-template-columns: 1fr'),
  'css-intrinsic-size': style('width: fit-content'),
  'css-left-right-top-bottom': style('left: 1px'),
  'css-margin-block-start-end': style('margin-block-end: 1px'),
  'css-margin-inline-block': style('margin-inline: 1px'),
  'css-margin-inline-start-end': style('margin-inline-start: 1px'),
  'css-padding-block-start-end': style('padding-block-end: 1px'),
  'css-padding-inline-block': style('padding-block: 1px'),
  'css-padding-inline-start-end': style('padding-inline-start: 1px'),
  'css-scroll-snap': style('scroll-snap-type: x'),
  'css-sytem-ui': style('font-family: system-ui, sans-serif'),
  'css-rgb': style('color: rgb(1, 2, 3)'),
  'css-rgba': style('color: rgba(1, 2, 3, 0.5)'),
  'css-linear-gradient': style('background: linear-gradient(red, blue)'),
  'css-radial-gradient': style('background: radial-gradient(red, blue)'),
  'css-conic-gradient': style('background: conic-gradient(red, blue)'),
  'css-unit-calc': style('width: calc(1px + 2px)'),
  'css-unit-initial': style('width: initial'),
  'css-unit-percent': style('width: 50%'),
  'html-anchor-links': '<a href="#a">A</a>',
  'html-comments': '<!-- note --><p>A</p>',
  'html-doctype': '<!doctype html><p>A</p>',
  'html-h1-h6': '<h4>A</h4>',
  'html-image-maps': '<img usemap="#a">',
  'html-lists': '<ol><li>A</li></ol>',
  'html-loading-attribute': '<img loading="lazy">',
  'html-mailto-links': '<a href="mailto:a@example.org">A</a>',
  'html-meta-color-scheme': '<meta name="color-scheme" content="light dark">',
  'html-semantics': '<article>A</article>',
  'html-srcset': '<img srcset="a.png 2x">',
  'html-button-reset': '<button type="reset">A</button>',
  'html-button-submit': '<button>A</button>',
  'html-rp': '<ruby>A<rp>(</rp></ruby>',
  'html-rt': '<ruby>A<rt>a</rt></ruby>',
  'image-base64': '<img src="data:image/png;base64,AAAA">',
}

function css(text: string): string {
  return `<style>${text}</style>`
}

function style(text: string): string {
  return `<p style="${text}">A</p>`
}

/** By what its slug says: a property, a unit, a selector, a tag or an attribute. */
function sampleOf(slug: string): string {
  const [, group = '', name = ''] =
    /^(css-unit|css-function|css-pseudo-class|css-pseudo-element|css|html-input|html|image)-(.*)$/.exec(
      slug,
    ) ?? []
  switch (group) {
    case 'css-unit':
      return style(`width: 10${name}`)
    case 'css-function':
      return style(`width: ${name}(1px, 2px)`)
    case 'css-pseudo-class':
      return css(`p:${name}${argumentOf(name)} { top: 0 }`)
    case 'css-pseudo-element':
      return css(`p::${name} { top: 0 }`)
    case 'css':
      return style(`${name}: 1px`)
    case 'html-input':
      return `<input type="${name}">`
    case 'html':
      return `<body><${name}></${name}><p ${name}="1">A</p></body>`
    default:
      return `<img src="https://a.example/a.${name}">`
  }
}

function argumentOf(pseudoClass: string): string {
  if (pseudoClass.startsWith('nth')) return '(2n)'
  return /^(not|has|lang)$/.test(pseudoClass) ? '(a)' : ''
}

test.each([...readSupport().keys()].filter((slug) => !UNSEEN.has(slug)))(
  '%s is seen where it is used',
  (slug) => {
    expect(slugsOf(SAMPLES[slug] ?? sampleOf(slug))).toContain(slug)
  },
)

test.each([
  ['a word in a string', style("content: 'calc(1px) 2vw'"), 'css-unit-vw'],
  ['digits of a colour', style('color: #1e1e1e'), 'css-unit-em'],
  ['an address', style('background: url(a/2vw.png)'), 'css-unit-vw'],
  ['the name of a font', style("font-family: 'initial', serif"), 'css-unit-initial'],
  ['an attribute called as an element is', '<p style="top:0" form="a">A</p>', 'html-form'],
  ['a class called as a property is', '<p class="filter">A</p>', 'css-filter'],
  ['a property in a comment', css('p { /* filter: none */ top: 0 }'), 'css-filter'],
])('%s is none', (_what, html, slug) => {
  expect(slugsOf(html)).not.toContain(slug)
})

test('a feature is told once, with the line of the issue where it is met first', () => {
  const page = parsePage({ text: '<p>A</p><video></video><video></video>', turns: [{ at: 8, line: 12 }] })

  const videos = featuresOf(page, []).filter(({ slug }) => slug === 'html-video')

  expect(videos.map(({ line, shown }) => `${shown} ${line}`)).toEqual(['<video> 12'])
})
