/** Mail that a person should see: to the postmaster, and what nobody understands. Who sent it is kept with it, within bounds. */

import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import { readComingBack, readFeedbackOf } from '../../src/report/coming-back.js'
import { erase } from '../../src/track/erase.js'
import { forgetOldLetters } from '../../src/track/feedback/letters.js'
import { purgeFeedback } from '../../src/track/feedback/purge.js'
import { MAX_OF_NOBODY } from '../../src/track/feedback/surplus.js'
import { startBounces } from '../../workers/bounces.js'
import { bounceBytes, namesOf } from '../rig/bounce-corpus.js'
import { openTestRoot, type TestRoot } from '../rig/engine.js'
import { readReasons } from '../rig/feedback.js'
import { type SeededSend, seedSend } from '../rig/seed.js'
import { type SmtpTalk, talkSmtp } from '../rig/smtp-talk.js'

const SECRET = 'a secret of the postmaster tests with more than 32 characters'
const LETTER = Buffer.from('Subject: hello\r\n\r\nYour mail annoys me.\r\n')

let root: TestRoot
let store: Store
let send: SeededSend
let talk: SmtpTalk

beforeEach(async () => {
  root = await openTestRoot({
    PRESSRUN_SECRET: SECRET,
    RETURN_PATH: 'bounces+*@back.example.com',
    COMPLAINTS: 'complaints@example.com',
    BOUNCES_LISTEN: '127.0.0.1:0',
  })
  store = await root.store()
  send = await seedSend(store.db.query, { deliveries: [{ who: 'bob' }, { who: 'erin' }] })
  const engine = await root.engine({ parts: ['bounces'] })
  talk = await talkSmtp(Number(engine.returnListens?.split(':').at(-1)))
  await talk.say('EHLO mx.example.net')
})

afterEach(async () => {
  talk.end()
  await root.close()
})

function id(who: string): number {
  return send.deliveries[who] ?? 0
}

function report(name: string, who: string): Buffer {
  const address = `${who}@example.com`
  return bounceBytes(name, namesOf(store.keys, id(who)), { 'bob@example.net': address })
}

async function write(from: string, to: string, bytes: Uint8Array = LETTER): Promise<string> {
  await talk.say(`MAIL FROM:<${from}>`)
  const said = await talk.say(`RCPT TO:<${to}>`)
  if (!said.startsWith('250 ')) return said
  await talk.say('DATA')
  return talk.say(Buffer.concat([bytes, Buffer.from('.\r\n')]))
}

const readRows = () => store.db.query.selectFrom('feedback').selectAll().orderBy('id').execute()

describe('the postmaster', () => {
  test.each(['postmaster', 'PostMaster', 'postmaster@back.example.com', 'POSTMASTER@Example.COM'])(
    '%s is there, and what comes is kept with its envelope',
    async (to) => {
      expect(await write('carol@example.net', to)).toMatch(/^250 /)

      const { unknown } = await readComingBack({ query: store.db.query, now: store.now })
      expect(unknown).toMatchObject([{ verdict: 'unknown', from: 'carol@example.net', client: '127.0.0.1' }])
      const shown = await readFeedbackOf(store.db.query, unknown[0]?.id ?? 0)
      expect(shown).toMatchObject({ from: 'carol@example.net', text: LETTER.toString() })
    },
  )

  test('of other domains is none of ours', async () => {
    for (const to of ['postmaster@example.org', 'postmaster@com', 'postmaster2', 'postmaster@[127.0.0.1]'])
      expect(await write('', to)).toMatch(/^5[05][01] /)
  })

  test('takes a complaint by its Token, as the address for complaints does', async () => {
    expect(await write('', 'postmaster', report('arf-redacted', 'erin'))).toMatch(/^250 /)

    expect(await readReasons(store.db)).toEqual(['reported'])
  })

  test.each(['dmarc-digest', 'auto-reply-rfc3834', 'postfix-unknown'])(
    'is shown what is about no message of ours, whatever it is: %s',
    async (name) => {
      const strange = bounceBytes(name, namesOf(store.keys, 999_999))

      expect(await write('', 'postmaster', strange)).toMatch(/^250 /)

      expect(await readRows()).toMatchObject([{ verdict: 'unknown', delivery_id: null }])
      expect((await readRows())[0]?.bytes).not.toBeNull()
    },
  )
})

describe('of nobody', () => {
  /** Of today, as many as are kept. */
  async function flood(verdict: string): Promise<void> {
    const rows = Array.from({ length: MAX_OF_NOBODY }, (_, place) => ({
      digest: `${verdict} ${place}`,
      source: 'smtp',
      verdict,
      detail: JSON.stringify({ form: 'unknown', from: 'x@example.net', client: '192.0.2.7' }),
      bytes: verdict === 'unknown' ? LETTER : null,
      at: store.now(),
    }))
    for (let from = 0; from < rows.length; from += 500)
      await store.db.query
        .insertInto('feedback')
        .values(rows.slice(from, from + 500))
        .execute()
  }

  test('beyond a number a day nothing is kept, and it is asked to come again; what is ours is taken', async () => {
    await flood('unknown')
    await flood('unverified')

    expect(await write('carol@example.net', 'postmaster')).toMatch(/^451 /)
    const strange = bounceBytes('postfix-unknown', namesOf(store.keys, 999_999))
    expect(await write('', 'complaints@example.com', strange)).toMatch(/^451 /)
    expect(await readRows()).toHaveLength(2 * MAX_OF_NOBODY)

    const token = signToken(store.keys, 'return', id('bob'))
    expect(await write('', `bounces+${token}@back.example.com`, report('postfix-unknown', 'bob'))).toMatch(
      /^250 /,
    )
    expect(await readReasons(store.db)).toEqual(['bounced'])

    // The oldest is from a day before: there is room for one.
    const [{ id: oldest = 0 } = {}] = await readRows()
    const before = store.now() - 86_400_000
    await sql`update feedback set at = ${before} where id = ${oldest}`.execute(store.db.query)
    expect(await write('carol@example.net', 'postmaster')).toMatch(/^250 /)
    expect(await write('dora@example.net', 'postmaster', Buffer.from('\r\nmine too\r\n'))).toMatch(/^451 /)
  })

  test('what lies in a mailbox stays there', async () => {
    await flood('unknown')
    const { db, keys, now } = store
    const worker = startBounces({
      db,
      keys,
      rules: { softBounces: null },
      mailboxes: [],
      isOpen: () => true,
      probe: async () => {},
      log: openLog('silent'),
      now,
    })

    const disposal = await worker.take({ source: 'maildir', bytes: LETTER, envelopeTo: [], envelope: null })
    await worker.close()

    expect(disposal).toBe('kept')
    expect(await readRows()).toHaveLength(MAX_OF_NOBODY)
  })

  test('a flood is told of again and again, as long as it goes on', async () => {
    await flood('unknown')
    const said: string[] = []
    const { db, keys, now } = store
    const worker = startBounces({
      db,
      keys,
      rules: { softBounces: null },
      mailboxes: [],
      isOpen: () => true,
      probe: async () => {},
      log: openLog('warn', { write: (line) => said.push(line) }),
      now,
    })
    const clock = vi.useFakeTimers({ toFake: ['performance'] })
    try {
      for (let minute = 0; minute <= 20; minute += 5) {
        await worker.take({ source: 'maildir', bytes: LETTER, envelopeTo: [], envelope: null })
        clock.advanceTimersByTime(5 * 60_000)
      }
    } finally {
      clock.useRealTimers()
      await worker.close()
    }

    // At once, after ten minutes and after twenty.
    expect(said.filter((line) => line.includes('than is kept in a day'))).toHaveLength(3)
  })

  test('a flood of letters from strangers takes none from those who answer a message of ours', async () => {
    const token = signToken(store.keys, 'return', id('bob'))
    expect(await write('bob@example.com', `bounces+${token}@back.example.com`)).toMatch(/^250 /)
    await flood('unknown')

    await forgetOldLetters({ query: store.db.query, now: store.now })

    const [ours, ...strange] = await readRows()
    expect(ours).toMatchObject({ delivery_id: id('bob') })
    expect(ours?.bytes).not.toBeNull()
    const kept = strange.filter(({ bytes }) => bytes !== null)
    expect(kept).toHaveLength(1_000)
    const forgotten = strange.filter(({ bytes }) => bytes === null)
    expect(new Set(forgotten.map(({ detail }) => detail))).toEqual(new Set(['{}']))
  })
})

describe('who sent a letter', () => {
  test('is gone when its sender is erased, though only the envelope names them', async () => {
    await write('Bob@EXAMPLE.com', 'postmaster')
    await write('carol@example.net', 'complaints@example.com', Buffer.from('Subject: hi\r\n\r\nhi\r\n'))
    const { id: subscriberId } = await store.db.query
      .selectFrom('subscriber')
      .select('id')
      .where('address_key', '=', 'bob@example.com')
      .executeTakeFirstOrThrow()

    await erase(store.db, { subscriberId, how: 'command', keys: store.keys, now: store.now() })

    const rows = await readRows()
    expect(rows.map(({ detail, bytes }) => [detail, bytes === null])).toEqual([
      ['{}', true],
      [expect.stringContaining('carol@example.net'), false],
    ])
  })

  test('is gone with what they wrote when its time is over', async () => {
    await write('carol@example.net', 'postmaster')

    expect(await purgeFeedback(store.db.query, store.now() + 1)).toBe(1)

    expect(await readRows()).toMatchObject([{ detail: '{}', bytes: null }])
    const shown = await readFeedbackOf(store.db.query, (await readRows())[0]?.id ?? 0)
    expect(shown).toMatchObject({ from: null, client: null, said: '', text: null })
  })

  test('is not kept of what was understood, nor of anyone who was erased', async () => {
    const token = signToken(store.keys, 'return', id('bob'))
    await write('mx@example.net', `bounces+${token}@back.example.com`, report('postfix-full', 'bob'))
    await store.db.query.updateTable('delivery').set({ address: '' }).execute()
    await write('bob@example.com', `bounces+${token}@back.example.com`)

    const [understood = '', letter] = (await readRows()).map(({ detail }) => detail)
    expect(understood).not.toMatch(/mx@example\.net|127\.0\.0\.1/)
    expect(letter).toBe('{"form":"unknown"}')
  })
})
