import { expect, test } from 'vitest'
import { placePictures } from './pictures.js'

const find = (url: string) => (url.startsWith('https://tide.example/i/') ? '/image/x/1.png' : null)
const place = (html: string) => placePictures(html, { find, areOff: false })
const placeOff = (html: string) => placePictures(html, { find, areOff: true })

test('a picture of ours is shown from here, in words and behind them', () => {
  expect(place('<img alt="A gate" src="https://tide.example/i/1.png" width="560" srcset="x 2x">')).toBe(
    '<img alt="A gate" src="/image/x/1.png" width="560">',
  )
  expect(place('<td background="https://tide.example/i/1.png">')).toBe('<td background="/image/x/1.png">')
  expect(place(`<p style="background:#fff url('https://tide.example/i/1.png') no-repeat">`)).toBe(
    '<p style="background:#fff url(/image/x/1.png) no-repeat">',
  )
})

test('a picture of elsewhere is not asked for, and its box says whose it is', () => {
  const box = place('<img src="https://ads.example/x.png?u=1" alt="A &amp; B" width="300" height="100">')

  expect(box).toContain('>Not loaded here: picture at ads.example</not-loaded>')
  expect(box).toContain('style="width:300px;height:100px"')
  expect(box).toContain('aria-label="A &amp; B"')
  expect(place('<img src="cid:logo">')).toContain('>Not loaded here: cid: picture<')
  expect(
    place('<td background="//ads.example/x.png" style="background:url(http://ads.example/y.gif)">'),
  ).toBe('<td style="background:none">')
})

test('a sign of elsewhere that is as small as a letter keeps its size', () => {
  expect(place('<img src="https://cdn.example/f.png" alt="f" width="20" height="20">')).toBe(
    '<not-loaded style="width:20px;height:20px;padding:0 4px" role="img" aria-label="f" data-elsewhere="" title="Not loaded here: picture at cdn.example"></not-loaded>',
  )
})

test('a pixel that counts is not shown at all', () => {
  expect(place('a<img src="https://tide.example/o/x.gif" width="1" height="1" alt>b')).toBe('ab')
})

test('with pictures off, alternative texts stand in boxes of the declared size and in the style of the picture', () => {
  const off = placeOff(
    '<img src="https://tide.example/i/1.png" alt="A gate" width="560" height="233" class="big" style="width: 100%; height: auto; font-style: italic;">',
  )

  expect(off).toBe(
    '<not-loaded class="big" style="width: 100%; height: auto; font-style: italic;aspect-ratio:560/233" role="img" aria-label="A gate">A gate</not-loaded>',
  )
  expect(placeOff('<img src="https://tide.example/i/1.png" alt="" width="40" height="20">')).toBe(
    '<not-loaded style="width:40px;height:20px;padding:0 4px" data-alt="empty"></not-loaded>',
  )
})

test('with pictures off nothing lies behind words', () => {
  const off = placeOff(
    '<style>@import url(https://ads.example/a.css);p{background:#fff url("https://tide.example/i/1.png")}</style><td background="https://tide.example/i/1.png">',
  )

  expect(off).toBe('<style>p{background:#fff none}</style><td>')
})

test('an address in the words of an issue stays', () => {
  const words = '<p>url(https://ads.example/x.png) and &lt;img src="https://ads.example/x.png"&gt;</p>'

  expect(place(words)).toBe(words)
})

test('what is placed stays where it is', () => {
  const once = placeOff('<img src="https://ads.example/x.png" alt="A gate" width="30" height="30">')

  expect(placeOff(once)).toBe(once)
})
