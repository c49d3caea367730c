import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readHeader } from './fields.js'
import { cleanHtml } from './mail-frame.js'
import { readLinks } from './mail-links.js'
import { parseMessage } from './parse.js'
import { attachmentNamed } from './parts.js'
import { explainUnsubscribe } from './unsubscribe.js'

const parse = (text: string) => parseMessage(Buffer.from(text, 'latin1'))

/** Pieces that mails are made of, in an order that none has. */
const PIECES = [
  'Subject: =?utf-8?Q?a=C3?=\r\n',
  'From: "a, b <x@y', // an address that never ends
  'Content-Type: multipart/mixed; boundary="b"\r\n',
  'Content-Type: text/html; charset=no-such\r\n',
  'Content-Type: message/rfc822\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  "Content-Disposition: attachment; filename*=UTF-8''%ff%00..%2f\"\r\n",
  'List-Unsubscribe: <https://a.example/u>, <mailto:>\r\n',
  '--b\r\n',
  '--b--\r\n',
  '\r\n',
  '\n\n',
  '<p>a<a href="https://a.example/">b<script>c<img src=cid:d><!--',
  '=3D=\r\n',
  'QUJD====QQ\r\n',
  '\x00\xff\xfe',
  ' folded\r\n',
]

test('no mail, however broken, keeps the rest from being read', async () => {
  const mails = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 20 })), {
    maxLength: 40,
  })
  await fc.assert(
    fc.asyncProperty(mails, async (pieces) => {
      const { header, html, text, parts } = await parse(pieces.join(''))

      explainUnsubscribe(header)
      readLinks({ html, text, links: null })
      expect(cleanHtml(html ?? '')).not.toMatch(/<script/i)
      for (const { view } of parts) {
        expect(view.name).not.toMatch(/[/\\\p{Cc}]|^\.|^$/u)
        expect(() => new Headers({ 'Content-Disposition': attachmentNamed(view.name) })).not.toThrow()
      }
    }),
    { numRuns: 300 },
  )
})

test('a header is told field by field, folded as it came and read as it is meant', () => {
  const mail = 'Subject: =?utf-8?Q?Caf=C3=A9?=\r\n =?utf-8?Q?_open?=\r\nX-Odd\t: a\nstray\nFrom: b\n\nbody'
  const { fields, bodyAt, strayLines } = readHeader(Buffer.from(mail))

  expect(fields).toEqual([
    {
      name: 'Subject',
      raw: 'Subject: =?utf-8?Q?Caf=C3=A9?=\n =?utf-8?Q?_open?=',
      value: 'Café open',
    },
    { name: 'X-Odd', raw: 'X-Odd\t: a', value: 'a' },
    { name: 'From', raw: 'From: b', value: 'b' },
  ])
  expect([mail.slice(bodyAt), strayLines]).toEqual(['body', 1])
})

test('an inline picture is told from a part beside the words', async () => {
  const { parts } = await parse(
    [
      'Content-Type: multipart/related; boundary=b\r\n',
      '--b\r\nContent-Type: text/html\r\n\r\n<img src="cid:a@b">',
      '--b\r\nContent-Type: image/png\r\nContent-ID: <a@b>\r\nContent-Disposition: inline\r\n\r\nx',
      '--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="../tides.csv"\r\n\r\ny',
      '--b--\r\n',
    ].join('\r\n'),
  )

  expect(parts.map(({ view, contentId }) => [view.name, view.isInline, contentId])).toEqual([
    ['part-1', true, 'a@b'],
    ['_tides.csv', false, null],
  ])
})
