/** A message of a local inbox in the studio, over HTTP: what is shown of it, and of mails that mean harm. */

import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type InboxStudio, openInboxStudio, TOKEN } from '../../rig/studio-inbox.js'

/** One white pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg==',
  'base64',
)

let studio: InboxStudio

beforeEach(async () => {
  studio = await openInboxStudio()
})

afterEach(() => studio.close())

describe('a message', () => {
  test('is shown with its header as it came, both parts, its attachment and its links', async () => {
    await studio.send({
      to: 'Zoë <zoe@example.org>',
      subject: 'Ports reopen',
      text: 'Ports reopen: https://example.org/ports.',
      html: `<p>Ports <a href="https://harbour.example.com/c/${TOKEN}/3">reopen</a>, <a href="https://harbour.example.com/u/${TOKEN}">leave</a></p>`,
      attachments: [
        { filename: 'tide\u202etables/..\\x.exe', content: 'high water', contentType: 'text/html' },
      ],
      headers: {
        'List-Unsubscribe': `<https://harbour.example.com/u/${TOKEN}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    })

    const shown = await studio.message(1)

    expect(shown).toMatchObject({ hasHtml: true, isTest: false, notes: [], signatures: [] })
    expect(shown.text).toContain('Ports reopen: https://example.org/ports.')
    expect(shown.fields.find(({ name }) => name === 'To')).toEqual({
      name: 'To',
      raw: 'To: =?UTF-8?Q?Zo=C3=AB?= <zoe@example.org>',
      value: 'Zoë <zoe@example.org>',
    })
    expect(shown.links).toMatchObject([
      { words: 'reopen', kind: 'click', leadsTo: null },
      { words: 'leave', kind: 'leave', leadsTo: null },
    ])
    expect(shown.unsubscribe).toEqual([
      `One click: the program posts List-Unsubscribe=One-Click to https://harbour.example.com/u/${TOKEN}.`,
    ])
    expect(shown.parts).toMatchObject([{ name: 'tidetables_.._x.exe', type: 'text/html', sizeBytes: 10 }])
  })

  test('a part is bytes to keep, whatever it says that it is', async () => {
    await studio.send({
      to: 'alice@example.org',
      subject: 'Parts',
      text: 'Hello',
      attachments: [{ filename: 'Fähre.html', content: '<script>1</script>', contentType: 'text/html' }],
    })

    const response = await fetch(`${studio.url}/api/inbox/inbox/1/parts/0`)

    expect(await response.text()).toBe('<script>1</script>')
    expect(response.headers.get('Content-Type')).toBe('application/octet-stream')
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(response.headers.get('Content-Disposition')).toBe(
      `attachment; filename="F_hre.html"; filename*=UTF-8''F%C3%A4hre.html`,
    )
  })

  test('its source is the bytes as they came, whole or their beginning', async () => {
    const text = 'Subject: dots\r\n\r\n..\r\n\xff\r\n'
    studio.put(1, Buffer.from(text, 'latin1'))

    const whole = await fetch(`${studio.url}/api/inbox/inbox/1/source`)
    const beginning = await fetch(`${studio.url}/api/inbox/inbox/1/source?bytes=13`)

    expect(whole.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
    expect(Buffer.from(await whole.arrayBuffer()).toString('latin1')).toBe(text)
    expect(await beginning.text()).toBe('Subject: dots')
  })

  test('shows pictures of its own and those that the issues have, and no others', async () => {
    const sha256 = createHash('sha256').update(PNG).digest('hex')
    studio.write('issues/images/quay.png', PNG)
    await studio.send({
      to: 'alice@example.org',
      subject: 'Pictures',
      html: [
        `<img src="https://harbour.example.com/i/${sha256}.png" alt="Quay">`,
        `<img src="https://harbour.example.com/i/${'0'.repeat(64)}.png" alt="Lost" width="300">`,
        '<img src="cid:tide@b" alt="Tide"><img src="cid:none@b" alt="">',
        '<img src="https://elsewhere.example.com/a.png" width="120" alt="Far">',
        '<img src="https://elsewhere.example.com/t.png" width="1" height="1">',
        `<img src="https://harbour.example.com/o/${TOKEN}.gif">`,
      ].join('\n'),
      attachments: [{ filename: 'tide.png', content: PNG, cid: 'tide@b', contentType: 'image/png' }],
    })

    const html = await studio.frame(1)

    const [known, own] = [...html.matchAll(/src="([^"]+)"/g)].map(([, at = '']) => at)
    expect(html.match(/<img/g)).toHaveLength(2)
    expect(known).toBe(`/api/inbox/inbox/1/images/${sha256}.png`)
    expect(own).toBe('/api/inbox/inbox/1/parts/0')
    for (const host of ['harbour.example.com', 'elsewhere.example.com'])
      expect(html).toContain(`Not loaded here: picture at ${host}<`)
    expect(html).toContain('Not loaded here: cid: picture<')
    for (const at of [known, own]) {
      const response = await fetch(`${studio.url}${at}`)
      expect(Buffer.from(await response.arrayBuffer()).equals(PNG)).toBe(true)
    }
  })
})

describe('what nobody should have sent', () => {
  test('leaves nothing in its frame that runs, loads or leads away by itself', async () => {
    await studio.send({
      to: 'alice@example.org',
      subject: 'Hostile',
      html: [
        '<base href="https://evil.example.com/"><meta http-equiv="refresh" content="0;url=https://evil.example.com">',
        '<link rel="preconnect" href="https://evil.example.com"><noscript><link rel="dns-prefetch" href="//evil.example.com"></noscript>',
        '<template shadowrootmode="open"><link rel="stylesheet" href="https://evil.example.com/x.css"></template>',
        '<script>top.location="https://evil.example.com"</script><iframe srcdoc="<script>1</script>"></iframe>',
        '<img src="x" onerror="alert(1)" srcset="https://evil.example.com/a.png 2x"><svg><script>alert(1)</script></svg>',
        '<p>Words stay</p>',
      ].join(''),
    })

    const html = await studio.frame(1)

    expect(html).toContain('<p>Words stay</p>')
    expect(html).not.toMatch(
      /evil\.example\.com|<script|<iframe|<link|<base (?!target)|<meta|onerror|srcset/i,
    )
  })

  test.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', 'It has no header.'],
    ['a body alone', '\r\nHello\r\n', 'It has no header.'],
    ['a header alone', 'Subject: Cut\r\nFrom: a@b.example', 'It ends within its header'],
    [
      'bytes of no character set',
      Buffer.from('Subject: \xe9t\xe9\r\n\r\n\x00\xff', 'latin1'),
      'Windows-1252',
    ],
    ['lines that are no fields', 'Subject: a\r\nno field\r\n\r\nHello', 'One line of its header is no field'],
    [
      'parts that were cut off',
      'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nHal',
      'It ends before its parts do',
    ],
    [
      'a boundary that is nowhere',
      'Content-Type: multipart/mixed; boundary=x\r\n\r\nHello',
      'It says that it has parts, but none was found',
    ],
    ['parts without end in each other', nested(200), 'more than 20 deep'],
    ['a header without end', `Subject: long\r\n${`X-A: ${'b'.repeat(990)}\r\n`.repeat(700)}\r\nx`, '256 KB'],
    ['a header line without end', `Subject: ${'é'.repeat(400_000)}\r\n\r\nx`, '256 KB'],
  ])('%s is shown, and said', async (_, bytes, note) => {
    studio.put(1, bytes)

    const { rows } = await studio.listed()
    const { notes } = await studio.message(1)

    expect(rows).toHaveLength(1)
    expect(notes.join(' ')).toContain(note)
  })

  test('30 MB in one part, and HTML that nests 90,000 deep, are read', async () => {
    const part = `${'QUJD'.repeat(19)}\r\n`.repeat(390_000)
    studio.put(
      1,
      `Subject: huge\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${part}`,
    )
    studio.put(
      2,
      `Subject: deep\r\nContent-Type: text/html\r\n\r\n${'<div>'.repeat(90_000)}<a href="https://a.example/">down</a>`,
    )

    const huge = await studio.message(1)
    const deep = await studio.message(2)

    expect(huge.parts).toMatchObject([{ sizeBytes: 390_000 * 57 }])
    expect(deep.links).toMatchObject([{ url: 'https://a.example/', words: 'down' }])
    expect(await studio.frame(2)).toContain('down')
  })

  test('a name that leads elsewhere is no message', async () => {
    studio.write('.data/secret.eml', 'Subject: secret\r\n\r\n')

    const answers = await Promise.all(
      [
        '/api/inbox/inbox/..%2F..%2Fsecret',
        '/api/inbox/..%2F/1',
        '/api/inbox/inbox/1e3',
        '/api/inbox/none/1',
        '/api/inbox/inbox/999999999999/source',
        '/frame/inbox/inbox/-1/html',
      ].map(async (at) => (await fetch(`${studio.url}${at}`)).status),
    )

    expect(answers).toEqual([404, 404, 404, 404, 404, 404])
  })
})

function nested(depth: number): string {
  let text = 'Subject: deep\r\n'
  for (let level = 0; level < depth; level += 1)
    text += `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`
  return `${text}Content-Type: text/plain\r\n\r\nHello\r\n`
}
