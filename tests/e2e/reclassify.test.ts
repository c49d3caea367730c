/** `pressrun reclassify` as its users meet it, and killed at each of its durable steps. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from '../../src/app/store.js'
import { readConfig } from '../../src/config.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { CLASSIFIER_VERSION } from '../../src/event/judge/judge.js'
import { type CliRoot, openCliRoot, spawnCli } from '../rig/cli.js'
import { keptReach } from '../rig/reach.js'
import { seedSend } from '../rig/seed.js'

const STEPS = [1, 2, 3].flatMap((passage) => [`rebuild.before:${passage}`, `rebuild.after:${passage}`])
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
const HOUR_MS = 3_600_000

let place: CliRoot
let store: Store

beforeEach(async () => {
  place = await openCliRoot({}, 'shared')
  store = await openStore(readConfig({ root: place.root, env: place.env }))
})

afterEach(async () => {
  await store.close()
  await place.close()
})

/** A scanner and a person at each of three mails, judged. */
async function seedJudged(): Promise<number> {
  const now = store.now() - 10 * HOUR_MS
  const links = Array.from({ length: 6 }, (_, index) => ({ url: `https://example.org/${index}` }))
  const who = ['alice', 'dora', 'erin'].map((name) => ({ who: name }))
  const { sendId, deliveries } = await seedSend(store.db.query, { deliveries: who, links, now })
  const headers = JSON.stringify({ 'accept-language': 'en' })
  const click = (delivery_id: number, link: number, at: number) =>
    ({
      kind: 'click',
      method: 'GET',
      user_agent: CHROME,
      network: '192.0.2.0/24',
      headers,
      delivery_id,
      link,
      at,
    }) as const
  const hits = Object.values(deliveries).flatMap((id) => [
    ...links.map((_, link) => click(id, link, now + HOUR_MS + link * 100)),
    click(id, 3, now + 3 * HOUR_MS),
  ])
  await store.db.query.insertInto('hit').values(hits).execute()
  await ingestOnce({ db: store.db, now: store.now })
  return sendId
}

const readVerdicts = () => store.db.query.selectFrom('classification').selectAll().orderBy('hit_id').execute()

test('wherever it is killed, the next one ends with the same verdicts and the same numbers', async () => {
  const sendId = await seedJudged()
  const [verdicts, reach] = [await readVerdicts(), await keptReach(store.db.query, sendId)]
  expect(verdicts).toHaveLength(21)

  for (const step of STEPS) {
    await store.db.query.updateTable('classification').set({ version: 1, reasons: 'old' }).execute()
    const env = { ...place.env, PRESSRUN_FAILPOINT: step }
    const { died } = spawnCli(['reclassify', String(sendId)], { root: place.root, env })
    expect([step, await died]).toEqual([step, 'SIGKILL'])
    // As if the half minute had passed after which it is taken for dead.
    await store.db.query.updateTable('rebuild').set({ touched_at: 0 }).execute()

    expect(await place.json('reclassify', String(sendId))).toMatchObject({ send: sendId, hits: 21 })

    expect([step, await readVerdicts()]).toEqual([step, verdicts])
    expect([step, await keptReach(store.db.query, sendId)]).toEqual([step, reach])
  }
})

test('what it says, and how it refuses', async () => {
  const sendId = await seedJudged()

  const dry = await place.run('reclassify', String(sendId), '--dry-run')
  const unknown = await place.run('reclassify', String(sendId + 1))

  expect(dry).toMatchObject({ code: 0, stderr: '' })
  expect(dry.stdout).toBe(
    `Send ${sendId}: 21 hits of 3 deliveries judged by rules ${CLASSIFIER_VERSION}; nothing would change

kind   before   would be  hits
click  person   person       3
click  machine  machine     18
`,
  )
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`there is no Send ${sendId + 1}`),
  })
})
