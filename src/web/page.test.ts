import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { html, PAGE_CSP, writePage } from './page.js'

test('whatever a name holds is inert in a page', () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror='x'>`

  const page = writePage({
    lang: 'en',
    publication: hostile,
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
  const page = writePage({ lang: 'en', publication: null, heading: 'x', body: html`` })
  const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? ''

  expect(PAGE_CSP).toContain(createHash('sha256').update(style).digest('base64'))
})
