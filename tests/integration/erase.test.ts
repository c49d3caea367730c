/** Erasure: no address stays anywhere, whatever is under way at that moment; the numbers do. */

import { Readable } from 'node:stream'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { importSubscribers } from '../../src/audience/import.js'
import { eraseAddress } from '../../src/commands/subscribers-rights.js'
import { hashAddress, signToken } from '../../src/link/token.js'
import { readReport } from '../../src/report/report.js'
import { excludePeople } from '../../src/send/exclude.js'
import { intendNotice, recordNotice } from '../../src/send/notice/attempt.js'
import { claimNotices } from '../../src/send/notice/claim.js'
import { createNotice, findNotice } from '../../src/send/notice/notice.js'
import { replayLines } from '../../src/send/outcome-line.js'
import { verifySend } from '../../src/send/verify.js'
import { erase } from '../../src/track/erase.js'
import { eraseRest } from '../../src/track/erase-rest.js'
import { recordSignUp } from '../../src/track/sign-up.js'
import {
  compilation,
  countStates,
  freeze,
  openTestRoot,
  subscribe,
  type TestRoot,
  untilFinished,
} from '../rig/engine.js'
import { people } from '../rig/people.js'
import { type Moment, type ScriptedSmtp, startScriptedSmtp } from '../rig/scripted-smtp.js'
import { filesWith, tablesWith } from '../rig/traces.js'

let root: TestRoot
let store: Store
let relay: ScriptedSmtp | null = null

beforeEach(async () => {
  root = await openTestRoot({ PRESSRUN_SECRET: 'a secret of the erasure test with 32 characters' })
  store = await root.store()
})

afterEach(async () => {
  await root.close()
  await relay?.stop()
  relay = null
})

async function idOf(address: string): Promise<number> {
  const row = await store.db.query
    .selectFrom('subscriber')
    .select('id')
    .where('address_key', '=', address)
    .executeTakeFirstOrThrow()
  return row.id
}

function forget(subscriberId: number) {
  return erase(store.db, { subscriberId, how: 'notice', keys: store.keys, now: Date.now() })
}

function importCsv(lines: readonly string[]) {
  return importSubscribers(
    {
      file: 'people.csv',
      open: () => Readable.from([Buffer.from(`address,name\n${lines.join('\n')}\n`)]),
      listName: 'news',
      missingList: 'create',
      mode: 'add',
      how: 'write',
      encoding: null,
      map: new Map(),
      from: null,
      attributes: [],
    },
    { db: store.db, keys: store.keys, now: Date.now, exclude: excludePeople },
  )
}

const suppressions = () => store.db.query.selectFrom('suppression').selectAll().orderBy('reason').execute()

describe('in the middle of a Send', () => {
  const gone = [
    'zerafina@example.org',
    'bobolink@example.org',
    'doramunde@example.org',
    'waitling@example.org',
  ]
  const [held, bounced, deferred, waiting] = gone as [string, string, string, string]

  /** Names whoever it refuses; keeps the first one waiting until the gate opens. */
  async function startRelay(gate: Promise<void>): Promise<{ readonly isHeld: () => boolean }> {
    const on = new Map<number, string>()
    let isHeld = false
    const act = ({ phase, line, connection }: Moment) => {
      if (phase === 'RCPT') on.set(connection, /<([^>]*)>/.exec(line)?.[1] ?? '')
      const to = on.get(connection) ?? ''
      if (phase !== 'DOT') return null
      if (to === held) {
        isHeld = true
        return { say: [`550 5.1.6 <${to}> has moved on`], after: gate }
      }
      if (to === bounced) return { say: [`550 5.1.1 <${to}> is not known here`] }
      if (to === deferred) return { say: [`451 4.2.0 <${to}> greylisted`] }
      return { say: [`250 2.0.0 kept for ${to}`] }
    }
    relay = await startScriptedSmtp({ act })
    return { isHeld: () => isHeld }
  }

  test('no address stays in tables, files, Redis or the log, nor after a restart; the numbers do', async () => {
    let open = () => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const { isHeld } = await startRelay(gate)
    const logged: string[] = []
    const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
    const listId = await subscribe(store, 'news', [...gone.slice(0, 3), ...people(12)])
    const created = await freeze(store, listId)
    if (created.kind !== 'created') throw new Error(created.kind)
    const { sendId } = created
    const env = {
      SMTP_URL: `${relay?.url}/?maxConnections=3`,
      PUBLIC_URL: 'http://127.0.0.1:4321',
      RETRY_SCHEDULE: '1h',
    }
    const engine = await root.engine({ log, env })
    await vi.waitFor(
      async () => {
        expect(isHeld()).toBe(true)
        expect(await countStates(store, sendId)).toMatchObject({
          sending: 1,
          bounced: 1,
          deferred: 1,
          sent: 12,
        })
      },
      { timeout: 30_000 },
    )
    // Another one, who waits for their first Issue, has asked for things and is known from a file.
    await subscribe(store, 'news', [waiting])
    const before = await readReport(store.db.query, sendId)

    for (const address of gone) expect(await forget(await idOf(address))).not.toBeNull()
    open()
    await untilFinished(store, sendId)
    await vi.waitFor(
      async () => {
        const rows = await store.db.query.selectFrom('erasure').select('done_at').execute()
        expect(rows).toHaveLength(4)
        expect(rows.every(({ done_at }) => done_at !== null)).toBe(true)
      },
      { timeout: 20_000 },
    )

    const expectNoTrace = async () => {
      for (const address of gone) {
        const name = address.slice(0, address.indexOf('@'))
        expect([name, await tablesWith(store.db.query, name)]).toEqual([name, []])
        expect([name, filesWith(root.config.dataDir, name)]).toEqual([name, []])
        expect([name, logged.filter((line) => line.includes(name))]).toEqual([name, []])
      }
    }
    await expectNoTrace()
    expect(await countStates(store, sendId)).toEqual({ sent: 12, bounced: 2, excluded: 1 })
    const after = await readReport(store.db.query, sendId)
    expect(after.audience).toBe(before.audience)
    expect(after.reasons).toContainEqual({ state: 'bounced', reason: '550 5.1.1', count: 1 })
    expect(after.reasons).toContainEqual({ state: 'bounced', reason: '550 5.1.6', count: 1 })
    expect(after.reasons).toContainEqual({ state: 'excluded', reason: 'erased', count: 1 })
    expect(await verifySend(sendId, { query: store.db.query, keys: store.keys })).toMatchObject({
      isClean: true,
    })
    expect((await suppressions()).map(({ reason }) => reason)).toEqual([
      'bounced',
      'erased',
      'erased',
      'erased',
    ])

    await engine.close()
    await root.engine({ log, env })
    await expectNoTrace()
  }, 60_000)

  test('an outcome that an engine left in its file says nothing of them any more', async () => {
    const listId = await subscribe(store, 'news', [held])
    const created = await freeze(store, listId)
    if (created.kind !== 'created') throw new Error(created.kind)
    const { query } = store.db
    const { id } = await query.selectFrom('delivery').select('id').executeTakeFirstOrThrow()
    await query
      .updateTable('delivery')
      .set({ state: 'uncertain', attempt: 1, reason: 'no reply on record' })
      .execute()
    await query
      .insertInto('attempt')
      .values({
        delivery_id: id,
        number: 1,
        send_id: created.sendId,
        relay: 'smtp://relay',
        fence: 1,
        owner: 'gone',
        intended_at: Date.now() - 86_400_000,
      } as never)
      .execute()
    await forget(await idOf(held))
    await eraseRest({ query, now: Date.now, wireTimeoutMs: 60_000 })
    const outcomes = [
      { kind: 'uncertain', text: `nothing of ${held}` },
      { kind: 'bounced', code: 550, text: `550 5.1.1 <${held}> is not known` },
    ]

    for (const outcome of outcomes) {
      const line = JSON.stringify({ send: created.sendId, delivery: id, attempt: 1, outcome })
      const retry = { scheduleMs: [1_000], random: () => 0 }
      const context = { query, keys: store.keys, owner: 'next', retry, now: Date.now }
      expect(await replayLines([line], context)).toEqual({ committed: 1, unreadable: 0 })
      expect(await tablesWith(query, 'zerafina')).toEqual([])
    }

    expect(await query.selectFrom('delivery').select(['state', 'reply_text']).execute()).toEqual([
      { state: 'bounced', reply_text: '550 5.1.1 ' },
    ])
  })
})

test('all that was known of a person goes with them, and nothing of anyone else', async () => {
  const { query } = store.db
  await subscribe(store, 'news', ['Zerafina@example.org'.toLowerCase(), 'other@example.org'])
  const id = await idOf('zerafina@example.org')
  const other = await idOf('other@example.org')
  for (const subscriberId of [id, other]) {
    const whose = subscriberId === id ? 'zerafina' : 'other'
    await query
      .updateTable('subscriber')
      .set({ attributes: `{"town":"${whose} town"}`, lang: 'de' })
      .where('id', '=', subscriberId)
      .execute()
    await query
      .insertInto('tag')
      .values({ subscriber_id: subscriberId, name: `${whose} tag` })
      .execute()
    await createNotice(query, {
      kind: 'moveTo',
      address: `${whose}.new@example.net`,
      addressHash: hashAddress(store.keys, `${whose}.new@example.net`),
      name: whose,
      lang: 'en',
      subscriberId,
      detail: { oldAddressMasked: whose },
      now: Date.now(),
      validMs: 1_000_000,
    })
    await query
      .insertInto('issue')
      .values({ slug: `of-${whose.length}`, created_at: 1 })
      .execute()
    const issue = await query.selectFrom('issue').select('id').executeTakeFirstOrThrow()
    await query
      .insertInto('comment')
      .values({
        issue_id: issue.id,
        subscriber_id: subscriberId,
        name: whose,
        text: `by ${whose}`,
        state: 'shown',
        at: 1,
      })
      .execute()
    await query
      .insertInto('event')
      .values({
        kind: 'subscribed',
        at: 1,
        subscriber_id: subscriberId,
        list_id: 1,
        detail: `{"how":"import","file":"${whose}.csv","line":2}`,
      } as never)
      .execute()
    await recordSignUp(query, {
      listId: 1,
      address: `${whose.toUpperCase()}@Example.ORG`,
      name: '',
      lang: 'en',
      network: '',
      userAgent: '',
      from: 'page',
      page: '',
      now: 1,
    })
  }

  await forget(id)
  await eraseRest({ query, now: Date.now, wireTimeoutMs: 60_000 })

  expect(await tablesWith(query, 'zerafina')).toEqual([])
  expect(await tablesWith(query, 'other')).toEqual(
    ['comment', 'event', 'notice', 'sign_up', 'subscriber', 'tag'].sort(),
  )
  expect(await query.selectFrom('erasure').select('done_at').execute()).not.toEqual([{ done_at: null }])
  expect(await suppressions()).toMatchObject([
    { address_hash: hashAddress(store.keys, 'zerafina@example.org'), reason: 'erased' },
  ])
  expect(
    await query
      .selectFrom('event')
      .select(['kind', 'detail'])
      .where('subscriber_id', '=', id)
      .orderBy('id')
      .execute(),
  ).toEqual([
    { kind: 'subscribed', detail: '{"how":"import"}' },
    { kind: 'erased', detail: '{"how":"notice"}' },
  ])
})

describe('of somebody who only asked to be subscribed', () => {
  const stranger = 'zerafina@example.org'
  const askedFor = (address: string) =>
    createNotice(store.db.query, {
      kind: 'confirm',
      address,
      addressHash: hashAddress(store.keys, address),
      name: 'Zerafina',
      lang: 'en',
      listId: 1,
      detail: { network: '192.0.2.0/24' },
      now: Date.now(),
      validMs: 1_000_000,
    })
  const eraseByLetter = () =>
    eraseAddress({
      address: stranger,
      wireTimeoutMs: 60_000,
      db: store.db,
      keys: store.keys,
      now: Date.now,
    })

  test('their address leaves the tables and the files at once', async () => {
    await subscribe(store, 'news', ['other@example.org'])
    await askedFor(stranger)
    await recordSignUp(store.db.query, {
      listId: 1,
      address: stranger,
      name: '',
      lang: 'en',
      network: '',
      userAgent: '',
      from: 'page',
      page: '',
      now: 1,
    })
    const bystander = await askedFor('someone@example.org')

    expect(await eraseByLetter()).toMatchObject({ isSubscriber: false, isDone: true })

    expect(await tablesWith(store.db.query, 'zerafina@')).toEqual([])
    if (store.db.engine === 'sqlite') expect(filesWith(root.config.dataDir, 'zerafina@')).toEqual([])
    expect(await findNotice(store.db.query, bystander, Date.now())).not.toBeNull()
    expect(await suppressions()).toEqual([])
  })

  test.each([
    { kind: 'bounced', code: 550, text: `550 5.1.1 <${stranger}> is not known` },
    { kind: 'uncertain', text: `421 nothing for ${stranger} today` },
  ] as const)('a reply that comes afterwards ($kind) names nobody', async (outcome) => {
    const { query } = store.db
    await subscribe(store, 'news', ['other@example.org'])
    const context = { query, owner: 'this process', now: Date.now }
    const id = await askedFor(stranger)
    expect(await claimNotices(1, context)).toMatchObject([{ id }])
    expect(await intendNotice({ id, attempt: 0 }, context)).toBe(true)

    // Done when nothing is on its way to them any more.
    expect(await eraseByLetter()).toMatchObject({ isSubscriber: false, isDone: false })
    await recordNotice({ id, attempt: 0 }, outcome, {
      ...context,
      retry: { scheduleMs: [1_000], random: () => 0 },
    })

    expect(await tablesWith(query, stranger)).toEqual([])
    expect(await query.selectFrom('notice').select('state').execute()).toEqual([{ state: outcome.kind }])
    // Long after: nothing more is waited for.
    expect(await eraseRest({ query, now: Date.now, wireTimeoutMs: 0 })).toBe(1)
    if (store.db.engine === 'sqlite') expect(filesWith(root.config.dataDir, stranger)).toEqual([])
  })
})

test('nobody is erased twice, nor by a Token of theirs afterwards', async () => {
  const listId = await subscribe(store, 'news', ['zerafina@example.org'])
  await freeze(store, listId)
  const id = await idOf('zerafina@example.org')
  const { id: deliveryId } = await store.db.query
    .selectFrom('delivery')
    .select('id')
    .executeTakeFirstOrThrow()

  const answers = await Promise.all([forget(id), forget(id), forget(id)])

  expect(answers.filter((answer) => answer !== null)).toEqual([{ excluded: 1 }])
  const engine = await root.engine({ parts: ['web'] })
  for (const path of ['/p/', '/u/'])
    expect((await fetch(`${engine.url}${path}${signToken(store.keys, 'leave', deliveryId)}`)).status).toBe(
      404,
    )
})

describe('and an import of the same address', () => {
  test('after it says suppressed', async () => {
    await subscribe(store, 'news', ['zerafina@example.org'])
    await forget(await idOf('zerafina@example.org'))

    expect(await importCsv(['zerafina@example.org,Z'])).toMatchObject({ added: 0, suppressed: 1 })
    expect(await tablesWith(store.db.query, 'zerafina')).toEqual([])
  })

  test('at the same moment never leaves them in', async () => {
    for (let round = 0; round < 5; round++) {
      const address = `zerafina${round}@example.org`
      await subscribe(store, 'news', [address])
      const id = await idOf(address)
      await Promise.all([importCsv([`${address},Z`, 'other@example.org,O']), forget(id)])
      const last = await importCsv([`${address},Z`])

      expect(last).toMatchObject({ suppressed: 1 })
      expect([round, await tablesWith(store.db.query, address)]).toEqual([round, []])
    }
  })
})

test('an address that they had before is not brought back either, unless it is another’s now', async () => {
  const listId = await subscribe(store, 'news', ['old@example.org', 'taken@example.org'])
  await freeze(store, listId)
  const [old, taken] = [await idOf('old@example.org'), await idOf('taken@example.org')]
  const { query } = store.db
  const move = (id: number, to: string) =>
    query
      .updateTable('subscriber')
      .set({ address: to, address_key: to, address_hash: null })
      .where('id', '=', id)
      .execute()
  await move(old, 'new@example.org')
  await move(taken, 'free@example.org')
  await subscribe(store, 'other', ['taken@example.org'])

  await forget(old)
  await forget(taken)

  expect((await suppressions()).map(({ address_hash }) => address_hash).sort()).toEqual(
    ['old@example.org', 'new@example.org', 'free@example.org']
      .map((key) => hashAddress(store.keys, key))
      .sort(),
  )
})

test('in a database of thousands nothing of them is left between the rows of others', async () => {
  if (store.db.engine === 'postgres') return
  const names = Array.from(
    { length: 3_000 },
    (_, index) => `${hashAddress(store.keys, String(index)).slice(0, 20)}x${index}`,
  )
  const listId = await subscribe(store, 'news', names.slice(0, 1_500))
  await freeze(store, listId)
  await subscribe(store, 'news', names.slice(1_500))
  await freeze(store, listId, compilation('2026-02-05-tides'))
  const gone = names.filter((_, index) => index % 50 === 7)
  // Rows that move about: others come, go and change between.
  for (let index = 0; index < names.length; index += 11)
    await store.db.query
      .updateTable('subscriber')
      .set({ name: 'n'.repeat(index % 200), attributes: JSON.stringify({ town: 't'.repeat(index % 700) }) })
      .where('address_key', '=', `${names[index]}@example.org`)
      .execute()

  for (const name of gone) await forget(await idOf(`${name}@example.org`))
  // The Sends are over: the next pass takes the last traces away.
  await store.db.query.updateTable('send').set({ state: 'finished' }).execute()
  const rest = { query: store.db.query, now: Date.now, wireTimeoutMs: 60_000 }
  await eraseRest(rest)
  await eraseRest(rest)

  const found = gone.filter((name) => filesWith(root.config.dataDir, name).length > 0)
  expect(found).toEqual([])
}, 60_000)
