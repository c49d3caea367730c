/** A test send: who gets it and what, what is said of it, and that nothing at all is written down. */

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openStore } from '../../src/app/store.js'
import { addSuppression } from '../../src/audience/suppression.js'
import { testIssue } from '../../src/commands/test.js'
import { readConfig } from '../../src/config.js'
import { openHits } from '../../src/event/hit.js'
import { SAMPLE_KEYS } from '../../src/link/sample-keys.js'
import { hashAddress, makeKeys, signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import type { TestAnswer } from '../../src/send/test-send/answer.js'
import { findReturnTokens } from '../../src/track/feedback/find-tokens.js'
import { openTestDb } from '../rig/database.js'
import { dumpTables } from '../rig/dump.js'
import { about, bounced, NOW, take } from '../rig/feedback.js'
import { freePort } from '../rig/free-port.js'
import { type Script, type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'
import { seedSend } from '../rig/seed.js'
import { once } from '../rig/smtp-place.js'
import { serveTestWeb } from '../rig/web.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const SECRET = 'a secret for tests that is more than 32 characters'
/** It has one conditional passage. */
const ISSUE = '2026-11-24-a-levy-on-cold-boxes'

let root: string
const open: (() => unknown)[] = []

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-test-send-'))
  open.push(() => rmSync(root, { recursive: true, force: true }))
  for (const folder of ['issues', 'templates'])
    cpSync(path.join(PROJECT, folder), path.join(root, folder), { recursive: true })
})

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function relay(script: Script = {}): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp(script)
  open.push(() => server.stop())
  return server
}

interface Tried {
  readonly to?: string
  readonly values?: Readonly<Record<string, string>> | null
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

async function tryIssue({ to = 'ruth@press.example', values = {}, env = {}, signal }: Tried) {
  const said: string[] = []
  const config = readConfig({ root, env: { ...env } })
  const answer = await testIssue(
    { slugOrPath: ISSUE, to, values },
    {
      config,
      say: (sentence) => said.push(sentence),
      sayFindings: () => {},
      signal: signal ?? new AbortController().signal,
      now: Date.now,
    },
  )
  return { answer, said }
}

function live(...urls: readonly string[]) {
  return {
    SMTP_URL: urls.join(' '),
    PUBLIC_URL: 'https://news.harbour.example',
    PRESSRUN_SECRET: SECRET,
    TEST_TO: '@press.example',
    RETURN_PATH: 'bounces+*@harbour.example',
  }
}

function statesOf({ messages }: TestAnswer) {
  return messages.map(({ to, state, code }) => `${to} ${state} ${code}`)
}

test('a relay gets each alternative, marked as a test, by the return path of a Send', async () => {
  const server = await relay()

  const { answer } = await tryIssue({ to: 'ruth@press.example,tomás@press.example', env: live(server.url) })

  expect(statesOf(answer)).toEqual([
    'ruth@press.example accepted 250',
    'ruth@press.example accepted 250',
    'tomás@press.example accepted 250',
    'tomás@press.example accepted 250',
  ])
  expect(answer.through).toEqual([server.url])
  const mails = await Promise.all(server.messages.map(({ bytes }) => PostalMime.parse(bytes)))
  expect(mails.map(({ subject }) => subject)).toEqual([
    '[Test 1/2: without city] The Harbour Brief 42: a levy on cold boxes',
    '[Test 2/2: with city] The Harbour Brief 42: a levy on cold boxes',
    '[Test 1/2: without city] The Harbour Brief 42: a levy on cold boxes',
    '[Test 2/2: with city] The Harbour Brief 42: a levy on cold boxes',
  ])
  for (const mail of mails) {
    const field = mail.headers.find(({ key }) => key === 'x-pressrun-test')?.value
    expect(field).toBe(`${ISSUE} ${answer.hash}`)
    expect(mail.html).not.toMatch(/\/[co]\//)
    expect(mail.html).toContain('href="https://customs.example.net/drafts/2026-31"')
  }
  expect(server.messages.map(({ from }) => from)).toEqual(
    server.messages.map(() => expect.stringMatching(/^bounces\+\w{26}@harbour\.example$/)),
  )
})

test('whom TEST_TO does not allow gets nothing, and nor does anyone beside them', async () => {
  const server = await relay()

  await expect(tryIssue({ to: 'ruth@press.example,bob@example.org', env: live(server.url) })).rejects.toThrow(
    '--to: "bob@example.org" may get no test: TEST_TO allows @press.example; add it there',
  )
  expect(server.moments).toEqual([])
})

test('a relay that is away is said at once, with what to mend', async () => {
  await expect(tryIssue({ env: live(`smtp://127.0.0.1:${await freePort()}`) })).rejects.toThrow(
    /^SMTP_URL: nothing listens at 127\.0\.0\.1/,
  )
})

test('what a relay refuses is told in its words, and tried no second time', async () => {
  const server = await relay({ act: once('RCPT', { say: ['550 5.1.1 no such user'] }) })

  const { answer } = await tryIssue({ env: live(server.url) })

  expect(statesOf(answer)).toEqual(['ruth@press.example refused 550', 'ruth@press.example accepted 250'])
  expect(answer.messages[0]?.text).toBe('550 5.1.1 no such user')
  expect(server.moments.filter(({ phase }) => phase === 'RCPT')).toHaveLength(2)
})

test('a reply that never came leaves it uncertain, and it is not sent again', async () => {
  const server = await relay({ act: once('DOT', 'cut') })

  const { answer } = await tryIssue({ env: live(server.url) })

  expect(statesOf(answer)).toEqual(['ruth@press.example uncertain null', 'ruth@press.example accepted 250'])
  expect(server.messages).toHaveLength(2)
})

test('whoever has enough of waiting for a reply leaves it uncertain, and the rest unsent', async () => {
  const server = await relay({ act: once('DOT', { say: [] }) })
  const stop = new AbortController()

  const tried = tryIssue({ env: live(server.url), signal: stop.signal })
  await vi.waitFor(() => expect(server.messages).toHaveLength(1), { timeout: 60_000, interval: 20 })
  stop.abort()

  expect(statesOf((await tried).answer)).toEqual([
    'ruth@press.example uncertain null',
    'ruth@press.example unsent null',
  ])
})

test('who stops it while the issue is compiled has sent nothing', async () => {
  const server = await relay()

  const { answer } = await tryIssue({ env: live(server.url), signal: AbortSignal.abort() })

  expect(statesOf(answer)).toEqual(['ruth@press.example unsent null', 'ruth@press.example unsent null'])
  expect(server.messages).toHaveLength(0)
})

test('once the relay takes nothing the rest is not tried', async () => {
  const server = await relay({
    act: ({ phase, connection }) => (phase === 'CONNECT' && connection > 1 ? 'cut' : null),
  })

  const { answer } = await tryIssue({ env: live(server.url) })

  expect(statesOf(answer)).toEqual(['ruth@press.example unsent null', 'ruth@press.example unsent null'])
})

test('without a relay anyone may have it, in the inbox of this machine', async () => {
  const { answer } = await tryIssue({ to: 'bob@example.net', values: { city: 'Selby' } })

  expect(answer.through).toEqual([])
  expect(answer.messages.map(({ variant, state, file }) => `${variant} ${state} ${file}`)).toEqual([
    'with city accepted .data/inbox/000001.eml',
    'without city accepted .data/inbox/000002.eml',
  ])
  const mail = await PostalMime.parse(readFileSync(path.join(root, answer.messages[0]?.file ?? '')))
  expect(mail.text).toContain('Selby')
  // No database is made for it.
  expect(readdirSync(path.join(root, '.data')).sort()).toEqual(['cache', 'engine.lock', 'inbox'])
})

test('who is never mailed again gets no test either', async () => {
  const server = await relay()
  const env = live(server.url)
  const store = await openStore(readConfig({ root, env }))
  const hash = hashAddress(store.keys, 'frank@press.example')
  await addSuppression(store.db.query, { hash, reason: 'complained', now: 1 })
  await store.close()

  await expect(tryIssue({ to: 'ruth@press.example Frank@press.example', env })).rejects.toThrow(
    '--to: "Frank@press.example" is suppressed (complained) and mailed by nobody; pressrun subscribers allow',
  )
  expect(server.moments).toEqual([])
})

test('what comes back of a test speaks of nobody, even where a provider has signed it', async () => {
  const db = await openTestDb()
  open.push(() => db.close())
  await seedSend(db.query, { deliveries: [{ who: 'ruth', state: 'sent' }], now: NOW })
  const server = await relay()
  await tryIssue({ env: live(server.url) })
  const [returned = ''] = findReturnTokens(server.messages.map(({ from }) => from))
  const before = await dumpTables(db.query, ['feedback'])

  const report = { ...about(0, [bounced({ recipient: 'ruth@example.com' })]), returnTokens: [returned] }
  const taken = await take(db, report, { isVerified: true })

  expect(taken).toMatchObject({ kind: 'taken', deliveryId: null })
  expect(await dumpTables(db.query, ['feedback'])).toBe(before)
})

test('no row of the database is another after it, nor after its links were opened and its way out was used', async () => {
  const db = await openTestDb()
  open.push(() => db.close())
  const keys = makeKeys([SECRET])
  const { deliveries } = await seedSend(db.query, { deliveries: [{ who: 'ruth', state: 'sent' }] })
  const hits = openHits({ db, now: Date.now })
  open.push(() => hits.close())
  const web = await serveTestWeb({ db, keys, hits, log: openLog('silent'), now: Date.now })
  open.push(() => web.close())
  const server = await relay()
  const before = await dumpTables(db.query)

  await tryIssue({ env: { ...live(server.url), PUBLIC_URL: web.url } })

  const ours = new Set<string>()
  for (const { bytes } of server.messages) {
    const mail = await PostalMime.parse(bytes)
    for (const [url] of `${mail.html} ${mail.text}`.matchAll(/http:\/\/127\.0\.0\.1:\d+\/[^\s"<>)\]]*/g))
      ours.add(url)
    const header = mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? ''
    const leave = header.slice(1, -1)
    ours.add(leave)
    const left = await fetch(leave, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    })
    expect([left.status, await left.text()]).toEqual([200, expect.stringContaining('This is a test copy')])
    const undone = await fetch(`${leave}/undo`, { method: 'POST' })
    expect(await undone.text()).toContain('nobody is unsubscribed by it')
    const token = leave.slice(leave.lastIndexOf('/') + 1)
    await fetch(`${web.url}/p/${token}`, { method: 'POST', body: new URLSearchParams({ act: 'leaveAll' }) })
    expect((await fetch(`${web.url}/c/${token}/0`)).status).toBe(404)
    expect((await fetch(`${web.url}/o/${token}.gif`)).status).toBe(200)
  }
  // Even one that names a Delivery there is.
  const known = signToken(SAMPLE_KEYS, 'leave', deliveries.ruth ?? 0)
  ours.add(`${web.url}/u/${known}`)
  await fetch(`${web.url}/u/${known}`, { method: 'POST' })
  const answers = await Promise.all([...ours].map(async (url) => `${url} ${(await fetch(url)).status}`))
  const waysOut = answers.filter((answer) => /\/(?:u|p|comment)\//.test(answer))
  expect(waysOut.length).toBeGreaterThan(4)
  expect(waysOut.filter((answer) => !answer.endsWith(' 200'))).toEqual([])
  const pages = [...ours].filter((url) => /\/issues\/[^/]+\/test(?:#|$)/.test(url))
  expect(pages).toContain(`${web.url}/issues/${ISSUE}/test`)
  for (const url of pages) {
    const page = await (await fetch(url)).text()
    expect(page).toContain('Once the issue is sent, this link opens its page.')
    // Of what is not published nothing is shown.
    expect(page).not.toMatch(/levy|cold boxes/i)
  }
  expect([...ours].filter((url) => url.endsWith(`/issues/${ISSUE}`))).toEqual([])
  expect(await dumpTables(db.query)).toBe(before)
})
