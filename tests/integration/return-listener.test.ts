/** What comes back by SMTP: who is let in, how much is taken, and that it is recorded before it is answered. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { signToken } from '../../src/link/token.js'
import { openLog } from '../../src/log.js'
import { openReturnListener } from '../../src/smtp/return-listener.js'
import { digestOf } from '../../src/track/feedback/digest.js'
import { type BouncePlace, openBouncePlace } from '../rig/bounces.js'
import { dumpTables } from '../rig/dump.js'
import { readEvents, readReasons } from '../rig/feedback.js'
import { takeDatabaseAway } from '../rig/outage.js'
import { talkSmtp } from '../rig/smtp-talk.js'

let place: BouncePlace

beforeEach(async () => {
  place = await openBouncePlace()
})

afterEach(() => place.close())

test('V27: a report to a Token is recorded before it is answered, and suppresses its person alone', async () => {
  const talk = await place.talkToEngine()
  await talk.say('EHLO mx.example.net')

  expect(
    await talk.mail(place.returnPath('bob').toUpperCase(), place.report('postfix-unknown', 'bob')),
  ).toMatch(/^250 /)

  const bounced = (await readEvents(place.store.db)).filter(({ kind }) => kind === 'bounced')
  expect(bounced).toEqual([
    expect.objectContaining({ deliveryId: place.id('bob'), fault: 'hard', source: 'smtp' }),
  ])
  expect(await readReasons(place.store.db)).toEqual(['bounced'])
})

test('offers no login and no encryption, takes from nobody, and says how long a report may be', async () => {
  const talk = await place.talkToEngine()

  const offers = await talk.say('EHLO mx.example.net')

  expect(offers).toMatch(/^250[ -]SIZE 1048576\r?$/m)
  expect(offers).not.toMatch(/AUTH|STARTTLS/)
  expect(await talk.say('MAIL FROM:<a@example.net> SIZE=2000000')).toMatch(/^552 /)
  expect(await talk.say('MAIL FROM:<>')).toMatch(/^250 /)
})

test('knows its own Tokens and the address for complaints, and sends away who guesses', async () => {
  const talk = await place.talkToEngine()
  await talk.say('EHLO mx.example.net')
  await talk.say('MAIL FROM:<>')
  const token = signToken(place.store.keys, 'return', place.id('bob'))
  const wrong = [
    'editor@example.com',
    'bounces@example.com',
    `bounces+${token}@example.org`,
    `bounces+${token.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'))}@example.com`,
    `bounces+${signToken(place.store.keys, 'read', place.id('bob'))}@example.com`,
  ]

  expect(await talk.say('RCPT TO:<Complaints@Example.com>')).toMatch(/^250 /)
  for (const address of wrong)
    expect(await talk.say(`RCPT TO:<${address}>`)).toBe('550 5.1.1 no such return path')
  const rest: string[] = []
  for (let index = 0; index < 8; index++) rest.push(await talk.say('RCPT TO:<guess@example.com>'))
  expect(rest).toContain('421 4.7.0 too many unknown recipients')
})

test('V37: what is too long is refused when it has come, and the next one is taken', async () => {
  const talk = await place.talkToEngine()
  await talk.say('EHLO mx.example.net')
  const before = await dumpTables(place.store.db.query)
  const long = Buffer.concat([
    place.report('postfix-unknown', 'bob'),
    Buffer.alloc(1_200_000, 'no line ends'),
  ])

  expect(await talk.mail(place.returnPath('bob'), long)).toMatch(/^552 /)
  expect(await dumpTables(place.store.db.query)).toBe(before)

  expect(await talk.mail(place.returnPath('bob'), place.report('postfix-unknown', 'bob'))).toMatch(/^250 /)
  expect(await place.verdicts()).toEqual(['hard'])
})

test('while the database is away a report is asked to come again, and is then taken', async () => {
  const engine = await place.root.engine({ parts: ['bounces'] })
  const talk = await talkSmtp(Number(engine.returnListens?.split(':').at(-1)))
  place.closers.push(talk.end)
  await talk.say('EHLO mx.example.net')
  const giveBack = await takeDatabaseAway(engine.store.db, place.root.config.databaseUrl)

  expect(await talk.mail(place.returnPath('bob'), place.report('postfix-unknown', 'bob'))).toMatch(/^451 /)

  await giveBack()
  await vi.waitFor(
    async () =>
      expect(await talk.mail(place.returnPath('bob'), place.report('postfix-unknown', 'bob'))).toMatch(
        /^250 /,
      ),
    {
      timeout: 10_000,
      interval: 100,
    },
  )
  expect(await place.verdicts()).toEqual(['hard'])
})

test('what the database never takes is not answered as if it had', async () => {
  const address = place.returnPath('bob')
  const bytes = place.report('postfix-unknown', 'bob')
  await place.refuseDigest(digestOf(bytes, [address]))
  const { take } = place.worker([], { log: openLog('silent') })
  const listener = await openReturnListener({
    host: '127.0.0.1',
    port: 0,
    accepts: (given) => given === address,
    isOpen: () => true,
    take,
    log: openLog('silent'),
  })
  place.closers.push(listener.close)
  const talk = await talkSmtp(listener.port)
  place.closers.push(talk.end)
  await talk.say('EHLO mx.example.net')

  const replies = []
  for (let time = 0; time < 3; time++) replies.push((await talk.mail(address, bytes)).slice(0, 3))

  expect(replies).toEqual(['451', '451', '554'])
  expect(await place.verdicts()).toEqual([])
})

test('V29: a complaint to the address for complaints is known by our headers inside it', async () => {
  const talk = await place.talkToEngine()
  await talk.say('EHLO mx.example.net')

  expect(await talk.mail('complaints@example.com', place.report('arf-redacted', 'erin'))).toMatch(/^250 /)

  expect(await readReasons(place.store.db)).toEqual(['reported'])
  expect(await place.verdicts()).toEqual(['complained'])
})

test('V28: an auto-reply and a delay are no bounce', async () => {
  const talk = await place.talkToEngine()
  await talk.say('EHLO mx.example.net')

  for (const name of ['auto-reply-outlook', 'auto-reply-german', 'postfix-delayed', 'exim-delayed'])
    expect(await talk.mail(place.returnPath('dora'), place.report(name, 'dora'))).toMatch(/^250 /)

  expect(await place.verdicts()).toEqual(['nothing', 'nothing', 'nothing', 'nothing'])
  expect(await readEvents(place.store.db)).toEqual([])
  expect(await readReasons(place.store.db)).toEqual([])
})
