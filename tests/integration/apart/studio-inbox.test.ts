/** The list of local inboxes in the studio, over HTTP: real messages of a real inbox, and what lies beside it. */

import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type InboxStudio, openInboxStudio, TOKEN } from '../../rig/studio-inbox.js'

let studio: InboxStudio

beforeEach(async () => {
  studio = await openInboxStudio()
})

afterEach(() => studio.close())

describe('the list', () => {
  test('is empty where no inbox has ever been', async () => {
    expect(await studio.listed()).toEqual({ folders: [], folder: null, rows: [], before: null })
  })

  test('leaves out a file that leads elsewhere, and nothing of it is told', async () => {
    studio.put(1, 'Subject: Here\r\n\r\nHello')
    studio.write('secret.txt', 'Subject: Elsewhere\n\nSecret')
    symlinkSync(path.join(studio.root, 'secret.txt'), path.join(studio.root, '.data/inbox/000002.eml'))

    expect((await studio.listed()).rows.map(({ subject }) => subject)).toEqual(['Here'])
    for (const at of ['/api/inbox/inbox/2', '/frame/inbox/inbox/2/html'])
      expect((await fetch(`${studio.url}${at}`)).status).toBe(404)
  })

  test('shows whom a message was accepted for, not what To says', async () => {
    await studio.send({
      to: 'alice@example.org',
      bcc: 'bob@example.org',
      subject: '[Test] Crème brûlée ☕',
      text: 'Hello',
    })

    const { folders, folder, rows } = await studio.listed()

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
    await studio.send({ to: 'alice@example.org', subject: 'Of the engine', text: 'Hello' })
    await studio.send({ to: 'alice@example.org', subject: 'Of the demo', text: 'Hello' }, 'demo/inbox')

    const { folders, rows } = await studio.listed('?folder=demo')

    expect(folders).toEqual([
      { name: 'inbox', count: 1 },
      { name: 'demo', count: 1 },
    ])
    expect(rows.map(({ subject }) => subject)).toEqual(['Of the demo'])
  })

  test('goes on by pages and finds by address and by subject, among 1,000', async () => {
    const ledger: string[] = []
    for (let number = 1; number <= 1_000; number += 1) {
      studio.put(
        number,
        `From: a@b.example\r\nTo: list@b.example\r\nSubject: Number ${number}\r\n\r\nHello\r\n`,
      )
      ledger.push(
        JSON.stringify({
          to: `reader-${number}@example.org`,
          messageId: null,
          file: `${String(number).padStart(6, '0')}.eml`,
        }),
      )
    }
    studio.write('.data/inbox/ledger.jsonl', `${ledger.join('\n')}\n`)

    const first = await studio.listed()
    const second = await studio.listed(`?before=${first.before}`)
    const byAddress = await studio.listed('?q=reader-7@EXAMPLE.org')
    const bySubject = await studio.listed('?q=number%20123')

    expect([first.rows.length, first.rows[0]?.number, first.before]).toEqual([200, 1_000, 801])
    expect([second.rows[0]?.number, second.rows.at(-1)?.number]).toEqual([800, 601])
    expect((await studio.listed('?before=201')).before).toBeNull()
    expect(byAddress.rows.map(({ number }) => number)).toEqual([7])
    expect(bySubject.rows.map(({ number }) => number)).toEqual([123])
  })

  test('forgets an inbox that began anew under the same numbers', async () => {
    await studio.send({ to: 'alice@example.org', subject: 'Before', text: 'Hello' })
    expect((await studio.listed()).rows[0]?.subject).toBe('Before')
    studio.put(1, 'Subject: After\r\n\r\nHello\r\n')
    studio.write('.data/inbox/ledger.jsonl', '')

    const { rows } = await studio.listed()

    expect(rows).toMatchObject([{ number: 1, subject: 'After', to: [] }])
  })

  test('a message that comes later is told to every page, also when the inbox comes later', async () => {
    const abort = new AbortController()
    const stream = await fetch(`${studio.url}/api/live`, { signal: abort.signal })
    const told = readUntil(stream, 'event: inbox')

    await studio.send({ to: 'alice@example.org', subject: 'News', text: 'Hello' })

    await told
    expect((await studio.listed()).rows).toHaveLength(1)
    abort.abort()
  })
})

describe('what lies beside an inbox', () => {
  test('may be a file where its folder would be', async () => {
    const odd = await openInboxStudio({ files: { '.data/inbox': 'no folder' } })

    const shown = await odd.listed().finally(odd.close)

    expect(shown).toEqual({ folders: [], folder: null, rows: [], before: null })
  })

  test('may be a store that cannot be opened: messages are read all the same', async () => {
    studio.write('.data/pressrun.db', 'This is no database. '.repeat(400))
    studio.put(
      1,
      `Feedback-ID: send-1:harbour\r\nSubject: Hello\r\nContent-Type: text/html\r\n\r\n<a href="https://news.example.com/c/${TOKEN}/1">on</a><img src="https://news.example.com/i/${'0'.repeat(64)}.png">\r\n`,
    )

    expect((await studio.message(1)).links).toMatchObject([{ kind: 'click', leadsTo: null }])
    expect(await studio.frame(1)).toContain('on</a>')
  })
})

async function readUntil(response: Response, wanted: string): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes(wanted)) return
  }
  throw new Error(`the stream ended without ${wanted}: ${text}`)
}
