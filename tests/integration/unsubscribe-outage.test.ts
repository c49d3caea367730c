/** Leaving while the database can't be written: whoever asks hears soon that it is not done, and it is not done behind their back. */

import { sql } from 'kysely'
import Database from 'libsql'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { leaveOf } from '../rig/links.js'
import { deliveryOf, eventsIn } from '../rig/rows.js'
import { type SeededSend, seedSend } from '../rig/seed.js'
import { openWebPlace, type WebPlace } from '../rig/web-place.js'

const isPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'
/** Before a mail program has given up. */
const SOON_MS = 11_000

let web: WebPlace
let send: SeededSend
let giveBack: () => Promise<void>

beforeEach(async () => {
  web = await openWebPlace({ time: 1_000_000 })
  send = await seedSend(web.db.query, { deliveries: [{ who: 'alice', state: 'queued' }] })
  giveBack = await (isPostgres ? lockRows() : lockFile())
})

afterEach(async () => {
  await giveBack()
  await web.close()
})

/** Another process writes, and does not end. */
async function lockFile(): Promise<() => Promise<void>> {
  const { rows } = await sql<{ file: string }>`pragma database_list`.execute(web.db.query)
  const holder = new Database(rows[0]?.file ?? '')
  holder.exec('begin immediate')
  return once(() => holder.close())
}

/** Another session has changed what is to be changed, and does not end. */
async function lockRows(): Promise<() => Promise<void>> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(web.db.query)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${rows[0]?.name}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query('begin; select 1 from subscription for update')
  return once(() => client.end())
}

function once(release: () => unknown): () => Promise<void> {
  let isHeld = true
  return async () => {
    if (isHeld) await release()
    isHeld = false
  }
}

const statusOfAlice = async () =>
  (await web.db.query.selectFrom('subscription').select('status').executeTakeFirstOrThrow()).status

/** What waits for the database has had its turn. */
async function untilNobodyWaits(): Promise<void> {
  await web.db.query.insertInto('issue').values({ slug: 'next', created_at: 1 }).execute()
}

test.each([
  ['the one-click POST', { 'List-Unsubscribe': 'One-Click' }],
  ['the button', { how: 'page' }],
])('%s is answered soon that it is not done, and may be repeated', async (_what, fields) => {
  const path = leaveOf(send.deliveries.alice)
  const begun = performance.now()

  const answer = await web.ask(path, { fields, headers: { 'accept-language': 'de' } })

  expect(performance.now() - begun).toBeLessThan(SOON_MS)
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('60')
  const page = await answer.text()
  expect(page).toContain('Sie sind noch nicht abgemeldet')
  expect(page).toContain('Verloren ist nichts')
  expect(page).toContain('<form method="post"><button name="how" value="page">Abbestellen</button></form>')

  await giveBack()
  await untilNobodyWaits()
  expect(await statusOfAlice()).toBe('active')
  expect(await eventsIn(web.db)).toEqual([])

  expect((await web.ask(path, { fields })).status).toBe(200)
  expect(await statusOfAlice()).toBe('unsubscribed')
  expect(await deliveryOf(web.db, send.deliveries.alice)).toMatchObject({ state: 'excluded' })
})

test.skipIf(isPostgres)('is done when the database is there again in time', async () => {
  const asked = web.ask(leaveOf(send.deliveries.alice), { fields: { how: 'page' } })
  // Longer than the Hit waits.
  await expect
    .poll(() => web.logged.join('\n'), { timeout: 8_000 })
    .toContain('hit answered before it was kept')

  await giveBack()

  expect((await asked).status).toBe(200)
  expect(await statusOfAlice()).toBe('unsubscribed')
})
