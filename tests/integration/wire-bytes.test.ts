/** From an issue to a receiver's disk: what arrives is what was written, and only where it can be carried. */

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, expect, test } from 'vitest'
import { findList } from '../../src/audience/list.js'
import { importFile } from '../../src/commands/subscribers-import.js'
import type { CompiledIssue, Holed } from '../../src/compile/compiled.js'
import { prepareMessages, writeMessage } from '../../src/send/message.js'
import { openInbox } from '../../src/smtp/inbox.js'
import { openRelay } from '../../src/smtp/relay.js'
import { readRelayUrl } from '../../src/smtp/relay-url.js'
import { compilation, countStates, freeze, openTestRoot, subscribe, untilFinished } from '../rig/engine.js'
import { KEYS } from '../rig/random-message.js'
import { startScriptedSmtp } from '../rig/scripted-smtp.js'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** Lines that are dots, and dots between line ends of other kinds, which some servers took for the end (VU#302671). */
const DOTS = [
  ...['.', '..', '...', '.x', 'a\n.\nb', 'a\r.\rb', 'a\r\n.\rb', 'a\n.\r\nb', 'a\r\n.\nb', '\r\n.\r\n'],
  ...['.\nMAIL FROM:<eve@example.net>\nRCPT TO:<eve@example.net>\nDATA\nx\n.\n', 'QUIT', '.'],
]

test('V20: dots in any place and between any line ends arrive as one message, byte for byte', async () => {
  const root = await openTestRoot()
  open.push(() => root.close())
  const inbox = await openInbox({ folder: path.join(root.config.root, 'receiver') })
  open.push(() => inbox.close())
  const relay = openRelay(readRelayUrl(inbox.url))
  open.push(() => relay.close())
  const hole = { kind: 'person', name: 'name', fallback: '' } as const
  const dots: Holed = [...DOTS.flatMap((line) => [`${line}\n`, hole]), '.']
  const message = writeDots({ html: dots, text: dots }, '.')

  const reply = await relay.send(message, { beforeEnd: async () => true })

  expect(reply).toMatchObject({ kind: 'replied', code: 250, ended: true })
  const ledger = readFileSync(path.join(inbox.folder, 'ledger.jsonl'), 'utf8').trimEnd().split('\n')
  expect(ledger.map((line) => JSON.parse(line).to)).toEqual(['alice@example.org'])
  const kept = readFileSync(path.join(inbox.folder, '000001.eml'))
  expect(kept.equals(Buffer.from(message.bytes))).toBe(true)
  const meant = `${DOTS.map((line) => `${line.replace(/\r\n?/g, '\n')}\n.`).join('')}.`
  const { text = '', html = '' } = await PostalMime.parse(kept)
  expect([text, html].map((part) => part.replace(/\r\n/g, '\n').replace(/\n$/, ''))).toEqual([meant, meant])
})

test('V33: who needs SMTPUTF8 is failed(needs SMTPUTF8) by a server without it, which hears of no such recipient', async () => {
  const server = await startScriptedSmtp({ extensions: ['PIPELINING', '8BITMIME'] })
  open.push(() => server.stop())
  const root = await openTestRoot({
    SMTP_URL: server.url,
    PUBLIC_URL: 'http://127.0.0.1:4321',
    PRESSRUN_SECRET: 'x'.repeat(40),
  })
  open.push(() => root.close())
  const store = await root.store()
  const listId = await subscribe(store, 'weekly', ['alice', 'jürgen@example.org', '港@xn--rger-1oa.example'])
  const created = await freeze(store, listId, compilation())

  await root.engine()
  await untilFinished(store, created.sendId)

  expect(await countStates(store, created.sendId)).toEqual({ sent: 1, failed: 2 })
  const failed = await store.db.query
    .selectFrom('delivery')
    .select('reason')
    .where('state', '=', 'failed')
    .execute()
  expect(failed.map(({ reason }) => reason)).toEqual(['needs SMTPUTF8', 'needs SMTPUTF8'])
  expect(server.messages.flatMap(({ to }) => to)).toEqual(['alice@example.org'])
  expect(server.moments.filter(({ phase }) => phase === 'RCPT').map(({ line }) => line)).toEqual([
    expect.stringContaining('<alice@example.org>'),
  ])
})

test('V34: what an import took goes into the envelope and the header as it was stored, and to no one else', async () => {
  const server = await startScriptedSmtp()
  open.push(() => server.stop())
  const root = await openTestRoot({
    SMTP_URL: server.url,
    PUBLIC_URL: 'http://127.0.0.1:4321',
    PRESSRUN_SECRET: 'x'.repeat(40),
  })
  open.push(() => root.close())
  const store = await root.store()
  const rows = [
    ...['address', '"a@b.test\r\nRCPT TO:<x@y.test>"', '"a@b.test,c@d.test"', '<a@b.test>'],
    ...['"""x"" <a@b.test>"', 'a@b@c.test', "O'Hara+x=y@Example.org", 'jürgen@häfen.example'],
    ...['a!#$%&*/?^_`{|}~-@b.test', ''],
  ]
  const { keys, db, now } = store
  const file = path.join(root.config.root, 'members.csv')
  writeFileSync(file, rows.join('\n'))
  await importFile({ file, list: 'weekly', missingList: 'create', how: 'write', db, keys, now })
  const { id } = await findList(db.query, 'weekly')
  const created = await freeze(store, id, compilation())

  await root.engine()
  await untilFinished(store, created.sendId)

  const stored = ["O'Hara+x=y@example.org", 'a!#$%&*/?^_`{|}~-@b.test', 'jürgen@xn--hfen-loa.example']
  const deliveries = await db.query.selectFrom('delivery').select(['address', 'state']).execute()
  expect(deliveries.map(({ state, address }) => `${state} ${address}`).sort()).toEqual(
    stored.map((address) => `sent ${address}`),
  )
  expect(server.messages.map(({ to }) => to.join()).sort()).toEqual(stored)
  for (const { to, bytes } of server.messages) expect(bytes.toString()).toContain(`\r\nTo: ${to.join()}\r\n`)
})

function writeDots(parts: Pick<CompiledIssue, 'html' | 'text'>, name: string) {
  const issue = compilation()
  const prepared = prepareMessages({
    compiled: { ...issue.compiled, ...parts },
    hash: 'c0ffee'.repeat(10),
    list: { name: 'weekly', title: 'Weekly' },
    sendId: 1,
    date: 0,
  })
  return writeMessage(prepared, { deliveryId: 1, address: 'alice@example.org', name, attributes: {} }, KEYS)
}
