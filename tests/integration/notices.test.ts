/** Notices on their way: beside Sends, once, and never twice. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { CompiledQuery } from 'kysely'
import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { printNotices } from '../../src/commands/notices.js'
import { noticeIdLeft } from '../../src/link/token.js'
import { readNotices } from '../../src/report/notices.js'
import { dropWaiting, intendNotice, recordNotice, withdrawNotice } from '../../src/send/notice/attempt.js'
import { claimNotices, dueNotices, giveUpNotices } from '../../src/send/notice/claim.js'
import { prepareNotice } from '../../src/send/notice/message.js'
import type { NoticeContext } from '../../src/send/notice/send-notice.js'
import { makeRelays } from '../../src/send/relays.js'
import { openTransport } from '../../src/smtp/open-transport.js'
import { readSmtpUrls } from '../../src/smtp/smtp-urls.js'
import { suppress } from '../../src/track/suppress.js'
import { startNotify } from '../../workers/notify.js'
import { startChaosSmtp } from '../rig/chaos.js'
import { freeze, subscribe } from '../rig/engine.js'
import { CONNECTIONS, type LifeRoot, openLifeRoot, people } from '../rig/life.js'
import { askFor, readNotice, untilNotice } from '../rig/notices.js'

const PUBLICATION =
  'name: Harbour\nfrom: Harbour <editor@example.com>\npostal-address: Quay 1\nlanguage: en\n'
const SENT = { kind: 'sent', code: 250, text: '250 ok' } as const

let life: LifeRoot
let store: Store

beforeEach(async () => {
  life = await openLifeRoot({ delayMs: 0 })
  store = life.store
  mkdirSync(path.join(life.root.config.root, 'issues'))
  writeFileSync(path.join(life.root.config.root, 'issues/newsletter.yaml'), PUBLICATION)
})

afterEach(() => life.close())

const accepted = (id: number) =>
  life.smtp.ledger().filter(({ messageId }) => messageId?.includes(noticeIdLeft(store.keys, id)))
const retry = { scheduleMs: [60_000], random: () => 0 }
const by = (owner: string) => ({ query: store.db.query, owner, now: store.now, retry })
const giveUp = (dead: readonly string[], wireTimeoutMs = 600_000) =>
  giveUpNotices({
    query: store.db.query,
    now: store.now,
    isDead: (owner) => dead.includes(owner),
    wireTimeoutMs,
  })

test('a Notice is accepted once, greylisted or not, and what is refused for good says why', async () => {
  await life.start()

  const [alice, dora, bob] = [
    await askFor(store, 'alice'),
    await askFor(store, 'dora'),
    await askFor(store, 'bob'),
  ]

  expect(await untilNotice(store, alice, 'sent')).toMatchObject({ attempt: 1, reply_code: 250, owner: null })
  expect(await untilNotice(store, dora, 'sent')).toMatchObject({ attempt: 2 })
  expect(await untilNotice(store, bob, 'bounced')).toMatchObject({ attempt: 1, reply_code: 550 })
  expect([accepted(alice), accepted(dora), accepted(bob)].map(({ length }) => length)).toEqual([1, 1, 0])

  const report = await readNotices(store.db.query)
  expect(report.counts).toMatchObject([{ kind: 'export', sent: 2, bounced: 1, queued: 0, used: 0 }])
  expect(report.troubled).toMatchObject([{ id: bob, address: 'b…b@example.org', state: 'bounced' }])
  const text = printNotices(report)
  expect(text).toMatch(
    /^kind +queued +sending +deferred +sent +bounced +failed +uncertain +used\nexport +0 +0 +0 +2 +1 +0/,
  )
  expect(text).toContain('550 5.1.1 no such user')
  expect(text).not.toContain('bob@')
})

test('an address that is suppressed while a Notice waits gets none', async () => {
  const [id, erased] = [await askFor(store, 'alice'), await askFor(store, 'erin')]
  const common = { by: 'command', keys: store.keys, now: store.now() }
  await suppress(store.db, { addressKey: 'alice@example.org', reason: 'complained', ...common })
  // Who comes back of their own accord is asked whether it is so.
  await suppress(store.db, { addressKey: 'erin@example.org', reason: 'erased', ...common })
  await life.start()

  expect(await untilNotice(store, id, 'failed')).toMatchObject({ reason: 'suppressed', attempt: 0 })
  await untilNotice(store, erased, 'sent')
  expect(accepted(id)).toEqual([])
})

test('nor is one ended that was claimed before', async () => {
  const id = await askFor(store, 'alice')
  const [claimed] = await claimNotices(1, by('one'))
  await suppress(store.db, {
    addressKey: 'alice@example.org',
    reason: 'complained',
    by: 'command',
    keys: store.keys,
    now: store.now(),
  })

  expect(await intendNotice({ id, attempt: claimed?.attempt ?? 0 }, by('one'))).toBe(false)
})

test('those that are due are found without reading the others', async () => {
  if (store.db.engine === 'postgres') return
  const { sql: text, parameters } = dueNotices(store.db.query, { now: store.now, count: 8 }).compile()

  const { rows } = await store.db.query.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${text}`, [...parameters]),
  )

  expect(rows.map(({ detail }) => detail).join('\n')).toContain('USING INDEX notice_due')
})

test('one that nobody takes in the time of the schedule has failed', async () => {
  await life.start()

  const id = await askFor(store, 'defer-9-x')

  expect(await untilNotice(store, id, 'failed')).toMatchObject({ reason: 'expired', attempt: 3 })
})

test('a Send in progress to a slow receiver delays a Notice by no more than a moment', async () => {
  const slow = await openLifeRoot({ delayMs: 400 })
  try {
    mkdirSync(path.join(slow.root.config.root, 'issues'))
    writeFileSync(path.join(slow.root.config.root, 'issues/newsletter.yaml'), PUBLICATION)
    const listId = await subscribe(slow.store, 'weekly', people(400))
    await freeze(slow.store, listId)
    await slow.start()
    // A first one, so that compiling is not what is measured.
    await untilNotice(slow.store, await askFor(slow.store, 'first'), 'sent')
    await slow.untilAccepted(CONNECTIONS * 2)

    // Counted by what the receiver took meanwhile, so that a slow machine is no slow Notice.
    const overtaken: number[] = []
    for (let n = 0; n < 5; n++) {
      const before = slow.smtp.ledger().length
      await untilNotice(slow.store, await askFor(slow.store, `alice${n}`), 'sent')
      overtaken.push(slow.smtp.ledger().length - before)
    }

    // Ten a second go out; a Notice is looked for twice a second and takes the next free connection.
    expect(Math.max(...overtaken)).toBeLessThan(40)
    expect(slow.smtp.ledger().length).toBeLessThan(400)
  } finally {
    await slow.close()
  }
})

test('with one connection alone, and all of a Send waiting for it, a Notice is the next but one', async () => {
  const slow = await openLifeRoot({ delayMs: 250 })
  try {
    mkdirSync(path.join(slow.root.config.root, 'issues'))
    writeFileSync(path.join(slow.root.config.root, 'issues/newsletter.yaml'), PUBLICATION)
    await freeze(slow.store, await subscribe(slow.store, 'weekly', people(100)))
    const secret = readFileSync(path.join(slow.root.config.dataDir, 'secret'), 'utf8').trim()
    await slow.root.engine({
      env: { SMTP_URL: `${slow.smtp.url}?maxConnections=1`, PRESSRUN_SECRET: secret },
    })
    await untilNotice(slow.store, await askFor(slow.store, 'first'), 'sent')
    await slow.untilAccepted(3)

    const before = slow.smtp.ledger().length
    await untilNotice(slow.store, await askFor(slow.store, 'alice'), 'sent')

    const place = slow.smtp.ledger().findIndex(({ to }) => to === 'alice@example.org')
    expect(place - before).toBeLessThan(6)
  } finally {
    await slow.close()
  }
})

test('while every relay is away it waits without using up a try, and goes out when one is back', async () => {
  const { port } = life.smtp
  await life.smtp.stop()
  await life.start(`smtp://127.0.0.1:${port}`)
  const id = await askFor(store, 'alice')
  await vi.waitFor(async () => expect((await readNotice(store, id)).not_before).toBeGreaterThan(0), {
    timeout: 20_000,
  })

  expect(await readNotice(store, id)).toMatchObject({ state: 'queued', attempt: 0 })
  const back = await startChaosSmtp({ ledger: path.join(life.root.config.dataDir, 'back.jsonl'), port })
  try {
    expect(await untilNotice(store, id, 'sent')).toMatchObject({ attempt: 1 })
    expect(back.ledger()).toHaveLength(1)
  } finally {
    await back.stop()
  }
})

test('two processes at once send each of forty once', async () => {
  const [settings] = readSmtpUrls(`${life.smtp.url}?maxConnections=4`)
  if (settings === undefined) throw new Error('no relay')
  const ids = await Promise.all(people(40).map((who) => askFor(store, who)))
  const prepared = prepareNotice({ subject: ['Hello'], html: ['<p>x</p>'], text: ['x'] })
  const start = (owner: string) => {
    const relay = { transport: openTransport(settings), weight: 1, takes: [], isBackup: false }
    const relays = makeRelays({
      relays: [relay],
      monotonic: () => performance.now(),
      onShut: () => {},
      onOpen: () => {},
    })
    const context: NoticeContext & { isDead: () => boolean; wireTimeoutMs: number } = {
      ...by(owner),
      keys: store.keys,
      relays,
      gate: { suspect() {} },
      prepared: { get: async () => prepared },
      sign: async (message) => message,
      log: pino({ level: 'silent' }),
      stop: new AbortController().signal,
      isDead: () => false,
      wireTimeoutMs: 60_000,
    }
    const sender = async () => ({
      from: { name: '', address: 'a@example.com' },
      replyTo: null,
      publicUrl: 'http://x.example',
    })
    const running = startNotify({ context, sender, isOpen: () => true, log: context.log, intervalMs: 5 })
    return { running, relays }
  }

  const both = [start('one'), start('two')]
  for (const id of ids) await untilNotice(store, id, 'sent')
  for (const { running, relays } of both) {
    await running.close()
    await relays.close()
  }

  expect(ids.map((id) => accepted(id).length)).toEqual(ids.map(() => 1))
})

test('an intent needs its claim: nobody who lost it, or whose person was erased, may end a message', async () => {
  const id = await askFor(store, 'alice')
  const [claimed] = await claimNotices(5, by('one'))
  if (claimed === undefined) throw new Error('nothing was claimed')

  expect(await claimNotices(5, by('two'))).toEqual([])
  expect(await intendNotice(claimed, by('two'))).toBe(false)
  await giveUp(['one'])
  expect(await intendNotice(claimed, by('one'))).toBe(false)
  const [again] = await claimNotices(5, by('two'))
  await store.db.query.updateTable('notice').set({ address: '' }).where('id', '=', id).execute()
  expect(await intendNotice(again ?? claimed, by('two'))).toBe(false)
  expect(await readNotice(store, id)).toMatchObject({ state: 'queued', attempt: 0 })
})

test('what a dead process had meant to end is uncertain, not sent again, and a late true reply counts', async () => {
  const id = await askFor(store, 'alice')
  const [claimed] = await claimNotices(5, by('one'))
  if (claimed === undefined) throw new Error('nothing was claimed')
  expect(await intendNotice(claimed, by('one'))).toBe(true)

  expect(await giveUp([])).toMatchObject({ uncertain: 0 })
  expect(await giveUp(['one'])).toMatchObject({ uncertain: 1 })
  expect(await claimNotices(5, by('two'))).toEqual([])
  expect(await readNotice(store, id)).toMatchObject({ state: 'uncertain', reason: 'no reply on record' })

  await recordNotice(claimed, SENT, by('one'))
  expect(await readNotice(store, id)).toMatchObject({ state: 'sent', owner: null })
})

test('an intent whose commit got no answer is withdrawn, whether it stood or not', async () => {
  const ids = [await askFor(store, 'alice'), await askFor(store, 'dora')]
  const [stood, lost] = await claimNotices(5, by('one'))
  if (stood === undefined || lost === undefined) throw new Error('nothing was claimed')
  await intendNotice(stood, by('one'))

  await withdrawNotice(stood, by('one'))
  await withdrawNotice(lost, by('one'))

  expect((await claimNotices(5, by('two'))).map(({ id }) => id)).toEqual(ids)
})

test('one that ran out is not sent, and one of a copied database is left to be asked for again', async () => {
  const old = await askFor(store, 'alice', { now: store.now() - 100_000, validMs: 50_000 })
  expect(await claimNotices(5, by('one'))).toEqual([])
  expect(await giveUp([])).toMatchObject({ expired: 1 })
  expect(await readNotice(store, old)).toMatchObject({ state: 'failed', reason: 'expired' })

  const waiting = await askFor(store, 'dora')
  expect(await dropWaiting(store.db.query, store.now)).toBe(1)
  expect(await readNotice(store, waiting)).toMatchObject({ state: 'failed', reason: 'copied database' })
})
