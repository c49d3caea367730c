/** What Hits are taken for, from the request to the Report; and that it is the same however they come in. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { ingestOnce } from '../../src/event/ingest.js'
import { TRAP_INDEX } from '../../src/link/trap.js'
import { readReport } from '../../src/report/report.js'
import { SCENARIOS } from '../hits/all.js'
import { judgeScenario } from '../hits/confusion.js'
import type { Scenario } from '../hits/scenario.js'
import { clickOf, leaveOf, pixelOf } from '../rig/links.js'
import { seededRandom } from '../rig/random.js'
import { seedSend } from '../rig/seed.js'
import { type Asked, openWebPlace, type WebPlace } from '../rig/web-place.js'

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
const GMAIL = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)'
const TWELVE_LINKS = Array.from({ length: 12 }, (_, index) => ({ url: `https://example.org/${index}` }))
const SENT_AT = Date.UTC(2026, 2, 3, 9)

let web: WebPlace

beforeEach(async () => {
  web = await openWebPlace({ time: SENT_AT, agent: CHROME })
})

afterEach(() => web.close())

const ask = (path: string, asked: Asked = {}) =>
  web.ask(path, { headers: { accept: 'text/html', 'accept-language': 'en' }, ...asked })

/** Alice alone, sent at SENT_AT, an Issue with twelve Links. */
async function sendToAlice(): Promise<{ readonly sendId: number; readonly alice: number }> {
  const { sendId, deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }],
    links: TWELVE_LINKS,
  })
  const alice = deliveries.alice ?? 0
  await accept(sendId, { ids: [alice], at: SENT_AT })
  return { sendId, alice }
}

/** The Attempt that a relay has accepted. */
async function accept(sendId: number, { ids, at }: { readonly ids: readonly number[]; readonly at: number }) {
  const attempt = {
    number: 1,
    relay: 'inbox',
    fence: 1,
    owner: 'test',
    intended_at: at - 100,
    outcome: 'sent',
  }
  const reply = { code: 250, text: '2.0.0 Ok', replied_at: at }
  await web.db.query
    .insertInto('attempt')
    .values(ids.map((id) => ({ delivery_id: id, send_id: sendId, ...attempt, ...reply })))
    .execute()
}

const readVerdicts = () =>
  web.db.query
    .selectFrom('hit')
    .innerJoin('classification', 'classification.hit_id', 'hit.id')
    .select(['hit.id', 'hit.kind', 'classification.verdict', 'classification.reasons'])
    .orderBy('hit.id')
    .execute()

test('V56: thirty opens by Google are one reader, Apple’s are unknown, a HEAD is not counted', async () => {
  const { sendId, deliveries } = await seedSend(web.db.query, {
    deliveries: [{ who: 'alice' }, { who: 'dora' }, { who: 'grace' }],
    links: TWELVE_LINKS,
  })
  const { alice = 0, dora = 0, grace = 0 } = deliveries
  await accept(sendId, { ids: [alice, dora, grace], at: SENT_AT })
  web.time += 60_000

  for (let count = 0; count < 30; count += 1) await ask(pixelOf(alice), { agent: GMAIL })
  await ask(pixelOf(dora), { agent: 'Mozilla/5.0' })
  await ask(pixelOf(grace), { method: 'HEAD' })
  await ingestOnce(web)

  const { opens } = await readReport(web.db.query, sendId)
  expect(opens).toEqual({ hits: 32, deliveries: 3, person: 1, unknown: 1, machine: 1 })
})

test('V57: all twelve links within two seconds, then a human click an hour later: 12 machine, 1 human', async () => {
  const { sendId, alice } = await sendToAlice()

  web.time += 60_000
  for (let index = 0; index < 12; index += 1) {
    await ask(clickOf(alice, index))
    web.time += 160
  }
  web.time += 3_600_000
  await ask(clickOf(alice, 4))
  await ingestOnce(web)

  const verdicts = (await readVerdicts()).map(({ verdict }) => verdict)
  expect(verdicts).toEqual([...Array(12).fill('machine'), 'person'])
  const { clicks } = await readReport(web.db.query, sendId)
  expect(clicks).toMatchObject({ hits: 13, deliveries: 1, person: 1, unknown: 0, machine: 0 })
  expect(clicks.links.map(({ person, machine }) => [person, machine])).toEqual(
    TWELVE_LINKS.map((_, index) => (index === 4 ? [1, 0] : [0, 1])),
  )
})

test('what comes later tells what came before: a honeypot makes a machine of the click, a form a person', async () => {
  const { sendId, alice } = await sendToAlice()
  web.time += 60_000
  await ask(clickOf(alice, 0))
  await ingestOnce(web)
  expect((await readReport(web.db.query, sendId)).clicks).toMatchObject({ person: 1, machine: 0 })

  web.time += 20_000
  await ask(clickOf(alice, TRAP_INDEX))
  await ingestOnce(web)
  expect((await readReport(web.db.query, sendId)).clicks).toMatchObject({ hits: 1, person: 0, machine: 1 })

  web.time += 20_000
  await recordForm(alice)
  await ingestOnce(web)

  expect(await readVerdicts()).toMatchObject([
    { kind: 'click', verdict: 'person', reasons: 'near-form' },
    { kind: 'trap', verdict: 'unknown', reasons: 'near-form,honeypot' },
    { kind: 'form', verdict: 'person', reasons: 'form' },
  ])
  expect((await readReport(web.db.query, sendId)).clicks).toMatchObject({ hits: 1, person: 1, machine: 0 })
})

test('a robot that follows all links, the hidden one too, and then makes the one-click POST stays a robot', async () => {
  const { sendId, alice } = await sendToAlice()
  web.time += 60_000
  for (const index of [...TWELVE_LINKS.keys(), TRAP_INDEX]) await ask(clickOf(alice, index))
  web.time += 1_000
  const left = await ask(leaveOf(alice), { fields: { 'List-Unsubscribe': 'One-Click' } })
  await ingestOnce(web)

  expect(await left.text()).toContain('You are unsubscribed')
  const verdicts = (await readVerdicts()).map(({ kind, verdict }) => `${kind} ${verdict}`)
  expect(verdicts).toEqual([...Array(12).fill('click machine'), 'trap machine', 'unsubscribe unknown'])
  expect((await readReport(web.db.query, sendId)).clicks).toMatchObject({ person: 0, machine: 1 })

  await ask(leaveOf(alice), { fields: { how: 'page' } })
  await ingestOnce(web)

  const after = (await readVerdicts()).map(({ kind, verdict }) => `${kind} ${verdict}`)
  expect(after).toEqual([
    ...Array(12).fill('click person'),
    'trap unknown',
    'unsubscribe person',
    'unsubscribe person',
  ])
})

/** As the browser of `ask` would pass one; the pages have tests of their own. */
function recordForm(deliveryId: number): Promise<number | null> {
  const requester = { method: 'POST', userAgent: CHROME, network: '127.0.0.0/24', headers: {} }
  return web.hits.record({ kind: 'form', deliveryId, link: null, ...requester })
}

test('the whole corpus, come in any order and judged as it comes, is judged as at once', async () => {
  const { next } = seededRandom(57)
  const expected: string[] = []
  const drafts: { readonly label: string; readonly row: HitRow }[] = []
  for (const [place, scenario] of SCENARIOS.entries()) {
    const ids = await seedScenario(scenario, place)
    for (const { hit, verdict, reasons } of judgeScenario(scenario))
      expected.push(`${place}.${hit.id} ${verdict} ${reasons.join(',')}`)
    scenario.deliveries.forEach((ofDelivery, index) => {
      for (const hit of ofDelivery)
        drafts.push({ label: `${place}.${hit.id}`, row: toRow(hit, ids[index] ?? 0) })
    })
  }
  const order = drafts.map((draft) => ({ draft, key: next() })).sort((one, other) => one.key - other.key)

  const labels = new Map<number, string>()
  for (let from = 0; from < order.length; from += 300) {
    const group = order.slice(from, from + 300).map(({ draft }) => draft)
    for (const { label, row } of group) {
      const { id } = await web.db.query
        .insertInto('hit')
        .values(row)
        .returning('id')
        .executeTakeFirstOrThrow()
      labels.set(id, label)
    }
    await ingestOnce(web)
  }

  const judged = (await readVerdicts()).map(
    ({ id, verdict, reasons }) => `${labels.get(id)} ${verdict} ${reasons}`,
  )
  expect(judged.sort()).toEqual(expected.sort())
})

type HitRow = ReturnType<typeof toRow>

function toRow(hit: Scenario['deliveries'][number][number], deliveryId: number) {
  const { kind, link, method, userAgent, network, headers, at } = hit
  return {
    kind,
    delivery_id: deliveryId,
    link,
    method,
    user_agent: userAgent,
    network,
    headers: JSON.stringify(headers),
    at,
  }
}

/** Its Send; ids of the Deliveries in their order. */
async function seedScenario(
  { links, sentAt, deliveries }: Scenario,
  place: number,
): Promise<readonly number[]> {
  const who = deliveries.map((_, index) => `reader${index}`)
  const { sendId, deliveries: ids } = await seedSend(web.db.query, {
    deliveries: who.map((name) => ({ who: name })),
    links: TWELVE_LINKS.slice(0, links),
    issue: { slug: `2026-03-03-scenario-${place}` },
  })
  const inOrder = who.map((name) => ids[name] ?? 0)
  if (sentAt !== null) await accept(sendId, { ids: inOrder, at: sentAt })
  return inOrder
}
