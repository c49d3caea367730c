import { expect, test } from 'vitest'
import { darkenByForce } from './forced-dark.js'

const body = (html: string, kind: 'partly' | 'fully') =>
  /<body[^>]*>([\s\S]*)<\/body>/.exec(darkenByForce(html, kind))?.[1]

test('inline styles, old attributes and borders are darkened', () => {
  expect(body('<p style="color:#000;background:#fff url(a.png);border:1px solid #fff">x</p>', 'fully')).toBe(
    '<p style="color:rgb(255, 255, 255);background:rgb(27, 27, 27) url(a.png);border:1px solid rgb(27, 27, 27)">x</p>',
  )
  expect(
    body(
      '<table bgcolor="#ffffff"><tbody><tr><td><font color="#000000">x</font></td></tr></tbody></table>',
      'partly',
    ),
  ).toBe('<table bgcolor="#1b1b1b"><tbody><tr><td><font color="#ffffff">x</font></td></tr></tbody></table>')
})

test('rules of style sheets are darkened, within media queries too', () => {
  const html = darkenByForce(
    '<style>p { color: black; content: "black" } @media (max-width: 400px) { p { background: white } }</style><p>x</p>',
    'partly',
  )

  expect(html).toContain('p{color:rgb(255, 255, 255);content:"black"}')
  expect(html).toContain('background:rgb(27, 27, 27)')
})

test('what is dark already stays where only light grounds are darkened, also what it inherits', () => {
  const html = body(
    '<style>p { color: #fff }</style><div style="background-color:#102030;border:1px solid #fff"><p>x</p><p style="background-color:#fff;color:#000">y</p></div>',
    'partly',
  )

  expect(html).toContain('background-color:rgb(16, 32, 48);border:1px solid rgb(255, 255, 255)')
  expect(html).toContain('<p style="color:rgb(255, 255, 255) !important">x</p>')
  expect(html).toMatch(
    /<p style="background-color:rgb\(27, 27, 27\);[^"]*color:rgb\(255, 255, 255\) !important">y<\/p>/,
  )
})

test('where all is turned, what was dark is light', () => {
  const html = body('<div style="background-color:#000;color:#fff">x</div>', 'fully')

  expect(html).toBe('<div style="background-color:rgb(255, 255, 255);color:rgb(27, 27, 27)">x</div>')
})
