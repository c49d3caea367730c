/** A root that asks for its bounces back, with a Send to Alice, Bob, Dora and Erin; and who reads what comes. */

import { sql } from 'kysely'
import type { Store } from '../../src/app/store.js'
import { probeCommit } from '../../src/db/probe-commit.js'
import { signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import type { Mailbox } from '../../src/smtp/mailbox.js'
import { type RunningBounces, startBounces } from '../../workers/bounces.js'
import { bounceBytes, namesOf } from './bounce-corpus.js'
import { openTestRoot, type TestRoot } from './engine.js'
import { type SeededSend, seedSend } from './seed.js'
import { type SmtpTalk, talkSmtp } from './smtp-talk.js'

export const SECRET = 'a secret of the bounce tests with more than 32 characters'
export const RULES = { softBounces: { issues: 3, withinMs: 90 * 86_400_000 } }

export interface BouncePlace {
  readonly root: TestRoot
  readonly store: Store
  readonly send: SeededSend
  /** What `close` ends, the last one first. */
  readonly closers: (() => Promise<void> | void)[]
  /** The Delivery of that person. */
  id(who: string): number
  returnPath(who: string): string
  /** A report of the corpus on that person's Message. */
  report(name: string, who: string): Buffer
  /** Of all that was taken, in order. */
  verdicts(): Promise<readonly string[]>
  /** A client of an engine's listener for what comes back; `options` are that engine's. */
  talkToEngine(options?: Parameters<TestRoot['engine']>[0]): Promise<SmtpTalk>
  worker(
    mailboxes?: readonly Mailbox[],
    options?: { readonly log?: ReturnType<typeof openLog> },
  ): RunningBounces
  /** From now on the database refuses this one report. */
  refuseDigest(digest: string): Promise<void>
  close(): Promise<void>
}

export async function openBouncePlace(): Promise<BouncePlace> {
  const root = await openTestRoot({
    PRESSRUN_SECRET: SECRET,
    RETURN_PATH: 'bounces+*@example.com',
    COMPLAINTS: 'complaints@example.com',
    BOUNCES_LISTEN: '127.0.0.1:0',
  })
  const store = await root.store()
  const { db, keys, now } = store
  const send = await seedSend(db.query, {
    deliveries: ['alice', 'bob', 'dora', 'erin'].map((who) => ({ who })),
  })
  const closers: BouncePlace['closers'] = []
  const id = (who: string) => send.deliveries[who] ?? 0
  return {
    root,
    store,
    send,
    closers,
    id,
    returnPath: (who) => `bounces+${signToken(keys, 'return', id(who))}@example.com`,
    report(name, who) {
      const address = `${who}@example.com`
      return bounceBytes(name, namesOf(keys, id(who)), {
        'bob@example.net': address,
        'bob@gmail.test': address,
        'erin@example.org': address,
      })
    },
    async verdicts() {
      const rows = await db.query.selectFrom('feedback').select('verdict').orderBy('id').execute()
      return rows.map(({ verdict }) => verdict)
    },
    async talkToEngine(options = {}) {
      const engine = await root.engine({ parts: ['bounces'], ...options })
      const talk = await talkSmtp(Number(engine.returnListens?.split(':').at(-1)))
      closers.push(talk.end)
      return talk
    },
    worker(mailboxes = [], { log = openLog('error') } = {}) {
      const running = startBounces({
        db,
        keys,
        rules: RULES,
        mailboxes,
        isOpen: () => true,
        probe: () => probeCommit(db.query, now),
        log,
        now,
        readEveryMs: 20,
      })
      closers.push(running.close)
      return running
    },
    refuseDigest: (digest) => refuseDigest(store, digest),
    async close() {
      for (const close of closers.splice(0).reverse()) await close()
      await root.close()
    },
  }
}

async function refuseDigest({ db: { query, engine } }: Store, digest: string): Promise<void> {
  if (engine === 'postgres')
    await sql`alter table feedback add constraint refused check (digest <> ${sql.lit(digest)})`.execute(query)
  else
    await sql`create trigger refused before insert on feedback when new.digest = ${sql.lit(digest)}
      begin select raise(abort, 'refused'); end`.execute(query)
}
