/** One's own data over real HTTP: a copy as a download, erasure by the mailbox's yes, and what other links make of it then. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { clickOf, leaveOf, noticeOf, preferencesOf } from '../rig/links.js'
import { noticesIn } from '../rig/rows.js'
import { seedSend } from '../rig/seed.js'
import { tablesWith } from '../rig/traces.js'
import { type Asked, openWebPlace, type WebPlace } from '../rig/web-place.js'

const NOON = Date.UTC(2026, 0, 31, 12)

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: NOON })
})

afterEach(() => web.close())

const post = (path: string, asked: Asked = {}) => web.ask(path, { fields: {}, ...asked })

/** Alice has asked for it on her page, and this is the link that her mailbox got. */
async function askFor(act: 'export' | 'erase') {
  const { deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'bertram' }],
    links: [{ url: 'https://example.org/a' }],
  })
  await web.ask(clickOf(deliveries.alice, 0))
  const page = preferencesOf(deliveries.alice)
  await post(page, { fields: { act } })
  const [notice] = await noticesIn(web.db)
  return { link: noticeOf(notice?.id), page, leave: leaveOf(deliveries.alice) }
}

test('a copy is a download with all that is kept of them, and nothing of others', async () => {
  const { link } = await askFor('export')
  for (const method of ['GET', 'HEAD']) await web.ask(link, { method })
  expect(await web.db.query.selectFrom('event').select('kind').execute()).toEqual([])

  const first = await post(link)
  const again = await post(link)

  expect(first.headers.get('content-disposition')).toBe('attachment; filename="my-data.json"')
  expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(first.headers.get('cache-control')).toBe('no-store, private')
  const text = await first.text()
  expect(JSON.parse(text)).toMatchObject({
    address: 'alice@example.com',
    name: 'alice',
    subscriptions: [{ list: 'harbour', status: 'active' }],
    deliveries: [
      {
        issue: '2026-03-01-cranes',
        state: 'sent',
        requests: [{ kind: 'click', link: 0 }, { kind: 'form' }],
      },
    ],
    notices: [{ kind: 'export', to: 'alice@example.com' }],
    events: [{ kind: 'exported' }],
    comments: [],
  })
  expect(text).not.toContain('bertram')
  expect(again.status).toBe(200)
  expect(await web.db.query.selectFrom('event').select('kind').execute()).toEqual([{ kind: 'exported' }])
  expect((await post(link, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
  web.time += 86_400_000
  expect((await post(link)).status).toBe(404)
})

test('V38: erased by one yes; every link of theirs is then as one that was never ours', async () => {
  const { link, page, leave } = await askFor('erase')
  for (let i = 0; i < 5; i++) expect((await web.ask(link)).status).toBe(200)
  expect(await tablesWith(web.db.query, 'alice')).not.toEqual([])

  const done = await post(link)

  expect(await done.text()).toContain('Your data is erased')
  expect(await tablesWith(web.db.query, 'alice')).toEqual([])
  expect(await tablesWith(web.db.query, 'bertram')).toEqual(['delivery', 'subscriber'])
  const forged = await web.read(`/p/${'A'.repeat(22)}`)
  for (const path of [link, page, leave]) {
    expect(await web.read(path)).toBe(forged)
    expect(await (await post(path)).text()).toBe(forged)
  }
  expect(await (await post(`${leave}/undo`)).text()).toBe(forged)
})
