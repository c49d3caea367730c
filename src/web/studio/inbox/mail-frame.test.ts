import { expect, test } from 'vitest'
import { framedHtml } from './mail-frame.js'

const framed = (html: string) => framedHtml(html, { ofPart: () => null, ofOurs: () => null })

test('a mail with nothing to take out stays as it is, byte for byte', () => {
  const html =
    '<!doctype html>\n<html lang=en><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>p{color:red}</style></head><!--[if mso]><table><![endif]--><P Align=left>Ünd so &amp; weiter<br></p></html>'

  expect(framed(html)).toBe(html)
})

test('scripts, frames and hints to connect are gone, wherever they hide', () => {
  expect(
    framed(
      '<script>a</script>b<noscript><link rel="preconnect" href="//x"></noscript><template><base href="//x"></template><svg><script>c</script><circle /></svg><object data=x>d</object>e<meta HTTP-EQUIV=refresh content=0>',
    ),
  ).toBe('b<noscript></noscript><template></template><svg><circle /></svg>e')
})

test('what was never closed is gone to its end', () => {
  expect(framed('<p>a</p><script>alert(1)</p><p>b')).toBe('<p>a</p>')
})

test('an element that misplaced mark-up makes twice is changed once', () => {
  const html = '<b><p>a</b><img src="https://x.example/a.png" alt="A">b</p>'

  expect(framed(html).match(/picture at x\.example/g)).toHaveLength(1)
})

test('names in a picture’s alternative text stay words', () => {
  expect(framed('<img src="https://x.example/a.png" alt="&lt;script&gt;&quot;">')).toContain(
    '&lt;script&gt;&quot; (not loaded here: picture at x.example)',
  )
})
