/** What an operator is shown of what came back: nobody's letters hide another's, and each is called what it is. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { printComingBack } from '../../src/commands/bounces.js'
import type { Db } from '../../src/db/db.js'
import { readComingBack } from '../../src/report/coming-back.js'
import { readReport } from '../../src/report/report.js'
import { openTestDb } from '../rig/database.js'
import { about, bounced, idOf, NOW, take } from '../rig/feedback.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

let db: Db
let send: SeededSend

beforeEach(async () => {
  db = await openTestDb()
  send = await seedSend(db.query, { deliveries: [{ who: 'bob' }, { who: 'mallory' }] })
})

afterEach(() => db.close())

const read = () => readComingBack({ query: db.query, now: () => NOW })

const write = (who: string) => take(db, { ...about(idOf(send, who), []), source: 'unknown' })

test('eighty letters with one Token are one line, and hide nobody’s that came before', async () => {
  await write('bob')
  for (let time = 0; time < 80; time += 1) await write('mallory')

  const { unknown } = await read()

  expect(unknown).toMatchObject([
    // As many as one Delivery leaves.
    { address: 'mallory@example.com', send: send.sendId, count: 50 },
    { address: 'bob@example.com', send: send.sendId, count: 1 },
  ])
})

test('letters about nobody are one line a sender', async () => {
  const from = (address: string) => ({ envelope: { from: address, client: '192.0.2.7' } })
  const letter = { source: 'unknown', claims: [], returnTokens: [], leaveTokens: [], messageIds: [] } as const
  await take(db, letter, from('carol@example.net'))
  for (let time = 0; time < 30; time += 1) await take(db, letter, from('mallory@example.net'))

  const { unknown } = await read()

  expect(unknown.map(({ from, count }) => [from, count])).toEqual([
    ['mallory@example.net', 30],
    ['carol@example.net', 1],
  ])
})

test('letters without end from one network leave room for those of others, in the day and in the list', async () => {
  const letter = { source: 'unknown', claims: [], returnTokens: [], leaveTokens: [], messageIds: [] } as const
  const by = (name: string, client: string) =>
    take(db, letter, { envelope: { from: `${name}@example.net`, client } })
  await by('before', '198.51.100.7')
  const kinds: string[] = []
  for (let time = 0; time < 210; time += 1) kinds.push((await by(`m${time}`, `192.0.2.${time}`)).kind)
  const after = await by('after', '203.0.113.9')

  const { unknown } = await read()

  expect(kinds.indexOf('surplus')).toBe(200)
  expect(after.kind).toBe('taken')
  expect(unknown.map(({ from }) => from?.split('@')[0])).toEqual([
    'after',
    'm199',
    'm198',
    'm197',
    'm196',
    'm195',
    'before',
  ])
})

test('a bounce of an address that is not the one we wrote to is called that', async () => {
  await take(db, about(idOf(send, 'bob'), [bounced({ recipient: 'gone@inner.test' })]))

  const report = await read()

  expect(report.verdicts).toMatchObject([{ verdict: 'another', all: 1 }])
  expect(report.newest).toMatchObject([{ verdict: 'another', address: 'bob@example.com' }])
  const printed = printComingBack(report, { isAwaited: true })
  expect(printed).toContain('another: an address that is not the one we wrote to; counts as soft')
  expect(printed).not.toContain('full mailbox')
  expect((await readReport(db.query, send.sendId)).left.bouncedLater).toEqual({ hard: 0, soft: 1, other: 0 })
})
