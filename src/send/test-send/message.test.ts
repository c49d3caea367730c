import { createHash } from 'node:crypto'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { harbourIssue } from '../../../tests/rig/compiled.js'
import { messageFaults } from '../../../tests/rig/message-faults.js'
import type { Compilation, CompiledIssue } from '../../compile/compiled.js'
import { isSampleToken } from '../../link/sample-keys.js'
import { makeKeys, verifyToken } from '../../link/token.js'
import { parseReturnPath } from '../../return-path.js'
import { type TestOptions, writeTest } from './message.js'

const PICTURE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const SHA256 = createHash('sha256').update(PICTURE).digest('hex')
const PICTURE_URL = `https://news.example.org/i/${SHA256}.gif`
const HASH = 'c0ffee'.repeat(10)

function compilation(changes: Partial<CompiledIssue> = {}): Compilation {
  const { publication } = harbourIssue()
  const compiled = harbourIssue({
    publication: { ...publication, headers: [{ name: 'X-Mailer', value: 'Harbour' }] },
    subject: ['Harbour news for ', { kind: 'person', name: 'name', fallback: 'you' }],
    ...changes,
  })
  return { compiled, hash: 'untracked', imageBytes: new Map([[SHA256, PICTURE]]) }
}

function write(changes: Partial<CompiledIssue>, options: Partial<TestOptions> = {}) {
  let id = 1000
  return writeTest({
    untracked: compilation(changes),
    hash: HASH,
    addresses: ['alice@example.org'],
    values: { name: 'Zoë' },
    returnPath: null,
    now: Date.UTC(2026, 0, 5, 12),
    nextId: () => id++,
    ...options,
  })
}

test('a test says that it is one, of which issue, and keeps what else a mail of the publication has', async () => {
  const [one] = write({})
  if (one === undefined) throw new Error('there is no message')

  const mail = await PostalMime.parse(one.message.bytes)
  const header = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]))

  expect(messageFaults(one.message)).toEqual([])
  expect(mail.subject).toBe('[Test] Harbour news for Zoë')
  expect(one.subject).toBe('[Test] Harbour news for Zoë')
  expect(header['x-pressrun-test']).toBe(`2026-01-05-harbour ${HASH}`)
  expect(header['x-mailer']).toBe('Harbour')
  expect(header['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
  expect(mail.from).toEqual({ name: 'The Harbour Brief', address: 'editor@news.example.org' })
  expect(one.message.envelope).toEqual({ from: 'editor@news.example.org', to: 'alice@example.org' })
})

test('each address gets each alternative, and every message is another', async () => {
  const html = [{ kind: 'choice', name: 'city', present: ['In your city'], absent: ['Anywhere'] } as const]

  const messages = write({ html, text: html }, { addresses: ['alice@example.org', 'bob@example.org'] })

  expect(messages.map(({ to, variant, subject }) => `${to} ${variant} ${subject}`)).toEqual([
    'alice@example.org without city [Test 1/2: without city] Harbour news for Zoë',
    'alice@example.org with city [Test 2/2: with city] Harbour news for Zoë',
    'bob@example.org without city [Test 1/2: without city] Harbour news for Zoë',
    'bob@example.org with city [Test 2/2: with city] Harbour news for Zoë',
  ])
  const mails = await Promise.all(messages.map(({ message }) => PostalMime.parse(message.bytes)))
  expect(mails.map(({ text }) => text?.trim())).toEqual([
    'Anywhere',
    'In your city',
    'Anywhere',
    'In your city',
  ])
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(4)
})

test('its Tokens are a sample’s: in links, in the way out, in the return path', async () => {
  const leave = { kind: 'token', purpose: 'leave' } as const
  const returnPath = parseReturnPath('bounces+*@news.example.org')
  if ('refused' in returnPath) throw new Error(returnPath.refused)

  const [one] = write({ text: ['https://news.example.org/u/', leave] }, { returnPath })
  const mail = await PostalMime.parse(one?.message.bytes ?? '')

  const own = makeKeys(['a secret of more than thirty-two characters'])
  const header = mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? ''
  for (const text of [mail.text ?? '', header]) {
    const token = /\/u\/([\w-]+)/.exec(text)?.[1] ?? ''
    expect(isSampleToken('leave', token)).toBe(true)
    expect(verifyToken(own, 'leave', token)).toBeNull()
  }
  const returned = /^bounces\+(\w+)@/.exec(one?.message.envelope.from ?? '')?.[1] ?? ''
  expect(isSampleToken('return', returned)).toBe(true)
})

test('its pictures travel along, since nothing serves them yet', async () => {
  const html = [
    `<p><img src="${PICTURE_URL}" alt=""></p>`,
    { kind: 'choice', name: 'city', present: [`<img src="${PICTURE_URL}">`], absent: [] } as const,
  ]
  const images = [{ sha256: SHA256, ext: 'gif', sizeBytes: PICTURE.length } as const]

  const [one] = write({ html, images }, { values: { city: 'Selby' } })
  if (one === undefined) throw new Error('there is no message')

  const mail = await PostalMime.parse(one.message.bytes)
  expect(messageFaults(one.message)).toEqual([])
  expect(mail.html).not.toContain('https://news.example.org/i/')
  const [carried] = mail.attachments
  expect(mail.attachments).toHaveLength(1)
  expect(carried).toMatchObject({ mimeType: 'image/gif', disposition: 'inline', related: true })
  expect(Buffer.from(carried?.content as ArrayBuffer)).toEqual(PICTURE)
  const id = carried?.contentId?.replace(/[<>]/g, '')
  expect(mail.html?.match(new RegExp(`cid:${id}`, 'g'))).toHaveLength(2)
  expect(mail.text?.trim()).toBe('Hello')
})
