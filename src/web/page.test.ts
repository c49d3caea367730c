import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { plainFace } from './face.js'
import { type Face, html, PAGE_CSP, pagePolicy, writePage } from './page.js'
import { STYLE } from './style.js'

test('whatever a name holds is inert in a page', () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror='x'>`

  const page = writePage({
    lang: 'en',
    face: {
      name: hostile,
      tagline: hostile,
      lang: 'en',
      accent: hostile,
      accentDark: hostile,
      fontHeading: hostile,
      fontText: hostile,
      postalAddress: [hostile],
      home: hostile,
      subscribe: hostile,
    },
    heading: hostile,
    body: html`<p>${hostile}</p>`,
  })

  expect(page).not.toContain('<script')
  expect(page).not.toContain('<img')
  expect(page).toContain('<p>&quot;&gt;&lt;script&gt;')
})

test('html takes lists of Html and leaves out what is null', () => {
  const items = ['a & b', 'c'].map((name) => html`<li>${name}</li>`)

  expect(html`<ul>${items}</ul>${null}${7}`.html).toBe('<ul><li>a &amp; b</li><li>c</li></ul>7')
})

test('the policy allows exactly the style that the page carries', () => {
  const face: Face = { ...plainFace('Harbour'), accent: '#005f73', accentDark: '#94d2bd' }
  const stylesOf = (page: string) =>
    [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => style)
  const hashed = (style: string | undefined) =>
    createHash('sha256')
      .update(style ?? '')
      .digest('base64')

  const plain = stylesOf(writePage({ lang: 'en', face: null, heading: 'x', body: html`` }))
  const branded = stylesOf(writePage({ lang: 'en', face, heading: 'x', body: html`` }))

  expect(plain).toHaveLength(1)
  expect(PAGE_CSP).toContain(hashed(plain[0]))
  expect(branded).toHaveLength(2)
  for (const style of branded) expect(pagePolicy(face)).toContain(hashed(style))
})

test('a font list that could end its declaration is left out, and the accent stays', () => {
  const face: Face = { ...plainFace('Harbour'), fontText: 'x;}</style><script>' }

  const page = writePage({ lang: 'en', face, heading: 'x', body: html`` })

  expect(page).toContain(`:root{--accent:${face.accent}}`)
  expect(page).not.toContain('<script')
})

test('the foot offers other languages of this very page, and keeps what it was opened with', () => {
  const page = {
    lang: 'de',
    face: plainFace('Harbour'),
    heading: 'x',
    body: html``,
    languages: 'offered',
  } as const

  const opened = writePage(page, new URLSearchParams({ q: 'a&b', lang: 'de' }))

  expect(opened).toContain('<a href="?q=a%26b&amp;lang=fr" lang="fr"')
  expect(opened).toContain('lang="de" hreflang="de" rel="nofollow" aria-current="true">Deutsch</a>')
  expect(writePage(page, null)).not.toContain('Deutsch')
})

test('the masthead leads home, and the foot to what a reader may want next', () => {
  const face: Face = {
    ...plainFace('Harbour'),
    tagline: 'Ports',
    postalAddress: ['1 Quay Street', 'Marrow'],
    home: 'https://example.com/news',
    subscribe: 'https://example.com/news/subscribe/readers',
  }

  const page = writePage({ lang: 'en', face, heading: 'x', body: html`` })

  expect(page).toContain('<p class="name"><a href="https://example.com/news/">Harbour</a></p>')
  expect(page).toContain('<p class="tagline">Ports</p>')
  expect(page).toContain('1 Quay Street<br>Marrow')
  expect(page).toContain('<a href="https://example.com/news/subscribe/readers">Subscribe</a>')
})

test('the style is small: it is in every page', () => {
  expect(Buffer.byteLength(STYLE)).toBeLessThan(8_192)
})
