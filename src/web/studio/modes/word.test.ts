import { expect, test } from 'vitest'
import { openForWord } from './word.js'
import { holds } from './word-conditions.js'

const body = (html: string) => /<body[^>]*>([\s\S]*)<\/body>/.exec(openForWord(html))?.[1]?.trim()

test.each([
  ['mso', true],
  ['mso | IE', true],
  ['(mso)|(IE)', true],
  ['gte mso 9', true],
  ['gt mso 15', true],
  ['lte mso 11', false],
  ['mso 12', false],
  ['!mso', false],
  ['!(mso)', false],
  ['IE', false],
  ['(gte mso 9)&(!IE)', true],
  ['vml', true],
  ['', false],
  ['((((', false],
])('a condition [if %s] holds in Word: %s', (condition, expected) => {
  expect(holds(condition)).toBe(expected)
})

test('what is written for Outlook is opened, and what is hidden from it goes', () => {
  const html = body(
    '<p>a</p><!--[if mso | IE]><table width="600"><tr><td><![endif]--><p>b</p><!--[if mso | IE]></td></tr></table><![endif]--><!--[if !mso]><!--><p>c</p><!--<![endif]-->',
  )

  expect(html).toBe('<p>a</p><table width="600"><tbody><tr><td><p>b</p></td></tr></tbody></table>')
})

test('styles that Word does not know are dropped, each for the elements it holds for', () => {
  expect(
    body('<div style="max-width:600px;padding:8px;border-radius:4px;color:#123456;width:50%">x</div>'),
  ).toBe('<div style="color:#123456">x</div>')
  expect(body('<table style="max-width:600px"><tr><td style="padding:8px">x</td></tr></table>')).toBe(
    '<table style="max-width:600px"><tbody><tr><td style="padding:8px">x</td></tr></tbody></table>',
  )
  expect(body('<p style="background:#fff url(a.png) no-repeat;margin:0 auto">x</p>')).toBe(
    '<p style="background:#fff">x</p>',
  )
})

test('of a style sheet the rules stay that Word can read', () => {
  const html = openForWord(
    `<style>p, .a > b { color: red } .c { padding: 4px; float: left; font-weight: 500 } @media (min-width:480px) { p { color: blue } } p:hover { color: green }</style><p>x</p>`,
  )

  expect(html).toContain('<style>p{color:red}\n.c:where(td,th){padding:4px}\n.c{font-weight:normal}</style>')
})

test('what is important in a style is passed over, and of several classes the first counts', () => {
  expect(body('<p class="a b  c" style="color:red !important;margin:0">x</p>')).toBe(
    '<p class="a" style="margin:0">x</p>',
  )
})

test('borders are eight pixels wide at most, and on one side alone only where Word has them', () => {
  expect(body('<p style="border:12px solid red;border-top:2px solid red">x</p>')).toBe(
    '<p style="border:8px solid red">x</p>',
  )
  expect(body('<table style="border-top:2px solid red"><tr><td>x</td></tr></table>')).toContain(
    '<table style="border-top:2px solid red">',
  )
})

test('what Word is told apart holds, wherever it stands', () => {
  expect(body('<table><tr><td style="mso-padding-alt:1px;padding:8px">x</td></tr></table>')).toContain(
    '<td style="padding:8px;padding:1px">',
  )
})

test('what only Word is told is shown as Word would', () => {
  expect(body('<div style="mso-hide:all">x</div>')).toBe('<div style="display:none">x</div>')
  expect(body('<table><tr><td style="mso-padding-alt:10px 25px">x</td></tr></table>')).toContain(
    '<td style="padding:10px 25px">',
  )
  expect(
    body('<a href="#x"><!--[if mso]><i hidden style="mso-text-raise:22px">&emsp;</i><![endif]-->x</a>'),
  ).toBe('<a href="#x"><i style="vertical-align:22px">\u2003</i>x</a>')
})

test('a shape is a box of its size with its words', () => {
  const html = body(
    '<!--[if mso]><v:roundrect href="https://a.example" style="height:40px;v-text-anchor:middle;width:200px" fillcolor="#9b2226"><w:anchorlock/><center>Read on</center></v:roundrect><v:rect style="width:600px"><v:fill src="https://a.example/x.png"/></v:rect><![endif]-->',
  )

  expect(html).toBe(
    '<div data-vml="shape" data-shape="roundrect" style="height:40px;width:200px;background-color:#9b2226"><center>Read on</center></div><div data-vml="shape" data-shape="rect" style="width:600px"></div>',
  )
})

test('a tag that Word does not know is no element, and an empty paragraph is none', () => {
  expect(
    body(
      '<figure style="margin:0"><figcaption class="x" data-line="4">x</figcaption></figure><p style="border-top:1px solid red"> </p>',
    ),
  ).toBe('<span><span data-line="4">x</span></span>')
})

test('a mail that was opened once is the same when it is opened again', () => {
  const once = openForWord(
    '<!doctype html><html><head><style>.c { padding: 4px; color: red }</style></head><body><div style="max-width:1px;color:red">x</div><!--[if mso]><v:rect style="width:4px"/><![endif]--></body></html>',
  )

  expect(openForWord(once)).toBe(once)
})
