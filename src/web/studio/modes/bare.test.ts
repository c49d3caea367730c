import { expect, test } from 'vitest'
import { stripStyles } from './bare.js'

const body = (html: string) => /<body[^>]*>([\s\S]*)<\/body>/.exec(stripStyles(html))?.[1]

test('style sheets go, wherever they stand, and inline styles stay', () => {
  const html = stripStyles(
    '<style>p{color:red}</style><p class="a" style="color:#123456;margin:0">x</p><div><style>.a{margin:9px}</style></div>',
  )

  expect(html).not.toMatch(/<style|red|9px/)
  expect(html).toContain('<p class="a" style="color:#123456;margin:0">x</p><div></div>')
})

test('inline styles that need an account of Google’s go, by caniemail’s notes', () => {
  expect(body('<p style="display:flex;text-decoration:none;color:red;background-size:cover">x</p>')).toBe(
    '<p style="color:red">x</p>',
  )
  expect(body('<p style="white-space:nowrap">x</p>')).toBe('<p>x</p>')
  // A note on single values is none on the property.
  expect(body('<p style="display:block;text-align:center">x</p>')).toBe(
    '<p style="display:block;text-align:center">x</p>',
  )
})

test('of pictures behind text the old attribute goes, and what CSS says stays', () => {
  expect(body('<div background="a.png" style="background:#fff url(&quot;a.png&quot;)">x</div>')).toBe(
    '<div style="background:#fff url(&quot;a.png&quot;)">x</div>',
  )
})
