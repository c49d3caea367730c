/** The page of preferences over real HTTP: what a person may do with a link alone, and what their mailbox has to confirm. */

import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buttondown } from '../../src/audience/origin/buttondown.js'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { hashAddress, makeKeys, signToken } from '../../src/link/token.js'
import { UNTIL_RESUMED } from '../../src/track/pause.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from '../rig/database.js'
import { openImporter } from '../rig/import.js'
import { seedSend } from '../rig/seed.js'
import { serveTestWeb } from '../rig/web.js'

const keys = makeKeys(['a secret for tests that is more than 32 characters'])
const NOON = Date.UTC(2026, 0, 31, 12)

let time = NOON
const now = () => time
let db: Db
let hits: Hits
let server: RunningServer

beforeEach(async () => {
  time = NOON
  db = await openTestDb()
  hits = openHits({ db, now })
  server = await serveTestWeb({ db, keys, hits, log: pino({ level: 'silent' }), now })
})

afterEach(async () => {
  await server.close()
  await hits.close()
  await db.close()
})

interface Asked extends RequestInit {
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
}

function ask(path: string, { fields, ...init }: Asked = {}) {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(fields ?? {}))
    for (const one of [value].flat()) body.append(name, String(one))
  return fetch(server.url + path, {
    redirect: 'manual',
    ...(fields ? { method: 'POST', body } : {}),
    ...init,
    headers: { 'user-agent': 'Tests/1', ...Object(init.headers) },
  })
}

/** What the open page shows, as its form carries it. */
async function openPage(path: string): Promise<{ readonly text: string; readonly shown: string }> {
  const text = await (await ask(path)).text()
  const [, shown = ''] = /name="shown" value="([^"]*)"/.exec(text) ?? []
  return { text, shown: shown.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&amp;', '&') }
}

/** Alice is on Harbour, which has topics, and on Canal; Quay is open to anyone; Vault is private and not hers. */
async function seedAlice() {
  const first = await seedSend(db.query, { deliveries: [{ who: 'alice' }], list: 'Harbour' })
  const second = await seedSend(db.query, {
    deliveries: [{ who: 'alice' }],
    list: 'Canal',
    visibility: 'private',
    issue: { slug: '2026-03-16-locks' },
  })
  const topics = [
    { name: 'cranes', title: 'Cranes & <lifts>' },
    { name: 'tides', title: 'Tides' },
  ]
  await db.query
    .updateTable('list')
    .set({ is_open: 1, topics: JSON.stringify(topics), has_monthly: 1 })
    .where('id', '=', first.listId)
    .execute()
  const lists = await db.query
    .insertInto('list')
    .values([
      { name: 'quay', title: 'Quay', visibility: 'public', is_open: 1, created_at: 1 },
      { name: 'vault', title: 'Vault', visibility: 'private', is_open: 0, created_at: 1 },
    ])
    .returning('id')
    .execute()
  const deliveryId = first.deliveries.alice ?? 0
  const { subscriber_id: subscriberId } = await db.query
    .selectFrom('delivery')
    .select('subscriber_id')
    .where('id', '=', deliveryId)
    .executeTakeFirstOrThrow()
  const token = signToken(keys, 'leave', deliveryId)
  return {
    subscriberId,
    harbour: String(first.listId),
    canal: String(second.listId),
    quay: String(lists[0]?.id),
    vault: String(lists[1]?.id),
    page: `/p/${token}`,
    leave: `/u/${token}`,
  }
}

const subscriptions = async () => {
  const rows = await db.query
    .selectFrom('subscription')
    .innerJoin('list', 'list.id', 'subscription.list_id')
    .select(['list.name', 'subscription.status', 'subscription.preferences', 'subscription.paused_until'])
    .execute()
  return new Map(rows.map((row) => [row.name, row]))
}
const events = () => db.query.selectFrom('event').selectAll().orderBy('id').execute()
const notices = () => db.query.selectFrom('notice').selectAll().orderBy('id').execute()

test('V07: opening any of these pages, by GET or HEAD and as often as a scanner likes, changes nothing', async () => {
  const { page, leave } = await seedAlice()
  const before = [await subscriptions(), await events()]

  for (let i = 0; i < 20; i++)
    for (const method of ['GET', 'HEAD'])
      for (const path of [page, `${page}?act=leaveAll&act=erase`, leave]) {
        const answer = await ask(path, {
          method,
          headers: { 'user-agent': 'BarracudaCentral/1.0 (link scanner)' },
        })
        expect(answer.status).toBe(200)
        expect(answer.headers.get('cache-control')).toBe('no-store, private')
        expect(answer.headers.get('x-robots-tag')).toBe('noindex')
      }
  expect((await ask(`${leave}/undo`)).status).toBe(405)

  expect([await subscriptions(), await events()]).toEqual(before)
  expect(await notices()).toEqual([])
})

test('the page names the Lists they are on and may join, the address only as its owner would know it', async () => {
  const { page } = await seedAlice()

  const { text } = await openPage(page)

  expect(text).toContain('For <span class="whole">a…e@example.com</span>')
  expect(text).not.toContain('alice')
  for (const name of ['Harbour', 'Canal', 'Quay']) expect(text).toContain(name)
  expect(text).not.toContain('Vault')
  expect(text).toContain('Cranes &amp; &lt;lifts&gt;')
})

describe('saving', () => {
  test('leaves what was unticked at once, and says so', async () => {
    const { page, harbour } = await seedAlice()
    const { shown } = await openPage(page)

    const answer = await ask(page, { fields: { act: 'save', shown, list: [harbour] } })

    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('You are unsubscribed from Canal.')
    expect((await subscriptions()).get('canal')?.status).toBe('unsubscribed')
    expect(await events()).toMatchObject([
      { kind: 'unsubscribed', detail: '{"how":"preferences","network":"127.0.0.0/24","agent":"Tests/1"}' },
    ])
  })

  test('asks the mailbox before anyone joins, and only for a List that is open', async () => {
    const { page, harbour, canal, quay, vault, subscriberId } = await seedAlice()
    const { shown } = await openPage(page)
    const forged = JSON.parse(shown) as { lists: unknown[] }
    forged.lists.push({ id: Number(vault), isOn: false, topics: [], monthly: false })

    const answer = await ask(page, {
      fields: { act: 'save', shown: JSON.stringify(forged), list: [harbour, canal, quay, vault] },
    })

    expect(await answer.text()).toContain(
      'We have written to <span class="whole">a…e@example.com</span>. Open the link in that message to join Quay',
    )
    expect([...(await subscriptions()).keys()].sort()).toEqual(['canal', 'harbour'])
    expect(await notices()).toMatchObject([
      { kind: 'confirm', list_id: Number(quay), subscriber_id: subscriberId, address: 'alice@example.com' },
    ])
  })

  test('keeps topics and a monthly pace, as the List offers them', async () => {
    const { page, harbour, canal } = await seedAlice()
    const { shown } = await openPage(page)
    const fields = {
      act: 'save',
      shown,
      list: [harbour, canal],
      [`topics.${harbour}`]: ['tides', 'forged'],
      [`monthly.${harbour}`]: '1',
      [`monthly.${canal}`]: '1',
      [`topics.${canal}`]: 'tides',
    }

    const text = await (await ask(page, { fields })).text()

    expect(text).toContain('Saved what you want of Harbour.')
    const saved = await subscriptions()
    expect(saved.get('harbour')?.preferences).toBe('{"topics":["tides"],"monthly":true}')
    expect(saved.get('canal')?.preferences).toBe('{}')
    expect((await events()).map(({ kind }) => kind)).toEqual(['preferred'])
  })

  test('in two tabs takes nothing back that the other has done', async () => {
    const { page, leave, harbour, canal } = await seedAlice()
    const tab = await openPage(page)
    const other = await openPage(page)
    await ask(page, {
      fields: { act: 'save', shown: tab.shown, list: [harbour, canal], [`topics.${harbour}`]: 'tides' },
    })
    await ask(page, { fields: { act: 'save', shown: tab.shown, list: [harbour] } })
    const all = { [`topics.${harbour}`]: ['cranes', 'tides'] }

    // The other tab still shows Canal as ticked, and all topics; it asks for the monthly pace alone.
    const answer = await ask(page, {
      fields: {
        act: 'save',
        shown: other.shown,
        list: [harbour, canal],
        ...all,
        [`monthly.${harbour}`]: '1',
      },
    })

    expect(answer.status).toBe(200)
    const saved = await subscriptions()
    expect(saved.get('canal')?.status).toBe('unsubscribed')
    expect(saved.get('harbour')?.preferences).toBe('{"monthly":true}')
    expect(await (await ask(leave)).text()).toContain('Unsubscribe from Harbour?')
  })

  test('at once from two tabs keeps what each has changed', async () => {
    const { page, harbour, canal } = await seedAlice()
    const { shown } = await openPage(page)
    const all = { [`topics.${harbour}`]: ['cranes', 'tides'] }
    const save = (fields: Record<string, string | readonly string[]>) =>
      ask(page, { fields: { act: 'save', shown, list: [harbour, canal], ...all, ...fields } })

    await Promise.all([
      save({ [`topics.${harbour}`]: 'tides' }),
      save({ [`monthly.${harbour}`]: '1' }),
      save({ lang: 'de' }),
    ])

    expect((await subscriptions()).get('harbour')?.preferences).toBe('{"topics":["tides"],"monthly":true}')
    expect(await (await ask(page)).text()).toContain('<html lang="de"')
  })

  test('the language is theirs on every page from then on', async () => {
    const { page, leave, harbour, canal } = await seedAlice()
    const { shown } = await openPage(page)

    const saved = await (
      await ask(page, { fields: { act: 'save', shown, list: [harbour, canal], lang: 'fr' } })
    ).text()

    expect(saved).toContain('Votre langue est enregistrée.')
    const text = await (await ask(leave, { headers: { 'accept-language': 'es' } })).text()
    expect(text).toContain('Se désabonner de Harbour')
  })

  test('what is no form of ours changes nothing', async () => {
    const { page } = await seedAlice()
    const before = await subscriptions()
    const broken = [
      {},
      { act: 'save' },
      { act: 'save', shown: '{' },
      { act: 'save', shown: '{"lang":"xx","lists":[]}' },
      { act: 'pause', pause: '99' },
      { act: 'constructor' },
    ]

    for (const fields of broken) {
      const answer = await ask(page, { fields })
      expect([fields, answer.status]).toEqual([fields, 400])
      expect(await answer.text()).toContain('nothing was changed')
    }
    const json = await ask(page, {
      method: 'POST',
      body: '{"act":"leaveAll"}',
      headers: { 'content-type': 'application/json' },
    })
    expect(json.status).toBe(400)
    expect(await subscriptions()).toEqual(before)
  })
})

describe('a pause', () => {
  test.each([
    ['1', Date.UTC(2026, 1, 28, 12), 'Paused until 28 February 2026.'],
    ['3', Date.UTC(2026, 3, 30, 12), 'Paused until 30 April 2026.'],
    ['6', Date.UTC(2026, 6, 31, 12), 'Paused until 31 July 2026.'],
    ['open', UNTIL_RESUMED, 'Paused until you resume.'],
  ])('of %s is kept for all they are on, and ended by their word', async (pause, until, words) => {
    const { page } = await seedAlice()

    const paused = await (await ask(page, { fields: { act: 'pause', pause } })).text()
    const kept = await subscriptions()
    const resumed = await (await ask(page, { fields: { act: 'resume' } })).text()

    // What was done and how it stands are the same words.
    expect(paused).toContain(`<div class="notice" role="status"><p>${words} You get nothing until then.</p>`)
    expect(paused.split(words)).toHaveLength(3)
    expect([...kept.values()].map(({ paused_until }) => paused_until)).toEqual([until, until])
    expect(resumed).toContain('Resumed.')
    expect([...(await subscriptions()).values()].map(({ paused_until }) => paused_until)).toEqual([
      null,
      null,
    ])
    expect((await events()).map(({ kind }) => kind)).toEqual(Array(4).fill('preferred'))
  })
})

describe('a pause of some Lists', () => {
  const isPaused = { paused_until: UNTIL_RESUMED }

  test('is told of these alone, can be ended, and can be made one of all', async () => {
    const { page, canal } = await seedAlice()
    await db.query.updateTable('subscription').set(isPaused).where('list_id', '=', Number(canal)).execute()

    const { text } = await openPage(page)

    expect(text).toContain('<p>Canal: Paused until you resume.</p>')
    expect(text).not.toContain('<p>Paused until you resume.</p>')
    expect(text).toContain('value="resume"')
    expect(text).toContain('value="pause"')
  })

  test('that they have left says nothing of the others', async () => {
    const { page, canal } = await seedAlice()
    await db.query.updateTable('list').set({ is_open: 1, visibility: 'public' }).execute()
    await db.query
      .updateTable('subscription')
      .set({ ...isPaused, status: 'unsubscribed', left_by: 'person' })
      .where('list_id', '=', Number(canal))
      .execute()

    const { text } = await openPage(page)

    expect(text).not.toContain('Paused until')
    expect(text).not.toContain('value="resume"')
  })

  test('is none where they are on no List any more, in this tab or another', async () => {
    const { page } = await seedAlice()
    await ask(page, { fields: { act: 'leaveAll' } })

    const text = await (await ask(page, { fields: { act: 'pause', pause: '3' } })).text()

    expect(text).toContain('You are on no list.')
    expect(text).not.toContain('Paused')
    expect(text).not.toContain('value="pause"')
  })
})

test('leaving everything ends all of it, what waits for a yes too', async () => {
  const { page, subscriberId, quay } = await seedAlice()
  await db.query
    .insertInto('subscription')
    .values({
      list_id: Number(quay),
      subscriber_id: subscriberId,
      status: 'pending',
      created_at: 1,
      changed_at: 1,
    })
    .execute()

  const text = await (await ask(page, { fields: { act: 'leaveAll' } })).text()

  expect(text).toContain('You are unsubscribed from everything.')
  expect([...(await subscriptions()).values()].map(({ status }) => status)).toEqual(
    Array(3).fill('unsubscribed'),
  )
})

describe('undoing', () => {
  test('brings them back for thirty days, once, and leaves out what was being sent', async () => {
    const { leave, page } = await seedAlice()
    const under = await seedSend(db.query, {
      deliveries: [{ who: 'alice', state: 'queued' }],
      list: 'Harbour',
      issue: { slug: '2026-03-20-way' },
    })
    const left = await (await ask(leave, { fields: { 'List-Unsubscribe': 'One-Click' } })).text()
    time += 29 * 86_400_000

    expect(left).toContain('Subscribe me again')
    expect(await (await ask(leave)).text()).toContain('Subscribe me again')
    for (let i = 0; i < 2; i++) {
      const answer = await ask(`${leave}/undo`, { fields: {} })
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('What was being sent while you were away does not come any more')
    }

    expect((await subscriptions()).get('harbour')?.status).toBe('active')
    expect((await events()).map(({ kind }) => kind)).toEqual(['unsubscribed', 'restored'])
    const { state, reason } = await db.query
      .selectFrom('delivery')
      .select(['state', 'reason'])
      .where('id', '=', under.deliveries.alice ?? 0)
      .executeTakeFirstOrThrow()
    expect([state, reason]).toEqual(['excluded', 'unsubscribed'])
    expect(await (await ask(page)).text()).not.toContain('You have left it')
  })

  test('works from the preferences too, where what was left by mistake can be ticked again', async () => {
    const { page, harbour, canal } = await seedAlice()
    await ask(page, { fields: { act: 'leaveAll' } })
    const { shown, text } = await openPage(page)

    const answer = await ask(page, { fields: { act: 'save', shown, list: [harbour, canal] } })

    expect(text).toContain('You have left it. Tick it to come back.')
    expect(await answer.text()).toContain('You are subscribed to Canal again.')
    expect([...(await subscriptions()).values()].map(({ status }) => status)).toEqual(['active', 'active'])
    expect(await notices()).toEqual([])
  })

  test.each<[string, () => Promise<unknown>]>([
    ['after thirty days', async () => (time += 30 * 86_400_000)],
    [
      'what an editor has ended',
      () => db.query.updateTable('subscription').set({ left_by: 'editor' }).execute(),
    ],
    [
      'while the address is suppressed',
      () =>
        db.query
          .insertInto('suppression')
          .values({
            address_hash: hashAddress(keys, 'alice@example.com'),
            reason: 'complained',
            created_at: 1,
          })
          .execute(),
    ],
  ])('does nothing %s', async (_when, change) => {
    const { leave } = await seedAlice()
    await ask(leave, { fields: { how: 'page' } })
    await change()

    const text = await (await ask(`${leave}/undo`, { fields: {} })).text()

    expect(text).toContain('This cannot be taken back here any more.')
    expect((await subscriptions()).get('harbour')?.status).toBe('unsubscribed')
    expect((await events()).map(({ kind }) => kind)).toEqual(['unsubscribed'])
  })

  test('does not make a Subscription of what a file only reports as left', async () => {
    const { page, quay } = await seedAlice()
    await openImporter(db).importText(
      'email,type,creation_date\nalice@example.com,unsubscribed,2024-01-01\n',
      { from: buttondown, listName: 'quay' },
    )
    const { shown, text } = await openPage(page)

    await ask(page, { fields: { act: 'save', shown, list: [quay] } })

    expect(text).not.toContain('You have left it')
    expect((await subscriptions()).get('quay')?.status).toBe('unsubscribed')
    expect(await notices()).toMatchObject([{ kind: 'confirm', address: 'alice@example.com' }])
  })

  test('gives nobody what they never had: who had not confirmed stays out', async () => {
    const { leave } = await seedAlice()
    await db.query.updateTable('subscription').set({ status: 'pending' }).execute()
    await ask(leave, { fields: { how: 'page' } })

    await ask(`${leave}/undo`, { fields: {} })

    expect((await subscriptions()).get('harbour')?.status).toBe('unsubscribed')
  })
})

describe('what the mailbox has to confirm', () => {
  test.each(['move', 'export', 'erase'])(
    '%s only sends a Notice, three a day, with one answer',
    async (act) => {
      const { page, subscriberId } = await seedAlice()
      const answers = new Set<string>()

      for (let i = 0; i < 5; i++)
        answers.add(await (await ask(page, { fields: { act, address: 'new@example.org' } })).text())

      expect(answers.size).toBe(1)
      expect([...answers][0]).toContain(
        'We have written to <span class="whole">a…e@example.com</span>. Open the link in that message within 24 hours.',
      )
      expect(await notices()).toMatchObject(
        Array(3).fill({
          kind: act === 'move' ? 'moveFrom' : act,
          address: 'alice@example.com',
          subscriber_id: subscriberId,
          expires_at: NOON + 86_400_000,
        }),
      )
      time += 86_400_000
      await ask(page, { fields: { act, address: 'new@example.org' } })
      expect(await notices()).toHaveLength(4)
    },
  )

  test('a guess at the address is answered like any other, and a wrong one keeps what was typed', async () => {
    const { page } = await seedAlice()
    const guess = await (await ask(page, { fields: { act: 'move', address: 'alice@example.com' } })).text()
    const other = await (await ask(page, { fields: { act: 'move', address: 'carol@example.com' } })).text()

    const wrong = await ask(page, { fields: { act: 'move', address: '"><b>a@b.test\r\nRcpt: x' } })

    expect(guess).toBe(other)
    expect((await notices()).map(({ detail }) => detail)).toEqual(['{"newAddress":"carol@example.com"}'])
    expect(wrong.status).toBe(400)
    const text = await wrong.text()
    expect(text).toContain('This is no address that mail can go to.')
    expect(text).toContain('value="&quot;&gt;&lt;b&gt;a@b.test')
    expect(text).not.toContain('<b>')
  })

  test('nobody who is suppressed is written to, and the answer is the same', async () => {
    const { page } = await seedAlice()
    const free = await (await ask(page, { fields: { act: 'erase' } })).text()
    await db.query
      .insertInto('suppression')
      .values({ address_hash: hashAddress(keys, 'alice@example.com'), reason: 'bounced', created_at: 1 })
      .execute()

    expect(await (await ask(page, { fields: { act: 'erase' } })).text()).toBe(free)
    expect(await notices()).toHaveLength(1)
  })
})

test('V38: a forged, changed, cut or other-purpose Token gets one page everywhere, and writes nothing', async () => {
  const { page } = await seedAlice()
  const good = page.slice(3)
  const before = await subscriptions()
  const foreign = makeKeys(['a foreign secret that has more than 32 characters'])
  const bad = [
    randomBytes(16).toString('base64url'),
    signToken(foreign, 'leave', 1),
    signToken(keys, 'read', 1),
    signToken(keys, 'return', 1),
    signToken(keys, 'notice', 1),
    signToken(keys, 'leave', 1_000_000),
    good.slice(0, -1),
    `${good}A`,
    good.slice(0, 5) + (good[5] === 'A' ? 'B' : 'A') + good.slice(6),
    '..%2f..',
    '%00',
  ]
  const pages = new Set<string>()

  for (const token of bad)
    for (const [path, method] of [
      [`/p/${token}`, 'GET'],
      [`/p/${token}`, 'POST'],
      [`/u/${token}`, 'GET'],
      [`/u/${token}`, 'POST'],
      [`/u/${token}/undo`, 'POST'],
    ] as const) {
      const answer = await ask(path, method === 'GET' ? {} : { fields: { act: 'leaveAll' } })
      expect([path, method, answer.status]).toEqual([path, method, 404])
      pages.add(await answer.text())
    }

  expect(pages.size).toBe(1)
  expect(await subscriptions()).toEqual(before)
  expect(await events()).toEqual([])
  expect(await notices()).toEqual([])
})

test('what another site’s page sends is refused, but for the one-click POST', async () => {
  const { page, leave } = await seedAlice()
  const foreign = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]

  for (const headers of foreign) {
    expect((await ask(page, { fields: { act: 'leaveAll' }, headers })).status).toBe(403)
    expect((await ask(`${leave}/undo`, { fields: {}, headers })).status).toBe(403)
    expect((await ask(leave, { fields: { 'List-Unsubscribe': 'One-Click' }, headers })).status).toBe(200)
  }

  expect((await subscriptions()).get('canal')?.status).toBe('active')
  expect((await ask(page, { fields: { act: 'save', shown: 'x'.repeat(17_000) } })).status).toBe(413)
})
