import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type Inbox, type InboxOptions, openInbox } from '../../../src/smtp/inbox.js'
import { openRelay } from '../../../src/smtp/relay.js'
import { readRelayUrl } from '../../../src/smtp/relay-url.js'
import type { Transport } from '../../../src/smtp/transport.js'
import { letter, yes } from '../../rig/letter.js'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pressrun-inbox-'))
  open.push(() => rm(folder, { recursive: true }))
  return folder
}

async function start(options: InboxOptions, query = ''): Promise<{ inbox: Inbox; relay: Transport }> {
  const inbox = await openInbox(options)
  open.push(() => inbox.close())
  const relay = openRelay(readRelayUrl(`${inbox.url}/${query}`))
  open.push(() => relay.close())
  return { inbox, relay }
}

async function ledgerOf(folder: string): Promise<unknown[]> {
  const lines = (await readFile(path.join(folder, 'ledger.jsonl'), 'utf8')).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}

test('keeps the bytes of a message and nothing else, and notes it in the ledger before it answers', async () => {
  const folder = await newFolder()
  const { relay } = await start({ folder })
  const text =
    'Subject: dots\r\nMessage-ID:\r\n <1.abc@press.example>\r\n\r\n.\r\n..\r\nMessage-ID: <not@this>\r\n'

  const reply = await relay.send(letter({ text }), { beforeEnd: yes })

  expect(reply).toEqual({
    kind: 'replied',
    code: 250,
    text: '250 2.0.0 kept as 000001.eml',
    command: 'DATA',
    ended: true,
  })
  expect(await readFile(path.join(folder, '000001.eml'), 'utf8')).toBe(text)
  expect(await ledgerOf(folder)).toEqual([
    { to: 'alice@example.org', messageId: '<1.abc@press.example>', file: '000001.eml' },
  ])
})

test('notes an international address as it was sent', async () => {
  const folder = await newFolder()
  const { relay } = await start({ folder })

  await relay.send(letter({ to: 'jürgen@xn--bcher-kva.example' }), { beforeEnd: yes })

  expect(await ledgerOf(folder)).toMatchObject([{ to: 'jürgen@xn--bcher-kva.example' }])
})

test('goes on numbering where an earlier inbox stopped, and clears what that one left half written', async () => {
  const folder = await newFolder()
  await writeFile(path.join(folder, '000041.eml'), 'old\r\n')
  await writeFile(path.join(folder, '000042.eml.tmp'), 'hal')
  await utimes(path.join(folder, '000042.eml.tmp'), new Date(), new Date(Date.now() - 3_600_000))
  const { relay } = await start({ folder })

  await relay.send(letter({}), { beforeEnd: yes })

  expect((await readdir(folder)).sort()).toEqual(['000041.eml', '000042.eml', 'ledger.jsonl'])
})

test('two inboxes keep messages in one folder, and none takes the place of another', async () => {
  const folder = await newFolder()
  const places = [await start({ folder }), await start({ folder }), await start({ folder })]

  const replies = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      places[index % places.length]?.relay.send(letter({ text: `Subject: ${index}\r\n\r\nnews\r\n` }), {
        beforeEnd: yes,
      }),
    ),
  )

  expect(replies).toEqual(replies.map(() => expect.objectContaining({ code: 250 })))
  const files = (await readdir(folder)).filter((name) => name !== 'ledger.jsonl').sort()
  const subjects = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))
  expect(new Set(subjects).size).toBe(60)
  expect((await ledgerOf(folder)).map((entry) => (entry as { file: string }).file).sort()).toEqual(files)
})

test('what another inbox writes right now is left to it', async () => {
  const folder = await newFolder()
  await writeFile(path.join(folder, '000001.eml.tmp'), 'hal')
  const { relay } = await start({ folder })

  await relay.send(letter({}), { beforeEnd: yes })

  expect((await readdir(folder)).sort()).toEqual(['000001.eml.tmp', '000002.eml', 'ledger.jsonl'])
})

test('refuses a recipient for good, or the first time only, as it is told', async () => {
  const folder = await newFolder()
  const { relay } = await start({
    folder,
    onRecipient: (address, timesSeen) => {
      if (address.startsWith('bob')) return { code: 550, text: '5.1.1 no such user' }
      if (address.startsWith('dora') && timesSeen === 1) return { code: 451, text: '4.7.1 greylisted' }
      return null
    },
  })

  const send = (to: string) => relay.send(letter({ to }), { beforeEnd: yes })

  expect(await send('bob@example.org')).toMatchObject({
    code: 550,
    text: '550 5.1.1 no such user',
    ended: false,
  })
  expect(await send('dora@example.org')).toMatchObject({
    code: 451,
    text: '451 4.7.1 greylisted',
    ended: false,
  })
  expect(await send('dora@example.org')).toMatchObject({ code: 250 })
  expect(await ledgerOf(folder)).toEqual([{ to: 'dora@example.org', messageId: null, file: '000001.eml' }])
})

test('refuses a message above 30 MB and keeps nothing of it', async () => {
  const folder = await newFolder()
  const { relay } = await start({ folder })
  const text = `Subject: huge\r\n\r\n${'x'
    .repeat(998)
    .concat('\r\n')
    .repeat(31 * 1024 + 500)}`

  const reply = await relay.send(letter({ text }), { beforeEnd: yes })

  expect(reply).toMatchObject({ kind: 'replied', code: 552 })
  expect(await readdir(folder)).toEqual(['ledger.jsonl'])
})

test('answers the rest of the world when a client goes away in the middle of a message', async () => {
  const folder = await newFolder()
  const { inbox, relay } = await start({ folder })
  const client = connect(Number(new URL(inbox.url).port), '127.0.0.1')
  const said = new Promise<void>((resolve) => {
    client.on('data', (chunk) => chunk.includes('354') && resolve())
  })
  client.once('data', () =>
    client.write(
      'EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nSubject: cut\r\n\r\nhal',
    ),
  )

  await said
  client.destroy()

  expect(await relay.send(letter({}), { beforeEnd: yes })).toMatchObject({ code: 250 })
  expect(await ledgerOf(folder)).toHaveLength(1)
})

test('takes a thousand messages over 16 connections, each once', async () => {
  const folder = await newFolder()
  const { relay } = await start({ folder }, '?maxConnections=16')
  const people = Array.from({ length: 1_000 }, (_, index) => `reader-${index}@example.org`)

  await Promise.all(people.map((to) => relay.send(letter({ to }), { beforeEnd: yes })))

  const ledger = await ledgerOf(folder)
  expect(ledger).toHaveLength(1_000)
  expect(new Set(ledger.map((line) => JSON.stringify(line))).size).toBe(1_000)
  expect((await readdir(folder)).filter((name) => name.endsWith('.eml'))).toHaveLength(1_000)
})
