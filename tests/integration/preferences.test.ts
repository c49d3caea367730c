/** The page of preferences over real HTTP: what a person may do with a link alone, and in how many tabs. */

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeKeys, signToken } from '../../src/link/token.js'
import { openPage, seedAlice, subscriptionsIn } from '../rig/preferences-page.js'
import { eventsIn, noticesIn } from '../rig/rows.js'
import { KEYS, openWebPlace, type WebPlace } from '../rig/web-place.js'

const NOON = Date.UTC(2026, 0, 31, 12)

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: NOON, agent: 'Tests/1' })
})

afterEach(() => web.close())

test('V07: opening any of these pages, by GET or HEAD and as often as a scanner likes, changes nothing', async () => {
  const { page, leave } = await seedAlice(web.db)
  const before = [await subscriptionsIn(web.db), await eventsIn(web.db)]

  for (let i = 0; i < 20; i++)
    for (const method of ['GET', 'HEAD'])
      for (const path of [page, `${page}?act=leaveAll&act=erase`, leave]) {
        const answer = await web.ask(path, {
          method,
          headers: { 'user-agent': 'BarracudaCentral/1.0 (link scanner)' },
        })
        expect(answer.status).toBe(200)
        expect(answer.headers.get('cache-control')).toBe('no-store, private')
        expect(answer.headers.get('x-robots-tag')).toBe('noindex')
      }
  expect((await web.ask(`${leave}/undo`)).status).toBe(405)

  expect([await subscriptionsIn(web.db), await eventsIn(web.db)]).toEqual(before)
  expect(await noticesIn(web.db)).toEqual([])
})

test('the page names the Lists they are on and may join, the address only as its owner would know it', async () => {
  const { page } = await seedAlice(web.db)

  const { text } = await openPage(web, page)

  expect(text).toContain('For <span class="whole">a…e@example.com</span>')
  expect(text).not.toContain('alice')
  for (const name of ['Harbour', 'Canal', 'Quay']) expect(text).toContain(name)
  expect(text).not.toContain('Vault')
  expect(text).toContain('Cranes &amp; &lt;lifts&gt;')
})

describe('saving', () => {
  test('leaves what was unticked at once, and says so', async () => {
    const { page, harbour } = await seedAlice(web.db)
    const { shown } = await openPage(web, page)

    const answer = await web.ask(page, { fields: { act: 'save', shown, list: [harbour] } })

    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('You are unsubscribed from Canal.')
    expect((await subscriptionsIn(web.db)).get('canal')?.status).toBe('unsubscribed')
    expect(await eventsIn(web.db)).toMatchObject([
      { kind: 'unsubscribed', detail: '{"how":"preferences","network":"127.0.0.0/24","agent":"Tests/1"}' },
    ])
  })

  test('asks the mailbox before anyone joins, and only for a List that is open', async () => {
    const { page, harbour, canal, quay, vault, subscriberId } = await seedAlice(web.db)
    const { shown } = await openPage(web, page)
    const forged = JSON.parse(shown) as { lists: unknown[] }
    forged.lists.push({ id: Number(vault), isOn: false, topics: [], monthly: false })

    const answer = await web.ask(page, {
      fields: { act: 'save', shown: JSON.stringify(forged), list: [harbour, canal, quay, vault] },
    })

    expect(await answer.text()).toContain(
      'We have written to <span class="whole">a…e@example.com</span>. Open the link in that message to join Quay',
    )
    expect([...(await subscriptionsIn(web.db)).keys()].sort()).toEqual(['canal', 'harbour'])
    expect(await noticesIn(web.db)).toMatchObject([
      { kind: 'confirm', list_id: Number(quay), subscriber_id: subscriberId, address: 'alice@example.com' },
    ])
  })

  test('keeps topics and a monthly pace, as the List offers them', async () => {
    const { page, harbour, canal } = await seedAlice(web.db)
    const { shown } = await openPage(web, page)
    const fields = {
      act: 'save',
      shown,
      list: [harbour, canal],
      [`topics.${harbour}`]: ['tides', 'forged'],
      [`monthly.${harbour}`]: '1',
      [`monthly.${canal}`]: '1',
      [`topics.${canal}`]: 'tides',
    }

    const text = await web.read(page, { fields })

    expect(text).toContain('Saved what you want of Harbour.')
    const saved = await subscriptionsIn(web.db)
    expect(saved.get('harbour')?.preferences).toBe('{"topics":["tides"],"monthly":true}')
    expect(saved.get('canal')?.preferences).toBe('{}')
    expect((await eventsIn(web.db)).map(({ kind }) => kind)).toEqual(['preferred'])
  })

  test('in two tabs takes nothing back that the other has done', async () => {
    const { page, leave, harbour, canal } = await seedAlice(web.db)
    const tab = await openPage(web, page)
    const other = await openPage(web, page)
    await web.ask(page, {
      fields: { act: 'save', shown: tab.shown, list: [harbour, canal], [`topics.${harbour}`]: 'tides' },
    })
    await web.ask(page, { fields: { act: 'save', shown: tab.shown, list: [harbour] } })
    const all = { [`topics.${harbour}`]: ['cranes', 'tides'] }

    // The other tab still shows Canal as ticked, and all topics; it asks for the monthly pace alone.
    const answer = await web.ask(page, {
      fields: {
        act: 'save',
        shown: other.shown,
        list: [harbour, canal],
        ...all,
        [`monthly.${harbour}`]: '1',
      },
    })

    expect(answer.status).toBe(200)
    const saved = await subscriptionsIn(web.db)
    expect(saved.get('canal')?.status).toBe('unsubscribed')
    expect(saved.get('harbour')?.preferences).toBe('{"monthly":true}')
    expect(await web.read(leave)).toContain('Unsubscribe from Harbour?')
  })

  test('at once from two tabs keeps what each has changed', async () => {
    const { page, harbour, canal } = await seedAlice(web.db)
    const { shown } = await openPage(web, page)
    const all = { [`topics.${harbour}`]: ['cranes', 'tides'] }
    const save = (fields: Record<string, string | readonly string[]>) =>
      web.ask(page, { fields: { act: 'save', shown, list: [harbour, canal], ...all, ...fields } })

    await Promise.all([
      save({ [`topics.${harbour}`]: 'tides' }),
      save({ [`monthly.${harbour}`]: '1' }),
      save({ lang: 'de' }),
    ])

    expect((await subscriptionsIn(web.db)).get('harbour')?.preferences).toBe(
      '{"topics":["tides"],"monthly":true}',
    )
    expect(await web.read(page)).toContain('<html lang="de"')
  })

  test('the language is theirs on every page from then on', async () => {
    const { page, leave, harbour, canal } = await seedAlice(web.db)
    const { shown } = await openPage(web, page)

    const saved = await web.read(page, { fields: { act: 'save', shown, list: [harbour, canal], lang: 'fr' } })

    expect(saved).toContain('Votre langue est enregistrée.')
    const text = await web.read(leave, { headers: { 'accept-language': 'es' } })
    expect(text).toContain('Se désabonner de Harbour')
  })

  test('what is no form of ours changes nothing', async () => {
    const { page } = await seedAlice(web.db)
    const before = await subscriptionsIn(web.db)
    const broken = [
      {},
      { act: 'save' },
      { act: 'save', shown: '{' },
      { act: 'save', shown: '{"lang":"xx","lists":[]}' },
      { act: 'pause', pause: '99' },
      { act: 'constructor' },
    ]

    for (const fields of broken) {
      const answer = await web.ask(page, { fields })
      expect([fields, answer.status]).toEqual([fields, 400])
      expect(await answer.text()).toContain('nothing was changed')
    }
    const json = await web.ask(page, {
      method: 'POST',
      body: '{"act":"leaveAll"}',
      headers: { 'content-type': 'application/json' },
    })
    expect(json.status).toBe(400)
    expect(await subscriptionsIn(web.db)).toEqual(before)
  })
})

test('V38: a forged, changed, cut or other-purpose Token gets one page everywhere, and writes nothing', async () => {
  const { page } = await seedAlice(web.db)
  const good = page.slice(3)
  const before = await subscriptionsIn(web.db)
  const foreign = makeKeys(['a foreign secret that has more than 32 characters'])
  const bad = [
    randomBytes(16).toString('base64url'),
    signToken(foreign, 'leave', 1),
    signToken(KEYS, 'read', 1),
    signToken(KEYS, 'return', 1),
    signToken(KEYS, 'notice', 1),
    signToken(KEYS, 'leave', 1_000_000),
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
      const answer = await web.ask(path, method === 'GET' ? {} : { fields: { act: 'leaveAll' } })
      expect([path, method, answer.status]).toEqual([path, method, 404])
      pages.add(await answer.text())
    }

  expect(pages.size).toBe(1)
  expect(await subscriptionsIn(web.db)).toEqual(before)
  expect(await eventsIn(web.db)).toEqual([])
  expect(await noticesIn(web.db)).toEqual([])
})

test('what another site’s page sends is refused, but for the one-click POST', async () => {
  const { page, leave } = await seedAlice(web.db)
  const foreign = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]

  for (const headers of foreign) {
    expect((await web.ask(page, { fields: { act: 'leaveAll' }, headers })).status).toBe(403)
    expect((await web.ask(`${leave}/undo`, { fields: {}, headers })).status).toBe(403)
    expect((await web.ask(leave, { fields: { 'List-Unsubscribe': 'One-Click' }, headers })).status).toBe(200)
  }

  expect((await subscriptionsIn(web.db)).get('canal')?.status).toBe('active')
  expect((await web.ask(page, { fields: { act: 'save', shown: 'x'.repeat(17_000) } })).status).toBe(413)
})
