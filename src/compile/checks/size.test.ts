import { expect, test } from 'vitest'
import { proofOf, runCheck, withHtml } from '../../../tests/rig/proof.js'
import { SIZE_CHECKS } from './size.js'

const run = (id: string, input: Parameters<typeof runCheck>[2]) => runCheck(SIZE_CHECKS, id, input)

test('S01 trips: 80 KB of HTML are a warning and 100 KB an error, bytes and not characters', async () => {
  const input = await proofOf()

  expect(run('S01', withHtml(input, 'x'.repeat(80_000)))).toEqual([
    expect.stringMatching(/^warn -: the HTML has 80,000 bytes for .* \(the whole message, encoded: [\d,]+\)/),
  ])
  expect(run('S01', withHtml(input, 'é'.repeat(50_000)))).toEqual([expect.stringMatching(/^error -:/)])
})

test('S01 trips by what a reader has: the longest values count', async () => {
  const holes = '{{subscriber.name "x"}} '.repeat(20)
  const input = await proofOf({ body: `\n${holes}\n\n${`${'words '.repeat(150)}\n\n`.repeat(70)}` })

  expect(Buffer.byteLength(input.copies[0]?.html ?? '')).toBeLessThan(80_000)
  expect(run('S01', input)).toEqual([expect.stringContaining('warn')])
})

test('S01 nearly: one byte less', async () => {
  expect(run('S01', withHtml(await proofOf(), 'x'.repeat(79_999)))).toEqual([])
})

test('S02 trips: 8 KB of style sheets are a warning and 16 KB an error, all together', async () => {
  const input = await proofOf()
  const styled = (bytes: number) =>
    run(
      'S02',
      withHtml(input, `<style>${'x'.repeat(4000)}</style><style>${'x'.repeat(bytes - 4000)}</style>`),
    )

  expect(styled(8_192)).toEqual([expect.stringContaining('warn -: all <style> together has 8,192 bytes')])
  expect(styled(16_384)).toEqual([expect.stringContaining('error')])
})

test('S02 nearly: one byte less, and a style sheet in a comment for Outlook', async () => {
  const html = `<style>${'x'.repeat(8_191)}</style><!--[if mso]><style>${'x'.repeat(9_000)}</style><![endif]-->`

  expect(run('S02', withHtml(await proofOf(), html))).toEqual([])
})

test.each([
  ['an error', 'p { color red }', /has an error/],
  ['at-rules within each other', '@media print { @font-face { src: url(x) } }', /@font-face in @media/],
])('S03 trips: %s', async (_what, css, message) => {
  expect(run('S03', withHtml(await proofOf(), `<style>${css}</style>`))).toEqual([
    expect.stringMatching(message),
  ])
})

test('S03 nearly: at-rules beside each other', async () => {
  const css = '@media print { p { color: red } } @font-face { font-family: x; src: url(x) }'

  expect(run('S03', withHtml(await proofOf(), `<style>${css}</style>`))).toEqual([])
})

test('S04 trips: a public URL that makes a line too long for mail, or nearly', async () => {
  const at = (length: number) =>
    proofOf({
      publication: `name: The Tide\nfrom: tide@example.org\npublic-url: https://example.org/${'x'.repeat(length)}\n`,
    })

  expect(run('S04', await at(950))).toEqual([expect.stringMatching(/^error -: .*"List-Unsubscribe: /)])
  expect(run('S04', await at(860))).toEqual([expect.stringMatching(/^warn -:/)])
})

test('S04 nearly: a paragraph of any length is one line of the issue, but many of the message', async () => {
  expect(run('S04', await proofOf({ body: `\n${'tide'.repeat(500)}\n` }))).toEqual([])
})

test.each([
  ['a C1 control, at which Gmail cuts', '\u0092'],
  ['a control that HTML spells', '&#146;'],
  ['a lost character', '\ufffd'],
  ['an override of direction', '\u202e'],
  ['half a character', '\ud800'],
])('S05 trips: %s', async (_what, character) => {
  expect(run('S05', withHtml(await proofOf(), `<p>The tide${character}</p>`))).toEqual([
    expect.stringMatching(/^error -: the HTML holds U\+[0-9A-F]{4}, .*, behind "The tide"/),
  ])
})

test('S05 trips in a subject, a text part and a web page, with the line where one was written', async () => {
  const input = await proofOf()
  const compiled = { ...input.compiled, web: '<p>\u202d</p>' }
  const worst = { ...input.worst, subject: 'tide\u202e', text: 'x\u0007' }
  const source = '---\ntitle: tide\u202e\n---\n'

  expect(run('S05', { ...input, compiled, worst, source })).toEqual([
    'error 2: the subject holds U+202E, which turns the direction of writing round, behind "tide"; take it out',
    expect.stringMatching(/^error -: the text part holds U\+0007, a control character, behind "x"/),
    expect.stringMatching(/^error -: the web page holds U\+202D/),
  ])
})

test('S05 nearly: marks of direction, isolates, joiners and entities', async () => {
  const html = '<p>\u200fשלום\u200f \u2067abc\u2069 👩‍👧 &euro; &#8364;</p>\t\r\n'

  expect(run('S05', withHtml(await proofOf(), html))).toEqual([])
})

test('S06 trips: a picture above 1 MB, with its line, and pictures above 2 MB together', async () => {
  const body = '\n![One](images/one.gif)\n\n![Two](images/two.gif)\n'
  const images = { 'one.gif': gif(1_100_000), 'two.gif': gif(1_048_000) }

  expect(run('S06', await proofOf({ body, images }))).toEqual([
    'warn 6: this picture (a gif, perhaps animated) has 1.0 MB; make it smaller than 1 MB',
    expect.stringMatching(/^warn -: the pictures have 2\.0 MB together/),
  ])
})

test('S06 nearly: a picture of 1 MB', async () => {
  const images = { 'one.gif': gif(1_048_576) }

  expect(run('S06', await proofOf({ body: '\n![One](images/one.gif)\n', images }))).toEqual([])
})

/** A head that says 10 by 10, and bytes after it; no two sizes are the same picture. */
function gif(bytes: number): Uint8Array {
  const head = Buffer.from('GIF89a\x0a\x00\x0a\x00\x00\x00\x00', 'latin1')
  return Buffer.concat([head, Buffer.alloc(bytes - head.length)])
}
