/** Mail that comes back, from the wire or out of a mailbox, to what it changes. */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { probeCommit } from '../../src/db/probe-commit.js'
import { signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import { honourReaders } from '../../src/send/evidence.js'
import { findSend } from '../../src/send/send.js'
import { readDeliveredTo } from '../../src/smtp/delivered-to.js'
import { openMailFolder } from '../../src/smtp/mail-folder.js'
import type { Mailbox } from '../../src/smtp/mailbox.js'
import { openReturnListener } from '../../src/smtp/return-listener.js'
import { digestOf } from '../../src/track/feedback/digest.js'
import { tidyFeedback } from '../../src/track/feedback/tidy.js'
import { type RunningBounces, startBounces } from '../../workers/bounces.js'
import { bounceBytes, namesOf } from '../rig/bounce-corpus.js'
import { dumpTables } from '../rig/dump.js'
import { openTestRoot, type TestRoot } from '../rig/engine.js'
import { readEvents, readReasons } from '../rig/feedback.js'
import { forgeBounces } from '../rig/forged-bounces.js'
import { takeDatabaseAway } from '../rig/outage.js'
import { type SeededSend, seedSend } from '../rig/seed.js'
import { type SmtpTalk, talkSmtp } from '../rig/smtp-talk.js'

const SECRET = 'a secret of the bounce tests with more than 32 characters'
const RULES = { softBounces: { issues: 3, withinMs: 90 * 86_400_000 } }

let root: TestRoot
let store: Store
let send: SeededSend
const closers: (() => Promise<void> | void)[] = []

beforeEach(async () => {
  root = await openTestRoot({
    PRESSRUN_SECRET: SECRET,
    RETURN_PATH: 'bounces+*@example.com',
    COMPLAINTS: 'complaints@example.com',
    BOUNCES_LISTEN: '127.0.0.1:0',
  })
  store = await root.store()
  send = await seedSend(store.db.query, {
    deliveries: ['alice', 'bob', 'dora', 'erin'].map((who) => ({ who })),
  })
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  await root.close()
})

function id(who: string): number {
  return send.deliveries[who] ?? 0
}

function returnPath(who: string): string {
  return `bounces+${signToken(store.keys, 'return', id(who))}@example.com`
}

/** A report of the corpus on that person's Message. */
function report(name: string, who: string): Buffer {
  const address = `${who}@example.com`
  return bounceBytes(name, namesOf(store.keys, id(who)), {
    'bob@example.net': address,
    'bob@gmail.test': address,
    'erin@example.org': address,
  })
}

async function verdicts(): Promise<readonly string[]> {
  const rows = await store.db.query.selectFrom('feedback').select('verdict').orderBy('id').execute()
  return rows.map(({ verdict }) => verdict)
}

function worker(mailboxes: readonly Mailbox[] = [], { log = openLog('error') } = {}): RunningBounces {
  const { db, keys, now } = store
  const probe = () => probeCommit(db.query, now)
  const running = startBounces({
    db,
    keys,
    rules: RULES,
    mailboxes,
    isOpen: () => true,
    probe,
    log,
    now,
    readEveryMs: 20,
  })
  closers.push(running.close)
  return running
}

describe('the return path', () => {
  async function talkToEngine(): Promise<SmtpTalk> {
    const engine = await root.engine({ parts: ['bounces'] })
    const port = Number(engine.returnListens?.split(':').at(-1))
    const talk = await talkSmtp(port)
    closers.push(talk.end)
    return talk
  }

  test('V27: a report to a Token is recorded before it is answered, and suppresses its person alone', async () => {
    const talk = await talkToEngine()
    await talk.say('EHLO mx.example.net')

    expect(await talk.mail(returnPath('bob').toUpperCase(), report('postfix-unknown', 'bob'))).toMatch(
      /^250 /,
    )

    const bounced = (await readEvents(store.db)).filter(({ kind }) => kind === 'bounced')
    expect(bounced).toEqual([
      expect.objectContaining({ deliveryId: id('bob'), fault: 'hard', source: 'smtp' }),
    ])
    expect(await readReasons(store.db)).toEqual(['bounced'])
  })

  test('offers no login and no encryption, takes from nobody, and says how long a report may be', async () => {
    const talk = await talkToEngine()

    const offers = await talk.say('EHLO mx.example.net')

    expect(offers).toMatch(/^250[ -]SIZE 1048576\r?$/m)
    expect(offers).not.toMatch(/AUTH|STARTTLS/)
    expect(await talk.say('MAIL FROM:<a@example.net> SIZE=2000000')).toMatch(/^552 /)
    expect(await talk.say('MAIL FROM:<>')).toMatch(/^250 /)
  })

  test('knows its own Tokens and the address for complaints, and sends away who guesses', async () => {
    const talk = await talkToEngine()
    await talk.say('EHLO mx.example.net')
    await talk.say('MAIL FROM:<>')
    const token = signToken(store.keys, 'return', id('bob'))
    const wrong = [
      'editor@example.com',
      'bounces@example.com',
      `bounces+${token}@example.org`,
      `bounces+${token.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'))}@example.com`,
      `bounces+${signToken(store.keys, 'read', id('bob'))}@example.com`,
    ]

    expect(await talk.say('RCPT TO:<Complaints@Example.com>')).toMatch(/^250 /)
    for (const address of wrong)
      expect(await talk.say(`RCPT TO:<${address}>`)).toBe('550 5.1.1 no such return path')
    const rest: string[] = []
    for (let index = 0; index < 8; index++) rest.push(await talk.say('RCPT TO:<guess@example.com>'))
    expect(rest).toContain('421 4.7.0 too many unknown recipients')
  })

  test('V37: what is too long is refused when it has come, and the next one is taken', async () => {
    const talk = await talkToEngine()
    await talk.say('EHLO mx.example.net')
    const before = await dumpTables(store.db.query)
    const long = Buffer.concat([report('postfix-unknown', 'bob'), Buffer.alloc(1_200_000, 'no line ends')])

    expect(await talk.mail(returnPath('bob'), long)).toMatch(/^552 /)
    expect(await dumpTables(store.db.query)).toBe(before)

    expect(await talk.mail(returnPath('bob'), report('postfix-unknown', 'bob'))).toMatch(/^250 /)
    expect(await verdicts()).toEqual(['hard'])
  })

  test('while the database is away a report is asked to come again, and is then taken', async () => {
    const engine = await root.engine({ parts: ['bounces'] })
    const talk = await talkSmtp(Number(engine.returnListens?.split(':').at(-1)))
    closers.push(talk.end)
    await talk.say('EHLO mx.example.net')
    const giveBack = await takeDatabaseAway(engine.store.db, root.config.databaseUrl)

    expect(await talk.mail(returnPath('bob'), report('postfix-unknown', 'bob'))).toMatch(/^451 /)

    await giveBack()
    await vi.waitFor(
      async () =>
        expect(await talk.mail(returnPath('bob'), report('postfix-unknown', 'bob'))).toMatch(/^250 /),
      {
        timeout: 10_000,
        interval: 100,
      },
    )
    expect(await verdicts()).toEqual(['hard'])
  })

  test('what the database never takes is not answered as if it had', async () => {
    const address = returnPath('bob')
    const bytes = report('postfix-unknown', 'bob')
    await refuseDigest(digestOf(bytes, [address]))
    const { take } = worker([], { log: openLog('silent') })
    const listener = await openReturnListener({
      host: '127.0.0.1',
      port: 0,
      accepts: (given) => given === address,
      isOpen: () => true,
      take,
      log: openLog('silent'),
    })
    closers.push(listener.close)
    const talk = await talkSmtp(listener.port)
    closers.push(talk.end)
    await talk.say('EHLO mx.example.net')

    const replies = []
    for (let time = 0; time < 3; time++) replies.push((await talk.mail(address, bytes)).slice(0, 3))

    expect(replies).toEqual(['451', '451', '554'])
    expect(await verdicts()).toEqual([])
  })

  test('V29: a complaint to the address for complaints is known by our headers inside it', async () => {
    const talk = await talkToEngine()
    await talk.say('EHLO mx.example.net')

    expect(await talk.mail('complaints@example.com', report('arf-redacted', 'erin'))).toMatch(/^250 /)

    expect(await readReasons(store.db)).toEqual(['reported'])
    expect(await verdicts()).toEqual(['complained'])
  })

  test('V28: an auto-reply and a delay are no bounce', async () => {
    const talk = await talkToEngine()
    await talk.say('EHLO mx.example.net')

    for (const name of ['auto-reply-outlook', 'auto-reply-german', 'postfix-delayed', 'exim-delayed'])
      expect(await talk.mail(returnPath('dora'), report(name, 'dora'))).toMatch(/^250 /)

    expect(await verdicts()).toEqual(['nothing', 'nothing', 'nothing', 'nothing'])
    expect(await readEvents(store.db)).toEqual([])
    expect(await readReasons(store.db)).toEqual([])
  })
})

describe('a folder', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pressrun-maildir-'))
    closers.unshift(() => rmSync(folder, { recursive: true, force: true }))
  })

  function maildir(): Mailbox {
    for (const part of ['new', 'cur', 'tmp']) mkdirSync(path.join(folder, part), { recursive: true })
    return openMailFolder({ kind: 'maildir', name: 'maildir', path: folder })
  }

  function files(part: string): readonly string[] {
    return existsSync(path.join(folder, part)) ? readdirSync(path.join(folder, part)).sort() : []
  }

  async function untilEmpty(part: string): Promise<void> {
    await vi.waitFor(
      () => expect(files(part).filter((name) => !/^(done|kept|aside)$/.test(name))).toEqual([]),
      {
        timeout: 20_000,
        interval: 20,
      },
    )
  }

  test('of a maildir what is ours is seen, all else stays unseen, and nothing stays new', async () => {
    const mailbox = maildir()
    writeFileSync(path.join(folder, 'new', '1.mx'), report('postfix-unknown', 'bob'))
    writeFileSync(path.join(folder, 'new', '2.mx'), 'Subject: hello\n\nA letter to the editor\n')
    writeFileSync(path.join(folder, 'new', '3.mx'), report('arf-abuse', 'erin'))

    worker([mailbox])
    await untilEmpty('new')

    expect(files('cur')).toEqual(['1.mx:2,S', '2.mx:2,', '3.mx:2,S'])
    expect(await verdicts()).toEqual(['hard', 'unknown', 'complained'])
    expect([...(await readReasons(store.db))].sort()).toEqual(['bounced', 'complained'])
  })

  test('of .eml files what is done lies in done/, and a link to another file is left alone', async () => {
    const mailbox = openMailFolder({ kind: 'folder', name: 'folder', path: folder })
    writeFileSync(path.join(folder, 'a.eml'), report('gmail-unknown', 'bob'))
    writeFileSync(path.join(folder, 'b.eml'), 'Subject: hello\n\nA letter\n')
    writeFileSync(path.join(folder, 'notes.txt'), 'not a mail')
    symlinkSync('/etc/passwd', path.join(folder, 'c.eml'))

    worker([mailbox])
    await vi.waitFor(() => expect([files('done'), files('kept')]).toEqual([['a.eml'], ['b.eml']]))

    expect(files('.')).toContain('c.eml')
    expect(files('.')).toContain('notes.txt')
    expect(await verdicts()).toEqual(['hard', 'unknown'])
  })

  test('V37: 50 MB, without a line end, is looked at as far as a report goes, and the next one is handled', async () => {
    const mailbox = maildir()
    writeFileSync(path.join(folder, 'new', '1.mx'), Buffer.alloc(50_000_000, 'x'))
    writeFileSync(path.join(folder, 'new', '2.mx'), report('exim-unknown', 'bob'))
    const before = process.memoryUsage.rss()

    worker([mailbox])
    await untilEmpty('new')

    expect(await verdicts()).toEqual(['unknown', 'hard'])
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
  })

  test('the same mail ten times, before two workers at once, is one Event', async () => {
    const mailbox = maildir()
    const bytes = report('postfix-unknown', 'bob')
    for (let copy = 0; copy < 10; copy++) writeFileSync(path.join(folder, 'new', `${copy}.mx`), bytes)

    worker([mailbox])
    worker([openMailFolder({ kind: 'maildir', name: 'the same', path: folder })])
    await untilEmpty('new')

    expect((await readEvents(store.db)).map(({ kind }) => kind)).toEqual(['bounced', 'suppressed'])
    expect(await verdicts()).toEqual(['hard'])
    expect(files('cur')).toHaveLength(10)
  })

  test('a mail that the database refuses is tried again, then set aside, and holds up no other', async () => {
    const mailbox = maildir()
    const bytes = report('postfix-unknown', 'dora')
    writeFileSync(path.join(folder, 'new', '1.mx'), bytes)
    writeFileSync(path.join(folder, 'new', '2.mx'), report('postfix-unknown', 'bob'))
    await refuseDigest(digestOf(bytes, readDeliveredTo(bytes)))

    worker([mailbox], { log: openLog('silent') })
    await untilEmpty('new')

    expect(files('cur')).toEqual(['1.mx:2,F', '2.mx:2,S'])
    expect(await verdicts()).toEqual(['hard'])
  })

  test('while the database takes nothing, nothing is set aside', async () => {
    const mailbox = maildir()
    writeFileSync(path.join(folder, 'new', '1.mx'), report('postfix-unknown', 'bob'))
    const giveBack = await takeDatabaseAway(store.db, root.config.databaseUrl)
    const { take } = worker([], { log: openLog('silent') })
    const stop = AbortSignal.timeout(60_000)

    for (let pass = 0; pass < 5; pass++) await expect(mailbox.readAll(take, stop)).rejects.toThrow()
    expect(files('new')).toEqual(['1.mx'])

    await giveBack()
    await vi.waitFor(() => mailbox.readAll(take, stop), { timeout: 10_000, interval: 100 })
    expect(files('cur')).toEqual(['1.mx:2,S'])
  })
})

/** From now on the database refuses this one row. */
async function refuseDigest(digest: string): Promise<void> {
  const { query, engine } = store.db
  if (engine === 'postgres')
    await sql`alter table feedback add constraint refused check (digest <> ${sql.lit(digest)})`.execute(query)
  else
    await sql`create trigger refused before insert on feedback when new.digest = ${sql.lit(digest)}
      begin select raise(abort, 'refused'); end`.execute(query)
}

test('complaints about a Send under way pause it, and that one alone', { timeout: 60_000 }, async () => {
  const people = Array.from({ length: 1_000 }, (_, index) => `reader${index}`)
  const running = await seedSend(store.db.query, {
    deliveries: people.map((who) => ({ who })),
    issue: { slug: 'running' },
  })
  const engine = await root.engine({ parts: ['bounces'], bounces: { guardEveryMs: 50 } })
  const talk = await talkSmtp(Number(engine.returnListens?.split(':').at(-1)))
  closers.push(talk.end)
  await talk.say('EHLO fbl.example.net')

  for (const who of people.slice(0, 3)) {
    const bytes = bounceBytes('arf-abuse', namesOf(store.keys, running.deliveries[who] ?? 0))
    expect(await talk.mail('complaints@example.com', bytes)).toMatch(/^250 /)
  }

  await vi.waitFor(
    async () => {
      const { state, reason } = await findSend(store.db.query, running.sendId)
      expect([state, reason]).toEqual([
        'paused',
        expect.stringMatching(/^3 of 1,000 readers reported it as spam/),
      ])
    },
    { timeout: 20_000, interval: 50 },
  )
  // The Send of the others goes on.
  expect((await findSend(store.db.query, send.sendId)).state).toBe('sending')
})

test('1,000 forged reports change nothing', { timeout: 120_000 }, async () => {
  const { take } = worker()
  const before = await dumpTables(store.db.query, ['feedback'])
  const forged = forgeBounces(1_000, {
    secret: SECRET,
    deliveryIds: Object.values(send.deliveries),
    address: 'bob@example.com',
    seed: 7,
  })

  const disposals = new Map<string, string>()
  for (const { label, bytes, envelopeTo } of forged)
    disposals.set(label, await take({ source: 'smtp', bytes, envelopeTo, envelope: null }))

  expect([...disposals].filter(([, disposal]) => disposal !== 'kept')).toEqual([])
  expect(await dumpTables(store.db.query, ['feedback'])).toBe(before)
})

test('a report that is faster than the 250 it answers: sent, and bounced later; uncertain, and known after all', async () => {
  const { query } = store.db
  const later = await seedSend(query, {
    deliveries: [
      { who: 'bob', state: 'sending' },
      { who: 'dora', state: 'sending' },
    ],
    issue: { slug: 'later' },
  })
  const { take } = worker()
  for (const who of ['bob', 'dora']) {
    const names = namesOf(store.keys, later.deliveries[who] ?? 0)
    const bytes = bounceBytes('postfix-unknown', names, { 'bob@example.net': `${who}@example.com` })
    await take({ source: 'smtp', bytes, envelopeTo: [], envelope: null })
  }

  // Of the one the reply comes, of the other it never does.
  const end = (who: string, state: 'sent' | 'uncertain') =>
    query
      .updateTable('delivery')
      .set({ state })
      .where('id', '=', later.deliveries[who] ?? 0)
      .execute()
  await end('bob', 'sent')
  await end('dora', 'uncertain')
  await honourReaders({ query, now: store.now })
  const { settled } = await tidyFeedback({ query, keys: store.keys, rules: RULES, now: store.now })

  expect(settled).toBe(1)
  const states = await query
    .selectFrom('delivery')
    .select('state')
    .where('send_id', '=', later.sendId)
    .orderBy('id')
    .execute()
  expect(states.map(({ state }) => state)).toEqual(['sent', 'bounced'])
})
