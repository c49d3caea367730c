/** The local inboxes in the studio, over HTTP: real messages of a real inbox, and mails that mean harm. */

import { createHash } from 'node:crypto'
import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openInbox } from '../../../src/smtp/inbox.js'
import type { InboxMessage, InboxPage } from '../../../src/web/studio/inbox/api.js'
import { openTestStudio, type TestStudio } from '../../rig/studio.js'

const TOKEN = 'A'.repeat(22)
/** One white pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg==',
  'base64',
)

let studio: TestStudio
const open: (() => Promise<void>)[] = []

beforeEach(async () => {
  studio = await openTestStudio()
  open.push(studio.close)
})

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** Accepted by the inbox when this is over. */
async function send(mail: SendMailOptions, folder = 'inbox'): Promise<void> {
  const inbox = await openInbox({ folder: path.join(studio.root, '.data', folder) })
  const transport = createTransport(inbox.url)
  await transport.sendMail({ from: 'The Harbour Brief <brief@harbour.example.com>', ...mail })
  transport.close()
  await inbox.close()
}

function put(number: number, text: string | Uint8Array, folder = 'inbox'): void {
  studio.write(`.data/${folder}/${String(number).padStart(6, '0')}.eml`, text)
}

async function ask<T>(at: string): Promise<T> {
  const response = await fetch(`${studio.url}${at}`)
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

const listed = (query = '') => ask<InboxPage>(`/api/inbox${query}`)
const message = (number: number) => ask<InboxMessage>(`/api/inbox/inbox/${number}`)

async function frame(number: number): Promise<string> {
  const response = await fetch(`${studio.url}/frame/inbox/inbox/${number}/html`)
  expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  expect(response.headers.get('X-DNS-Prefetch-Control')).toBe('off')
  return response.text()
}

describe('the list', () => {
  test('is empty where no inbox has ever been', async () => {
    expect(await listed()).toEqual({ folders: [], folder: null, rows: [], before: null })
  })

  test('leaves out a file that leads elsewhere, and nothing of it is told', async () => {
    put(1, 'Subject: Here\r\n\r\nHello')
    studio.write('secret.txt', 'Subject: Elsewhere\n\nSecret')
    symlinkSync(path.join(studio.root, 'secret.txt'), path.join(studio.root, '.data/inbox/000002.eml'))

    expect((await listed()).rows.map(({ subject }) => subject)).toEqual(['Here'])
    for (const at of ['/api/inbox/inbox/2', '/frame/inbox/inbox/2/html'])
      expect((await fetch(`${studio.url}${at}`)).status).toBe(404)
  })

  test('shows whom a message was accepted for, not what To says', async () => {
    await send({
      to: 'alice@example.org',
      bcc: 'bob@example.org',
      subject: '[Test] Crème brûlée ☕',
      text: 'Hello',
    })

    const { folders, folder, rows } = await listed()

    expect([folders, folder]).toEqual([[{ name: 'inbox', count: 1 }], 'inbox'])
    expect(rows).toMatchObject([
      {
        number: 1,
        from: { name: 'The Harbour Brief', address: 'brief@harbour.example.com' },
        to: ['alice@example.org', 'bob@example.org'],
        subject: '[Test] Crème brûlée ☕',
        isTest: true,
      },
    ])
  })

  test('is of the folder that is asked for, and the demo has its own', async () => {
    await send({ to: 'alice@example.org', subject: 'Of the engine', text: 'Hello' })
    await send({ to: 'alice@example.org', subject: 'Of the demo', text: 'Hello' }, 'demo/inbox')

    const { folders, rows } = await listed('?folder=demo')

    expect(folders).toEqual([
      { name: 'inbox', count: 1 },
      { name: 'demo', count: 1 },
    ])
    expect(rows.map(({ subject }) => subject)).toEqual(['Of the demo'])
  })

  test('goes on by pages and finds by address and by subject, among 1,000', async () => {
    const ledger: string[] = []
    for (let number = 1; number <= 1_000; number += 1) {
      put(number, `From: a@b.example\r\nTo: list@b.example\r\nSubject: Number ${number}\r\n\r\nHello\r\n`)
      ledger.push(
        JSON.stringify({
          to: `reader-${number}@example.org`,
          messageId: null,
          file: `${String(number).padStart(6, '0')}.eml`,
        }),
      )
    }
    studio.write('.data/inbox/ledger.jsonl', `${ledger.join('\n')}\n`)

    const first = await listed()
    const second = await listed(`?before=${first.before}`)
    const byAddress = await listed('?q=reader-7@EXAMPLE.org')
    const bySubject = await listed('?q=number%20123')

    expect([first.rows.length, first.rows[0]?.number, first.before]).toEqual([200, 1_000, 801])
    expect([second.rows[0]?.number, second.rows.at(-1)?.number]).toEqual([800, 601])
    expect((await listed('?before=201')).before).toBeNull()
    expect(byAddress.rows.map(({ number }) => number)).toEqual([7])
    expect(bySubject.rows.map(({ number }) => number)).toEqual([123])
  })

  test('forgets an inbox that began anew under the same numbers', async () => {
    await send({ to: 'alice@example.org', subject: 'Before', text: 'Hello' })
    expect((await listed()).rows[0]?.subject).toBe('Before')
    put(1, 'Subject: After\r\n\r\nHello\r\n')
    studio.write('.data/inbox/ledger.jsonl', '')

    const { rows } = await listed()

    expect(rows).toMatchObject([{ number: 1, subject: 'After', to: [] }])
  })

  test('a message that comes later is told to every page, also when the inbox comes later', async () => {
    const abort = new AbortController()
    const stream = await fetch(`${studio.url}/api/live`, { signal: abort.signal })
    const told = readUntil(stream, 'event: inbox')

    await send({ to: 'alice@example.org', subject: 'News', text: 'Hello' })

    await told
    expect((await listed()).rows).toHaveLength(1)
    abort.abort()
  })
})

describe('a message', () => {
  test('is shown with its header as it came, both parts, its attachment and its links', async () => {
    await send({
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

    const shown = await message(1)

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
    await send({
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
    put(1, Buffer.from(text, 'latin1'))

    const whole = await fetch(`${studio.url}/api/inbox/inbox/1/source`)
    const beginning = await fetch(`${studio.url}/api/inbox/inbox/1/source?bytes=13`)

    expect(whole.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
    expect(Buffer.from(await whole.arrayBuffer()).toString('latin1')).toBe(text)
    expect(await beginning.text()).toBe('Subject: dots')
  })

  test('shows pictures of its own and those that the issues have, and no others', async () => {
    const sha256 = createHash('sha256').update(PNG).digest('hex')
    studio.write('issues/images/quay.png', PNG)
    await send({
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

    const html = await frame(1)

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
    await send({
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

    const html = await frame(1)

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
    put(1, bytes)

    const { rows } = await listed()
    const { notes } = await message(1)

    expect(rows).toHaveLength(1)
    expect(notes.join(' ')).toContain(note)
  })

  test('30 MB in one part, and HTML that nests 90,000 deep, are read', async () => {
    const part = `${'QUJD'.repeat(19)}\r\n`.repeat(390_000)
    put(
      1,
      `Subject: huge\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${part}`,
    )
    put(
      2,
      `Subject: deep\r\nContent-Type: text/html\r\n\r\n${'<div>'.repeat(90_000)}<a href="https://a.example/">down</a>`,
    )

    const huge = await message(1)
    const deep = await message(2)

    expect(huge.parts).toMatchObject([{ sizeBytes: 390_000 * 57 }])
    expect(deep.links).toMatchObject([{ url: 'https://a.example/', words: 'down' }])
    expect(await frame(2)).toContain('down')
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

async function readUntil(response: Response, wanted: string): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes(wanted)) return
  }
  throw new Error(`the stream ended without ${wanted}: ${text}`)
}

describe('what lies beside an inbox', () => {
  test('may be a file where its folder would be', async () => {
    const odd = await openTestStudio({ files: { '.data/inbox': 'no folder' } })
    open.push(odd.close)

    const answer = await fetch(`${odd.url}/api/inbox`)

    expect(await answer.json()).toEqual({ folders: [], folder: null, rows: [], before: null })
  })

  test('may be a store that cannot be opened: messages are read all the same', async () => {
    studio.write('.data/pressrun.db', 'This is no database. '.repeat(400))
    put(
      1,
      `Feedback-ID: send-1:harbour\r\nSubject: Hello\r\nContent-Type: text/html\r\n\r\n<a href="https://news.example.com/c/${TOKEN}/1">on</a><img src="https://news.example.com/i/${'0'.repeat(64)}.png">\r\n`,
    )

    expect((await message(1)).links).toMatchObject([{ kind: 'click', leadsTo: null }])
    expect(await frame(1)).toContain('on</a>')
  })
})
