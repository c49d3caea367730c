/** Who gets a mail after signing up, and how often: caps by mailbox, network and domain, and what is known of the address. */

import pino from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createList } from '../../src/audience/list.js'
import { forgetNotices } from '../../src/send/notice/forget.js'
import { startSignUps } from '../../workers/sign-ups.js'
import { noticesIn, peopleIn, signUpsIn } from '../rig/rows.js'
import { openSignUpPlace, type SignUpPlace } from '../rig/sign-up.js'

const HOUR_MS = 3_600_000

let web: SignUpPlace

beforeEach(async () => {
  web = await openSignUpPlace()
})

afterEach(() => web.close())

test('V44: five hundred for one mailbox in a minute, however it is spelt, are one mail and no account', async () => {
  const spellings = ['alice.smith@gmail.com', 'a.l.i.c.e.smith@gmail.com', 'AliceSmith+x@googlemail.com']

  for (let n = 0; n < 500; n++) {
    const address = n % 2 === 0 ? (spellings[n % 3] ?? '') : `alice.smith+${n}@gmail.com`
    await web.signUp(address)
    if (n % 100 === 99) await web.readSignUps()
    web.time += 100
  }

  expect(await noticesIn(web.db)).toMatchObject([
    { kind: 'confirm', state: 'queued', address: 'alice.smith@gmail.com' },
  ])
  expect(await peopleIn(web.db)).toEqual([])
  for (let hour = 0; hour < 20; hour++) {
    web.time += HOUR_MS
    await web.signUp('alice.smith@gmail.com')
    await web.readSignUps()
  }
  expect(await noticesIn(web.db)).toHaveLength(4)
})

test('who subscribes to two Lists in one visit is asked about both', async () => {
  const other = await createList(web.db.query, { name: 'other', isPublic: true, isOpen: true, now: web.time })

  await web.signUp('alice@example.org')
  await web.signUp('alice@example.org', { list: 'other', listId: other.id })

  expect(await web.readSignUps()).toEqual(['confirm', 'confirm'])
  expect((await noticesIn(web.db)).map(({ list_id }) => list_id)).toEqual([web.listId, other.id])
})

test('V44: one network that types many addresses is stopped, and another is not', async () => {
  const give = async (network: string, count: number, start: number) => {
    const row = { list_id: web.listId, name: '', lang: 'en', network, user_agent: '', at: web.time }
    for (let n = 0; n < count; n++)
      await web.db.query
        .insertInto('sign_up')
        .values({ ...row, address: `reader${start + n}@gmail.com` })
        .execute()
    return count
  }

  await give('203.0.113.0/24', 60, 0)
  const flooded = await web.readSignUps()
  await give('198.51.100.0/24', 5, 100)
  const others = await web.readSignUps()

  expect(flooded.filter((fate) => fate === 'confirm')).toHaveLength(40)
  expect(new Set(flooded.slice(40))).toEqual(new Set(['sign-up network hour']))
  expect(others).toEqual(Array(5).fill('confirm'))
})

test('one small domain is not flooded, a large provider’s is no domain of anybody’s, and what is refused uses up nothing', async () => {
  for (let n = 0; n < 70; n++) await web.signUp(`reader${n}@small.example`)
  const small = await web.readSignUps()
  for (let n = 0; n < 70; n++) await web.signUp(`reader${n}@gmail.com`)
  const large = await web.readSignUps()

  expect(small.filter((fate) => fate === 'confirm')).toHaveLength(60)
  expect(new Set(small.slice(60))).toEqual(new Set(['sign-up domain hour']))
  expect(new Set(large)).toEqual(new Set(['confirm']))
  web.time += HOUR_MS
  await web.signUp('reader69@small.example')
  expect(await web.readSignUps()).toEqual(['confirm'])
})

test('new, left and pending are asked, known is told, suppressed is left alone, erased may come back', async () => {
  await web.addPerson('known@example.org', 'active')
  await web.addPerson('left@example.org', 'unsubscribed')
  await web.addPerson('pending@example.org', 'pending')
  await web.suppress('frank@example.org', 'complained')
  await web.suppress('gone@example.org', 'erased')
  for (const who of ['new', 'known', 'left', 'pending', 'frank', 'gone'])
    await web.signUp(`${who}@example.org`, { fields: { name: 'A\r\nBcc: x', lang: 'fr' } })

  expect(await web.readSignUps()).toEqual(['confirm', 'known', 'confirm', 'confirm', 'suppressed', 'confirm'])

  const made = await noticesIn(web.db)
  expect(made.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
    'confirm new@example.org',
    'known known@example.org',
    'confirm left@example.org',
    'confirm pending@example.org',
    'confirm gone@example.org',
  ])
  expect(new Set(made.map(({ lang }) => lang))).toEqual(new Set(['fr']))
  expect(new Set(made.map(({ name }) => name))).toEqual(new Set(['A Bcc: x']))
  expect(await signUpsIn(web.db)).toEqual([])
  expect((await peopleIn(web.db)).map(({ address }) => address)).not.toContain('new@example.org')
})

test('whom a Notice went to is forgotten a month after it ran out; that there was one is not', async () => {
  await web.signUp('alice@example.org')
  await web.readSignUps()
  const [made] = await noticesIn(web.db)

  await forgetNotices(web.db.query, (made?.expires_at ?? 0) + 29 * 24 * HOUR_MS)
  expect(await noticesIn(web.db)).toMatchObject([{ address: 'alice@example.org' }])
  await forgetNotices(web.db.query, (made?.expires_at ?? 0) + 31 * 24 * HOUR_MS)
  expect(await noticesIn(web.db)).toMatchObject([{ kind: 'confirm', address: '', name: '', detail: '{}' }])
})

test('a sign-up that can not be read holds up none of the others, and is let go in the end', async () => {
  await web.signUp('alice@example.org')
  await web.db.query.updateTable('sign_up').set({ detail: '{' }).execute()
  await web.signUp('dora@example.org')
  const logged: string[] = []
  const log = pino({}, { write: (line: string) => void logged.push(line) })

  const worker = startSignUps({
    query: web.db.query,
    keys: web.keys,
    now: web.now,
    log,
    intervalMs: 5,
    pauseAfterFailureMs: 5,
  })
  await vi.waitFor(async () => expect(await signUpsIn(web.db)).toEqual([]), { timeout: 20_000 })
  await worker.close()

  expect((await noticesIn(web.db)).map(({ address }) => address)).toEqual(['dora@example.org'])
  expect(logged.filter((line) => line.includes('could not be read'))).toHaveLength(1)
  expect(logged.join()).not.toContain('alice')
})
