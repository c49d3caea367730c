import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { html, PAGE_CSP, pagePolicy, writePage } from './page.js'

test('whatever a name holds is inert in a page', () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror='x'>`

  const page = writePage({
    lang: 'en',
    face: { name: hostile, accent: hostile, accentDark: hostile },
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
  const face = { name: 'Harbour', accent: '#005f73', accentDark: '#94d2bd' }
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
