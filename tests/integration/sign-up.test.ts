/** Subscribing from outside: what the page is, what is answered, and what is written down of it. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createList } from '../../src/audience/list.js'
import { writeListForm } from '../../src/commands/lists-form.js'
import { escapeHtml } from '../../src/compile/escape.js'
import { MAX_WAITING } from '../../src/track/sign-up.js'
import { noticesIn, peopleIn, signUpsIn } from '../rig/rows.js'
import { openSignUpPlace, type SignUpPlace, type SignUpRequest } from '../rig/sign-up.js'

const HOUR_MS = 3_600_000

let web: SignUpPlace

beforeEach(async () => {
  web = await openSignUpPlace()
})

afterEach(() => web.close())

describe('the page', () => {
  test('says what it brings, and works as a form without script', async () => {
    const answer = await fetch(`${web.url}/subscribe/weekly`)
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
    const page = await (await fetch(`${web.url}/subscribe/weekly`)).text()
    const elsewhere = await writeListForm(
      { name: 'weekly', lang: 'en', publicUrl: web.url },
      { query: web.db.query },
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
    const answer = await fetch(`${web.url}/subscribe/weekly`, { headers: { 'accept-language': lang } })

    expect(await answer.text()).toContain(`<html lang="${lang}">`)
  })

  test('V45: a private, a closed and an unknown List are the same page, and take nobody', async () => {
    const closed = await createList(web.db.query, { name: 'closed', isPublic: true, now: web.time })
    const secret = await createList(web.db.query, { name: 'secret', now: web.time })
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
            ? await fetch(`${web.url}/subscribe/${place.list}`)
            : await web.signUp('alice@example.org', place)
        expect(answer.status).toBe(404)
        pages.add(await answer.text())
      }
      expect(pages.size).toBe(1)
    }
    const forms = await Promise.all(places.map(({ list }) => fetch(`${web.url}/subscribe/${list}/form`)))
    expect(forms.map(({ status }) => status)).toEqual([404, 404, 404, 404])
    expect(await signUpsIn(web.db)).toEqual([])
    expect(await peopleIn(web.db)).toEqual([])
  })
})

describe('the answer', () => {
  test('V46: it is the same for everyone, in text, status and time', async () => {
    await web.addPerson('known@example.org', 'active')
    await web.addPerson('left@example.org', 'unsubscribed')
    await web.suppress('frank@example.org', 'complained')
    await web.signUp('capped@example.org')
    await web.readSignUps()
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
          const answer = await web.signUp(address)
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
    const person = await (await web.signUp('alice@example.org')).text()
    const trapped = await web.signUp('bot@example.org', { fields: { message: 'Buy this' } })
    const quick = await web.signUp('bot@example.org', { ageMs: 200 })

    expect([trapped.status, quick.status]).toEqual([200, 200])
    expect([await trapped.text(), await quick.text()]).toEqual([person, person])
    expect((await signUpsIn(web.db)).map(({ address }) => address)).toEqual(['alice@example.org'])
    const told = web.logged.filter((line) => line.includes('let go'))
    expect(told).toHaveLength(2)
    expect(told.join()).not.toContain('bot@')
  })

  test.each<[string, Partial<SignUpRequest>]>([
    ['without a stamp', { fields: { stamp: '' } }],
    ['with a stamp for another List', { listId: 77 }],
    ['with a stamp of yesterday', { ageMs: 25 * HOUR_MS }],
    ['from another site, stamp and all', { headers: { origin: 'https://evil.example' } }],
    ['that a browser calls cross-site', { headers: { 'sec-fetch-site': 'cross-site' } }],
  ])('a form %s acts on nothing, and is shown once more as it was filled in', async (_what, more) => {
    const answer = await web.signUp('"><script>alert(1)</script>@example.org', more)
    const page = await answer.text()

    expect(answer.status).toBe(200)
    expect(page).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;@example.org"')
    expect(page).not.toContain('<script')
    expect(page).toContain('Is this right?')
    expect(await signUpsIn(web.db)).toEqual([])
  })

  test('a form on another site takes one press more, and its site is put on record', async () => {
    const snippet = await (await fetch(`${web.url}/subscribe/weekly/form`)).text()
    expect(snippet).toContain(
      `&lt;form action=&quot;${web.url}/subscribe/weekly&quot; method=&quot;post&quot;`,
    )
    const body = new URLSearchParams({ address: 'alice@example.org', from: 'form', lang: 'de' })
    const headers = { origin: 'https://harbour.example.com', 'sec-fetch-site': 'cross-site' }
    const shown = await fetch(`${web.url}/subscribe/weekly`, { method: 'POST', body, headers })
    const page = await shown.text()
    const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
    const names = ['address', 'name', 'stamp', 'from', 'page', 'lang']
    web.time += 1_000

    const again = new URLSearchParams(names.map((name) => [name, field(name)]))
    const done = await fetch(`${web.url}/subscribe/weekly`, { method: 'POST', body: again })

    expect(await done.text()).toContain('Bitte sehen Sie in Ihr Postfach')
    expect(await signUpsIn(web.db)).toMatchObject([
      {
        address: 'alice@example.org',
        lang: 'de',
        detail: '{"from":"form","page":"https://harbour.example.com"}',
      },
    ])
  })

  test('an address that was left out is asked for', async () => {
    const page = await (await web.signUp('  ')).text()

    expect(page).toContain('Please enter your email address.')
    expect(await signUpsIn(web.db)).toEqual([])
  })

  test('nothing gives: NUL, halves of characters, lists of fields, no body, any body', async () => {
    const odd = ['a\0b@example.org', '\ud800@example.org', 'x'.repeat(5_000), '🦀'.repeat(400), "' or 1=1 --"]
    for (const address of odd)
      expect((await web.signUp(address, { fields: { name: address } })).status).toBe(200)
    const post = (init: RequestInit) => fetch(`${web.url}/subscribe/weekly`, { method: 'POST', ...init })
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

    expect(new Set(await web.readSignUps())).toEqual(new Set(['refused']))
    expect(await noticesIn(web.db)).toEqual([])
    expect(await peopleIn(web.db)).toEqual([])
  })

  test('a flood fills no disk: what comes on top of those that wait is let go, with the same answer', async () => {
    const one = await (await web.signUp('first@example.org')).text()
    const [first] = await signUpsIn(web.db)
    await web.db.query
      .insertInto('sign_up')
      .values({
        ...first,
        id: (first?.id ?? 0) + MAX_WAITING,
        list_id: web.listId,
        address: 'last@example.org',
        name: '',
        lang: 'en',
        network: '',
        user_agent: '',
        at: web.time,
      })
      .execute()

    const another = await web.signUp('another@example.org')

    expect(await another.text()).toBe(one)
    expect((await signUpsIn(web.db)).map(({ address }) => address)).toEqual([
      'first@example.org',
      'last@example.org',
    ])
  })
})

test('the form of the command is that of the page, and there is none for a List that takes nobody', async () => {
  await createList(web.db.query, { name: 'closed', isPublic: true, now: web.time })
  const ask = (name: string, lang: string) =>
    writeListForm({ name, lang, publicUrl: web.url }, { query: web.db.query })

  const shown = await (await fetch(`${web.url}/subscribe/weekly/form?lang=es`)).text()
  expect(shown).toContain(escapeHtml(await ask('weekly', 'es-MX')))
  await expect(ask('closed', 'en')).rejects.toThrow('pressrun lists edit closed --public --open lets them')
  await expect(ask('nowhere', 'en')).rejects.toThrow('there is no List "nowhere"')
})
