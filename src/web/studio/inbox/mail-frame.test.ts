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
