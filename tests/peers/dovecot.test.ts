/** Mailboxes of a real server: IMAP and POP3 by Dovecot, with TLS by a certificate of its own and without it on this machine. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { probeCommit } from '../../src/db/probe-commit.js'
import { openLog } from '../../src/log.js'
import type { Mailbox } from '../../src/smtp/mailbox.js'
import { readMailboxUrls } from '../../src/smtp/mailbox-url.js'
import { openMailbox } from '../../src/smtp/open-mailbox.js'
import { startBounces } from '../../workers/bounces.js'
import { bounceBytes, namesOf } from '../rig/bounce-corpus.js'
import { openTestDb } from '../rig/database.js'
import { type Dovecot, dovecotAilment, startDovecot } from '../rig/dovecot.js'
import { KEYS, readReasons } from '../rig/feedback.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const PASSWORD = 'a pass:word/with@signs'

const ailment = dovecotAilment()
if (ailment !== null) console.warn(`the tests with a real Dovecot are left out: ${ailment}`)

describe.skipIf(ailment !== null)('a real Dovecot', () => {
  let dovecot: Dovecot
  let db: Db
  let send: SeededSend
  const closers: (() => Promise<void>)[] = []
  let serial = 0
  /** Each test has an inbox that is as the one before left it; its own mails have names of their own. */
  let mine: readonly string[] = []

  beforeAll(async () => {
    dovecot = await startDovecot({ user: 'back', password: PASSWORD })
  })

  afterAll(() => dovecot?.stop())

  beforeEach(async () => {
    db = await openTestDb()
    send = await seedSend(db.query, { deliveries: ['alice', 'bob', 'erin'].map((who) => ({ who })) })
    serial++
    mine = [1, 2, 3, 4].map((number) => `${serial}.${number}.mx`)
  })

  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
    await db.close()
  })

  function report(name: string, who: string): Buffer {
    const addresses = { 'bob@example.net': `${who}@example.com` }
    return bounceBytes(name, namesOf(KEYS, send.deliveries[who] ?? 0), addresses)
  }

  function mailbox(scheme: 'imap' | 'imaps' | 'pop3' | 'pop3s', password = PASSWORD): Mailbox {
    const ca = scheme.endsWith('s') ? `?ca=${dovecot.caFile}` : ''
    const login = `back:${encodeURIComponent(password)}`
    const [settings] = readMailboxUrls(`${scheme}://${login}@localhost:${dovecot.ports[scheme]}${ca}`)
    if (settings === undefined) throw new Error('no mailbox')
    return openMailbox(settings)
  }

  function worker(box: Mailbox): void {
    const running = startBounces({
      db,
      keys: KEYS,
      rules: { softBounces: null },
      mailboxes: [box],
      isOpen: () => true,
      probe: () => probeCommit(db.query, Date.now),
      log: openLog('warn'),
      now: Date.now,
      readEveryMs: 50,
    })
    closers.push(running.close)
  }

  /** A bounce, a letter, a complaint with lines that begin with a dot, and one that is too long for a report. */
  function putFour(): void {
    const [bounce = '', letter = '', complaint = '', long = ''] = mine
    dovecot.put(bounce, report('postfix-unknown', 'bob'))
    dovecot.put(letter, 'Subject: hello\n\nA letter\n')
    dovecot.put(
      complaint,
      Buffer.concat([report('arf-abuse', 'erin'), Buffer.from('..\r\n.hidden\r\n.\r\n')]),
    )
    dovecot.put(long, `Subject: long\n\n${'a line\n'.repeat(300_000)}`)
  }

  function names(): readonly string[] {
    return dovecot.lying().filter((name) => name.startsWith(`${serial}.`))
  }

  async function untilTaken(): Promise<void> {
    await vi.waitFor(
      async () => expect([...(await readReasons(db))].sort()).toEqual(['bounced', 'complained']),
      {
        timeout: 30_000,
        interval: 50,
      },
    )
  }

  test.each(['imap', 'imaps'] as const)(
    '%s: what is ours is seen, all else stays unseen and is looked at once',
    async (scheme) => {
      putFour()

      worker(mailbox(scheme))
      await untilTaken()

      const [bounce, letter, complaint, long] = mine
      await vi.waitFor(
        () => expect(names()).toEqual([`${bounce}:2,S`, `${letter}:2,`, `${complaint}:2,S`, `${long}:2,`]),
        { timeout: 20_000, interval: 50 },
      )
      await vi.waitFor(
        async () => {
          const kept = await db.query
            .selectFrom('feedback')
            .select('id')
            .where('verdict', '=', 'unknown')
            .execute()
          expect(kept.length).toBeGreaterThanOrEqual(2)
        },
        { timeout: 20_000, interval: 50 },
      )
    },
  )

  test.each(['pop3', 'pop3s'] as const)('%s: what is ours is deleted, all else stays', async (scheme) => {
    putFour()

    worker(mailbox(scheme))
    await untilTaken()

    const [, letter, , long] = mine
    await vi.waitFor(
      () => expect(names().map((name) => name.replace(/:2,.*$/, ''))).toEqual([letter, long]),
      {
        timeout: 20_000,
        interval: 50,
      },
    )
  })

  test.each(['imap', 'pop3'] as const)(
    '%s: what could not be recorded stays as it is, and is taken the next time',
    async (scheme) => {
      const [bounce = ''] = mine
      dovecot.put(bounce, report('postfix-unknown', 'bob'))
      const box = mailbox(scheme)
      const stop = new AbortController().signal

      await expect(
        box.readAll(async () => {
          throw new Error('the database is away')
        }, stop),
      ).rejects.toThrow('the database is away')
      expect(names()).toHaveLength(1)
      expect(names()[0]).not.toMatch(/S$/)

      const seen: string[] = []
      await box.readAll(async ({ bytes }) => {
        seen.push(Buffer.from(bytes).toString('latin1'))
        return 'done'
      }, stop)
      expect(seen.some((text) => text === report('postfix-unknown', 'bob').toString('latin1'))).toBe(true)
    },
  )

  test.each(['imap', 'imaps', 'pop3', 'pop3s'] as const)(
    '%s: a wrong password is said, without it',
    async (scheme) => {
      const reading = mailbox(scheme, 'hunter2').readAll(async () => 'done', new AbortController().signal)

      const error = await reading.then(
        () => null,
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(Error)
      expect(String(error)).not.toContain('hunter2')
    },
  )

  test.each(['imaps', 'pop3s'] as const)(
    '%s: a certificate that nobody vouches for is refused',
    async (scheme) => {
      const [settings] = readMailboxUrls(`${scheme}://back:x@localhost:${dovecot.ports[scheme]}`)
      if (settings === undefined) throw new Error('no mailbox')

      await expect(
        openMailbox(settings).readAll(async () => 'done', new AbortController().signal),
      ).rejects.toThrow(/certificate/)
    },
  )
})
