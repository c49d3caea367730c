/** The return path against whoever means ill: nothing falls over or grows, and an honest report that comes meanwhile is taken. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { signToken } from '../../src/link/token.js'
import { bounceBytes, namesOf } from '../rig/bounce-corpus.js'
import { openTestRoot, type TestRoot } from '../rig/engine.js'
import { readEvents, readReasons } from '../rig/feedback.js'
import { type SeededSend, seedSend } from '../rig/seed.js'
import { type SmtpTalk, talkSmtp } from '../rig/smtp-talk.js'

const MEGABYTE = 1_048_576

let root: TestRoot
let store: Store
let send: SeededSend
let port: number
const closers: (() => void)[] = []

beforeEach(async () => {
  root = await openTestRoot({
    PRESSRUN_SECRET: 'a secret of the attack tests with more than 32 characters',
    RETURN_PATH: 'bounces+*@example.com',
    BOUNCES_LISTEN: '127.0.0.1:0',
  })
  store = await root.store()
  send = await seedSend(store.db.query, { deliveries: ['alice', 'bob', 'mallory'].map((who) => ({ who })) })
  const engine = await root.engine({ parts: ['bounces'] })
  port = Number(engine.returnListens?.split(':').at(-1))
})

afterEach(async () => {
  for (const close of closers.splice(0)) close()
  await root.close()
})

async function talk(): Promise<SmtpTalk> {
  const talking = await talkSmtp(port)
  closers.push(talking.end)
  return talking
}

function id(who: string): number {
  return send.deliveries[who] ?? 0
}

function returnPath(who: string): string {
  return `bounces+${signToken(store.keys, 'return', id(who))}@example.com`
}

function report(who: string): Buffer {
  return bounceBytes('postfix-unknown', namesOf(store.keys, id(who)), {
    'bob@example.net': `${who}@example.com`,
  })
}

/** An honest report on Bob's message is taken, and nothing else was. */
async function expectHonestAlone(): Promise<void> {
  const honest = await talk()
  await honest.say('EHLO mx.example.net')
  expect(await honest.mail(returnPath('bob'), report('bob'))).toMatch(/^250 /)
  const bounced = (await readEvents(store.db)).filter(({ kind }) => kind === 'bounced')
  expect(bounced.map(({ deliveryId }) => deliveryId)).toEqual([id('bob')])
  expect(await readReasons(store.db)).toEqual(['bounced'])
}

const readRows = () => store.db.query.selectFrom('feedback').selectAll().orderBy('id').execute()

describe('on the wire', () => {
  /** In the middle of a mail to Mallory's own return path. */
  async function inData(): Promise<SmtpTalk> {
    const talking = await talk()
    await talking.say('EHLO mx.example.net')
    await talking.say('MAIL FROM:<>')
    await talking.say(`RCPT TO:<${returnPath('mallory')}>`)
    expect(await talking.say('DATA')).toMatch(/^354 /)
    return talking
  }

  test('who pours in commands before the greeting is sent away, and none of them counts', async () => {
    const mail = [
      'EHLO x',
      'MAIL FROM:<>',
      `RCPT TO:<${returnPath('alice')}>`,
      'DATA',
      report('alice'),
      '.',
      '',
    ]
    const eager = await talkSmtp(port, '127.0.0.1', { hasty: Buffer.from(mail.join('\r\n')) })

    expect(eager.greeting).toMatch(/^421 /)
    await eager.closed
    await expectHonestAlone()
  })

  test.each([
    ['a bare LF', '\n.\n'],
    ['LF before, CRLF behind', '\n.\r\n'],
    ['CRLF before, LF behind', '\r\n.\n'],
    ['CR alone', '\r.\r'],
    ['a NUL between', '\r\n.\0\r\n'],
  ])('V20: a dot between other line ends does not end a mail: %s', async (_, ending) => {
    const talking = await inData()
    const smuggled = `MAIL FROM:<>\r\nRCPT TO:<${returnPath('alice')}>\r\nDATA\r\n${report('alice').toString('latin1').replaceAll('\r\n.', '\r\n..')}`

    expect(
      await talking.say(Buffer.from(`Subject: x\r\n\r\nx${ending}${smuggled}\r\n.\r\n`, 'latin1')),
    ).toMatch(/^250 /)

    expect(await talking.say('NOOP')).toMatch(/^250 /)
    expect((await readRows()).map(({ delivery_id }) => delivery_id)).toEqual([id('mallory')])
    expect((await readEvents(store.db)).filter(({ deliveryId }) => deliveryId === id('alice'))).toEqual([])
  })

  test('dots are unstuffed wherever the line is torn apart', async () => {
    const talking = await inData()
    for (const piece of ['Subject: x\r', '\n\r\n.', '.one\r\n', '.', '.\r', '\n..two\r\n.'])
      await new Promise<void>((resolve) => {
        talking.pour(Buffer.from(piece))
        setImmediate(resolve)
      })

    expect(await talking.say('')).toMatch(/^250 /)

    const [row] = await readRows()
    expect(Buffer.from(row?.bytes ?? []).toString()).toBe('Subject: x\r\n\r\n.one\r\n.\r\n.two\r\n')
  })

  test('a line of ten megabytes, of NULs, and a mail without an end are cut off', async () => {
    const command = await talk()
    command.pour(Buffer.alloc(10 * MEGABYTE, 'x'))
    await command.closed
    const line = await inData()
    line.pour(Buffer.alloc(10 * MEGABYTE))
    await line.closed
    const endless = await inData()
    const pouring = setInterval(() => endless.pour(Buffer.from('a line\r\n'.repeat(50_000))), 5)
    closers.push(() => clearInterval(pouring))
    await endless.closed

    expect(await readRows()).toEqual([])
    await expectHonestAlone()
  })

  test('commands without end, or for thousands of recipients, are answered for a while', async () => {
    const noop = await talk()
    noop.pour(Buffer.from('NOOP\r\n'.repeat(100_000)))
    let answered = 0
    while ((await noop.hear()).startsWith('250 ')) answered++
    await noop.closed
    expect(answered).toBeLessThan(20_000)

    const many = await talk()
    await many.say('EHLO mx.example.net')
    await many.say('MAIL FROM:<>')
    const said: string[] = []
    for (let time = 0; time < 1_000 && said.at(-1)?.startsWith('421') !== true; time++)
      said.push(await many.say(`RCPT TO:<${returnPath('mallory')}>`))
    expect(said).toEqual([
      ...Array(198).fill(expect.stringMatching(/^250 /)),
      '421 4.7.0 too many commands and no mail',
    ])

    await expectHonestAlone()
  })

  test('what is not offered is not there, and what comes behind it is no mail of its own', async () => {
    const talking = await talk()
    await talking.say('EHLO mx.example.net')

    expect(await talking.say('STARTTLS')).toMatch(/^50\d /)
    expect(await talking.say('AUTH PLAIN AGEAYg==')).toMatch(/^50\d /)
    expect(await talking.say('XCLIENT ADDR=192.0.2.7')).toMatch(/^5\d\d /)
    await talking.say('MAIL FROM:<>')
    await talking.say(`RCPT TO:<${returnPath('alice')}>`)
    expect(await talking.say(Buffer.concat([Buffer.from('BDAT 3 LAST\r\n'), Buffer.from('x\r\n')]))).toMatch(
      /^50\d /,
    )
    await expectHonestAlone()
  })

  test.each([
    'jürgen@bücher.example',
    'ju\u0000rgen@example.net',
    'a"b<script>@example.net',
    `${'x'.repeat(240)}@example.net`,
    '\u202egro.elpmaxe@example.net',
  ])('a sender as strange as %j is kept or refused, and harms nobody', async (from) => {
    const talking = await talk()
    await talking.say('EHLO mx.example.net')

    const said = await talking.say(`MAIL FROM:<${from}> SMTPUTF8 BODY=8BITMIME`)
    if (said.startsWith('250 ')) {
      await talking.say('RCPT TO:<postmaster>')
      await talking.say('DATA')
      expect(await talking.say('Subject: x\r\n\r\nx\r\n.')).toMatch(/^250 /)
    } else expect(said).toMatch(/^5\d\d /)

    await expectHonestAlone()
  })

  test('who closes its half after the last dot, or at once, is taken at its word', async () => {
    const talking = await inData()
    talking.pour(Buffer.from('Subject: x\r\n\r\nx\r\n.\r\n'))
    talking.finish()
    await talking.closed
    const cut = await inData()
    cut.pour(Buffer.from('Subject: y\r\n\r\nhalf of it'))
    cut.finish()
    await cut.closed

    await expectHonestAlone()
    expect((await readRows()).map(({ delivery_id }) => delivery_id)).toEqual([id('mallory'), id('bob')])
  })
})

describe('in a report', () => {
  test('the same hundreds of times is taken once; hundreds of one Message leave fifty', {
    timeout: 120_000,
  }, async () => {
    const talking = await talk()
    await talking.say('EHLO mx.example.net')
    const address = returnPath('mallory')
    const bytes = report('mallory')
    for (let time = 0; time < 300; time++) expect(await talking.mail(address, bytes)).toMatch(/^250 /)
    expect(await readRows()).toHaveLength(1)

    for (let time = 0; time < 300; time++)
      expect(await talking.mail(address, Buffer.concat([bytes, Buffer.from(`${time}\r\n`)]))).toMatch(/^250 /)

    expect(await readRows()).toHaveLength(50)
    expect((await readEvents(store.db)).filter(({ kind }) => kind === 'bounced')).toHaveLength(1)
  })

  test('of another Send is about that one: it bounces there, and the next is left alone', async () => {
    const next = await seedSend(store.db.query, { deliveries: [{ who: 'alice' }], issue: { slug: 'next' } })
    const talking = await talk()
    await talking.say('EHLO mx.example.net')
    // To the return path of Mallory's message, with Alice's next one in it.
    const inside = bounceBytes('postfix-unknown', namesOf(store.keys, next.deliveries.alice ?? 0), {
      'bob@example.net': 'alice@example.com',
    })

    expect(await talking.mail(returnPath('mallory'), inside)).toMatch(/^250 /)

    expect((await readRows()).map(({ delivery_id }) => delivery_id)).toEqual([id('mallory')])
    expect(await readReasons(store.db)).toEqual([])
  })
})
