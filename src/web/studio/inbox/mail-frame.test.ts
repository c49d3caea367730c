import { expect, test } from 'vitest'
import { cleanHtml } from './mail-frame.js'

test('a mail with nothing to take out stays as it is, byte for byte', () => {
  const html =
    '<!doctype html>\n<html lang=en><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>p{color:red}</style></head><!--[if mso]><table><![endif]--><P Align=left>Ünd so &amp; weiter<br></p></html>'

  expect(cleanHtml(html)).toBe(html)
})

test('scripts, frames and hints to connect are gone, wherever they hide', () => {
  expect(
    cleanHtml(
      '<script>a</script>b<noscript><link rel="preconnect" href="//x"></noscript><template><base href="//x"></template><svg><script>c</script><circle /></svg><object data=x>d</object>e<meta HTTP-EQUIV=refresh content=0>',
    ),
  ).toBe('b<noscript></noscript><template></template><svg><circle /></svg>e')
})

test('what was never closed is gone to its end', () => {
  expect(cleanHtml('<p>a</p><script>alert(1)</p><p>b')).toBe('<p>a</p>')
})

test('an element that misplaced mark-up makes twice is cut once', () => {
  expect(cleanHtml('<b><p>a</b><script>1</script>b</p><table><script>2</script><tr><td>c</table>')).toBe(
    '<b><p>a</b>b</p><table><tr><td>c</table>',
  )
})

test('what loads or sends is gone from elements that are no links and no pictures', () => {
  expect(
    cleanHtml(
      '<svg><image xlink:href="//x/a.png" width="9"/><use HREF=//x/b /></svg><input type=image src="//x/c"><video poster=//x/d></video><form action="//x/e"></form><a href="https://x/" ping=//x onclick=f()>f</a><img src="cid:g" srcset="//x/h 2x">',
    ),
  ).toBe(
    '<svg><image  width="9"/><use  /></svg><input type=image ><video ></video><form ></form><a href="https://x/"  >f</a><img src="cid:g" >',
  )
})
