/** Subscribing from outside: what is answered, what is written down, who gets a mail, and how often. */

import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createList } from '../../src/audience/list.js'
import { addSuppression } from '../../src/audience/suppression.js'
import { writeListForm } from '../../src/commands/lists-form.js'
import { escapeHtml } from '../../src/compile/escape.js'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { hashAddress, makeKeys } from '../../src/link/token.js'
import { forgetNotices } from '../../src/send/notice/forget.js'
import { MAX_WAITING } from '../../src/track/sign-up.js'
import type { RunningServer } from '../../src/web/server.js'
import { startSignUps } from '../../workers/sign-ups.js'
import { openTestDb } from '../rig/database.js'
import { readAll, signUp } from '../rig/sign-up.js'
import { serveTestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const HOUR_MS = 3_600_000

let time = 1_764_000_000_000
const now = () => time
let db: Db
let hits: Hits
let server: RunningServer
let listId: number
let logged: string[]

beforeEach(async () => {
  time = 1_764_000_000_000
  logged = []
  db = await openTestDb()
  hits = openHits({ db, now })
  const log = pino({}, { write: (line: string) => void logged.push(line) })
  server = await serveTestWeb({ db, keys, hits, now, log })
  const open = { title: 'Tides & Quays', description: 'Ports and weather.', isPublic: true, isOpen: true }
  listId = (await createList(db.query, { name: 'weekly', ...open, now: time })).id
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

const send = (address: string, more: Parameters<typeof signUp>[1] | object = {}) => {
  const { fields = {}, ...rest } = more as Partial<Parameters<typeof signUp>[1]>
  return signUp({ url: server.url, keys, now }, { listId, ...rest, fields: { address, ...fields } })
}
const waiting = () => db.query.selectFrom('sign_up').selectAll().orderBy('id').execute()
const notices = () => db.query.selectFrom('notice').selectAll().orderBy('id').execute()
const people = () => db.query.selectFrom('subscriber').selectAll().execute()
const read = () => readAll(db, { keys, now })

async function addPerson(address: string, status: 'active' | 'unsubscribed' | 'pending') {
  const { id } = await db.query
    .insertInto('subscriber')
    .values({ address, address_key: address, name: '', attributes: '{}', created_at: 1, changed_at: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  const subscription = { list_id: listId, subscriber_id: id, status, created_at: 1, changed_at: 1 }
  await db.query.insertInto('subscription').values(subscription).execute()
  return id
}

const suppress = (address: string, reason: string) =>
  addSuppression(db.query, { hash: hashAddress(keys, address), reason, now: time })

describe('the page', () => {
  test('says what it brings, and works as a form without script', async () => {
    const answer = await fetch(`${server.url}/subscribe/weekly`)
    const page = await answer.text()

    expect(answer.status).toBe(200)
    expect(page).toContain('Subscribe to Tides &amp; Quays')
    expect(page).toContain('Ports and weather.')
    expect(page).toMatch(/<input type="email" id="address" name="address" value="" required/)
    expect(page).not.toContain('<script')
    expect(answer.headers.get('cache-control')).toContain('no-store')
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test('a browser tells of what can be no address before it is sent; a form elsewhere does too', async () => {
    const page = await (await fetch(`${server.url}/subscribe/weekly`)).text()
    const elsewhere = await writeListForm(
      { name: 'weekly', lang: 'en', publicUrl: server.url },
      { query: db.query },
    )
    for (const form of [page, elsewhere]) {
      const pattern = /type="email"[^>]* pattern="([^"]+)"/.exec(form)?.[1] ?? ''
      expect(form).toMatch(/type="email"[^>]* title="[^"]*name@example\.org/)
      // As browsers read it.
      const wanted = new RegExp(`^(?:${pattern})$`, 'v')
      for (const typed of ['nonsense', 'a@b', 'x@localhost'])
        expect([typed, wanted.test(typed)]).toEqual([typed, false])
      for (const typed of ["o'brien+news@mail.example.co.uk", 'é@exämple.org', 'a@b.de'])
        expect([typed, wanted.test(typed)]).toEqual([typed, true])
    }
  })

  test.each(['de', 'fr', 'es'])('speaks %s to whose browser does', async (lang) => {
    const answer = await fetch(`${server.url}/subscribe/weekly`, { headers: { 'accept-language': lang } })

    expect(await answer.text()).toContain(`<html lang="${lang}">`)
  })

  test('V45: a private, a closed and an unknown List are the same page, and take nobody', async () => {
    const closed = await createList(db.query, { name: 'closed', isPublic: true, now: time })
    const secret = await createList(db.query, { name: 'secret', now: time })
    const places = [
      { list: 'closed', listId: closed.id },
      { list: 'secret', listId: secret.id },
      { list: 'nowhere', listId: 99 },
      { list: String(secret.id), listId: secret.id },
    ]

    for (const method of ['GET', 'POST']) {
      const pages = new Set<string>()
      for (const place of places) {
        const answer =
          method === 'GET'
            ? await fetch(`${server.url}/subscribe/${place.list}`)
            : await send('alice@example.org', place)
        expect(answer.status).toBe(404)
        pages.add(await answer.text())
      }
      expect(pages.size).toBe(1)
    }
    const forms = await Promise.all(places.map(({ list }) => fetch(`${server.url}/subscribe/${list}/form`)))
    expect(forms.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(await waiting()).toEqual([])
    expect(await people()).toEqual([])
  })
})

describe('the answer', () => {
  test('V46: it is the same for everyone, in text, status and time', async () => {
    await addPerson('known@example.org', 'active')
    await addPerson('left@example.org', 'unsubscribed')
    await suppress('frank@example.org', 'complained')
    await send('capped@example.org')
    await read()
    const cases: Readonly<Record<string, string>> = {
      new: 'new@example.org',
      known: 'known@example.org',
      unsubscribed: 'left@example.org',
      suppressed: 'frank@example.org',
      capped: 'capped@example.org',
      invalid: 'no address at all',
      injected: 'a@example.org\r\nBcc: b@example.org',
    }
    const answers = new Set<string>()
    /** Medians by case, each case in turn, so that what else the machine does meets all of them. */
    const measure = async (): Promise<readonly number[]> => {
      const times = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]))
      for (let round = 0; round < 30; round++) {
        for (const [name, address] of Object.entries(cases)) {
          const began = performance.now()
          const answer = await send(address)
          const text = await answer.text()
          times.get(name)?.push(performance.now() - began)
          const { date: _, ...headers } = Object.fromEntries(answer.headers)
          answers.add(JSON.stringify([answer.status, headers, text]))
        }
      }
      return [...times.values()].map((list) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0)
    }

    // A difference that tells of an address is there each time; one of a busy machine is not.
    let isAlike = false
    for (let tries = 0; tries < 6 && !isAlike; tries++) {
      const medians = await measure()
      isAlike = Math.max(...medians) < Math.min(...medians) * 1.5 + 0.5
    }

    expect([...answers]).toHaveLength(1)
    expect(isAlike).toBe(true)
  })

  test('a machine that fills in all fields, or is too quick, is answered alike and let go', async () => {
    const person = await (await send('alice@example.org')).text()
    const trapped = await send('bot@example.org', { fields: { message: 'Buy this' } })
    const quick = await send('bot@example.org', { ageMs: 200 })

    expect([trapped.status, quick.status]).toEqual([200, 200])
    expect([await trapped.text(), await quick.text()]).toEqual([person, person])
    expect((await waiting()).map(({ address }) => address)).toEqual(['alice@example.org'])
    const told = logged.filter((line) => line.includes('let go'))
    expect(told).toHaveLength(2)
    expect(told.join()).not.toContain('bot@')
  })

  test.each<[string, object]>([
    ['without a stamp', { fields: { stamp: '' } }],
    ['with a stamp for another List', { listId: 77 }],
    ['with a stamp of yesterday', { ageMs: 25 * HOUR_MS }],
    ['from another site, stamp and all', { headers: { origin: 'https://evil.example' } }],
    ['that a browser calls cross-site', { headers: { 'sec-fetch-site': 'cross-site' } }],
  ])('a form %s acts on nothing, and is shown once more as it was filled in', async (_what, more) => {
    const answer = await send('"><script>alert(1)</script>@example.org', more)
    const page = await answer.text()

    expect(answer.status).toBe(200)
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@example.org"')
    expect(page).not.toContain('<script')
    expect(page).toContain('Is this right?')
    expect(await waiting()).toEqual([])
  })

  test('a form on another site takes one press more, and its site is put on record', async () => {
    const snippet = await (await fetch(`${server.url}/subscribe/weekly/form`)).text()
    expect(snippet).toContain(
      `&lt;form action=&quot;${server.url}/subscribe/weekly&quot; method=&quot;post&quot;`,
    )
    const body = new URLSearchParams({ address: 'alice@example.org', from: 'form', lang: 'de' })
    const headers = { origin: 'https://harbour.example.com', 'sec-fetch-site': 'cross-site' }
    const shown = await fetch(`${server.url}/subscribe/weekly`, { method: 'POST', body, headers })
    const page = await shown.text()
    const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
    const names = ['address', 'name', 'stamp', 'from', 'page', 'lang']
    time += 1_000

    const again = new URLSearchParams(names.map((name) => [name, field(name)]))
    const done = await fetch(`${server.url}/subscribe/weekly`, { method: 'POST', body: again })

    expect(await done.text()).toContain('Bitte sehen Sie in Ihr Postfach')
    expect(await waiting()).toMatchObject([
      {
        address: 'alice@example.org',
        lang: 'de',
        detail: '{"from":"form","page":"https://harbour.example.com"}',
      },
    ])
  })

  test('an address that was left out is asked for', async () => {
    const page = await (await send('  ')).text()

    expect(page).toContain('Please enter your email address.')
    expect(await waiting()).toEqual([])
  })

  test('nothing gives: NUL, halves of characters, lists of fields, no body, any body', async () => {
    const odd = ['a\0b@example.org', '\ud800@example.org', 'x'.repeat(5_000), '🦀'.repeat(400), "' or 1=1 --"]
    for (const address of odd) expect((await send(address, { fields: { name: address } })).status).toBe(200)
    const post = (init: RequestInit) => fetch(`${server.url}/subscribe/weekly`, { method: 'POST', ...init })
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const bodies: readonly RequestInit[] = [
      {},
      { body: '__proto__=x&constructor=y&address=z', headers: form },
      { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
      { body: '{"address":"a@example.org"}', headers: { 'content-type': 'application/json' } },
      { body: `${'address=a&'.repeat(1_000)}x=%ff%zz`, headers: form },
    ]
    for (const init of bodies) expect((await post(init)).status).toBe(200)
    expect((await post({ body: 'x'.repeat(10_000_000), headers: form })).status).toBe(413)

    expect(new Set(await read())).toEqual(new Set(['refused']))
    expect(await notices()).toEqual([])
    expect(await people()).toEqual([])
  })

  test('a flood fills no disk: what comes on top of those that wait is let go, with the same answer', async () => {
    const one = await (await send('first@example.org')).text()
    const [first] = await waiting()
    await db.query
      .insertInto('sign_up')
      .values({
        ...first,
        id: (first?.id ?? 0) + MAX_WAITING,
        list_id: listId,
        address: 'last@example.org',
        name: '',
        lang: 'en',
        network: '',
        user_agent: '',
        at: time,
      })
      .execute()

    const another = await send('another@example.org')

    expect(await another.text()).toBe(one)
    expect((await waiting()).map(({ address }) => address)).toEqual(['first@example.org', 'last@example.org'])
  })
})

test('the form of the command is that of the page, and there is none for a List that takes nobody', async () => {
  await createList(db.query, { name: 'closed', isPublic: true, now: time })
  const ask = (name: string, lang: string) =>
    writeListForm({ name, lang, publicUrl: server.url }, { query: db.query })

  const shown = await (await fetch(`${server.url}/subscribe/weekly/form?lang=es`)).text()
  expect(shown).toContain(escapeHtml(await ask('weekly', 'es-MX')))
  await expect(ask('closed', 'en')).rejects.toThrow('pressrun lists edit closed --public --open lets them')
  await expect(ask('nowhere', 'en')).rejects.toThrow('there is no List "nowhere"')
})

test('a sign-up that can not be read holds up none of the others, and is let go in the end', async () => {
  await send('alice@example.org')
  await db.query.updateTable('sign_up').set({ detail: '{' }).execute()
  await send('dora@example.org')
  const log = pino({}, { write: (line: string) => void logged.push(line) })

  const worker = startSignUps({ query: db.query, keys, now, log, intervalMs: 5, pauseAfterFailureMs: 5 })
  await vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 20_000 })
  await worker.close()

  expect((await notices()).map(({ address }) => address)).toEqual(['dora@example.org'])
  expect(logged.filter((line) => line.includes('could not be read'))).toHaveLength(1)
  expect(logged.join()).not.toContain('alice')
})

describe('who gets a mail', () => {
  test('V44: five hundred for one mailbox in a minute, however it is spelt, are one mail and no account', async () => {
    const spellings = ['alice.smith@gmail.com', 'a.l.i.c.e.smith@gmail.com', 'AliceSmith+x@googlemail.com']

    for (let n = 0; n < 500; n++) {
      const address = n % 2 === 0 ? (spellings[n % 3] ?? '') : `alice.smith+${n}@gmail.com`
      await send(address)
      if (n % 100 === 99) await read()
      time += 100
    }

    expect(await notices()).toMatchObject([
      { kind: 'confirm', state: 'queued', address: 'alice.smith@gmail.com' },
    ])
    expect(await people()).toEqual([])
    for (let hour = 0; hour < 20; hour++) {
      time += HOUR_MS
      await send('alice.smith@gmail.com')
      await read()
    }
    expect(await notices()).toHaveLength(4)
  })

  test('who subscribes to two Lists in one visit is asked about both', async () => {
    const other = await createList(db.query, { name: 'other', isPublic: true, isOpen: true, now: time })

    await send('alice@example.org')
    await send('alice@example.org', { list: 'other', listId: other.id })

    expect(await read()).toEqual(['confirm', 'confirm'])
    expect((await notices()).map(({ list_id }) => list_id)).toEqual([listId, other.id])
  })

  test('V44: one network that types many addresses is stopped, and another is not', async () => {
    const give = async (network: string, count: number, start: number) => {
      const row = { list_id: listId, name: '', lang: 'en', network, user_agent: '', at: time }
      for (let n = 0; n < count; n++)
        await db.query
          .insertInto('sign_up')
          .values({ ...row, address: `reader${start + n}@gmail.com` })
          .execute()
      return count
    }

    await give('203.0.113.0/24', 60, 0)
    const flooded = await read()
    await give('198.51.100.0/24', 5, 100)
    const others = await read()

    expect(flooded.filter((fate) => fate === 'confirm')).toHaveLength(40)
    expect(new Set(flooded.slice(40))).toEqual(new Set(['sign-up network hour']))
    expect(others).toEqual(Array(5).fill('confirm'))
  })

  test('one small domain is not flooded, a large provider’s is no domain of anybody’s, and what is refused uses up nothing', async () => {
    for (let n = 0; n < 70; n++) await send(`reader${n}@small.example`)
    const small = await read()
    for (let n = 0; n < 70; n++) await send(`reader${n}@gmail.com`)
    const large = await read()

    expect(small.filter((fate) => fate === 'confirm')).toHaveLength(60)
    expect(new Set(small.slice(60))).toEqual(new Set(['sign-up domain hour']))
    expect(new Set(large)).toEqual(new Set(['confirm']))
    time += HOUR_MS
    await send('reader69@small.example')
    expect(await read()).toEqual(['confirm'])
  })

  test('new, left and pending are asked, known is told, suppressed is left alone, erased may come back', async () => {
    await addPerson('known@example.org', 'active')
    await addPerson('left@example.org', 'unsubscribed')
    await addPerson('pending@example.org', 'pending')
    await suppress('frank@example.org', 'complained')
    await suppress('gone@example.org', 'erased')
    for (const who of ['new', 'known', 'left', 'pending', 'frank', 'gone'])
      await send(`${who}@example.org`, { fields: { name: 'A\r\nBcc: x', lang: 'fr' } })

    expect(await read()).toEqual(['confirm', 'known', 'confirm', 'confirm', 'suppressed', 'confirm'])

    const made = await notices()
    expect(made.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
      'confirm new@example.org',
      'known known@example.org',
      'confirm left@example.org',
      'confirm pending@example.org',
      'confirm gone@example.org',
    ])
    expect(new Set(made.map(({ lang }) => lang))).toEqual(new Set(['fr']))
    expect(new Set(made.map(({ name }) => name))).toEqual(new Set(['A Bcc: x']))
    expect(await waiting()).toEqual([])
    expect((await people()).map(({ address }) => address)).not.toContain('new@example.org')
  })

  test('whom a Notice went to is forgotten a month after it ran out; that there was one is not', async () => {
    await send('alice@example.org')
    await read()
    const [made] = await notices()

    await forgetNotices(db.query, (made?.expires_at ?? 0) + 29 * 24 * HOUR_MS)
    expect(await notices()).toMatchObject([{ address: 'alice@example.org' }])
    await forgetNotices(db.query, (made?.expires_at ?? 0) + 31 * 24 * HOUR_MS)
    expect(await notices()).toMatchObject([{ kind: 'confirm', address: '', name: '', detail: '{}' }])
  })
})
