/** Who counts while others write, on Postgres, where several do so at once: nobody is missed, and nobody undone. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db, Query } from '../../src/db/db.js'
import { ingestOnce } from '../../src/event/ingest.js'
import { scrub } from '../../src/track/scrub.js'
import { openTestDb } from '../rig/database.js'
import { untilWaiting } from '../rig/locks.js'
import { keptReach, plainReach } from '../rig/reach.js'
import { type SeededSend, seedSend } from '../rig/seed.js'

const started = Date.parse('2026-03-01T08:20:00Z')
const agent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'

describe.skipIf(process.env.PRESSRUN_TEST_DATABASE !== 'postgres')('on Postgres', () => {
  let db: Db
  let send: SeededSend

  beforeEach(async () => {
    db = await openTestDb()
    send = await seedSend(db.query, { deliveries: [{ who: 'alice' }, { who: 'dora' }], now: started })
  })

  afterEach(() => db.close())

  const idOf = (who: string) => send.deliveries[who] ?? 0

  async function addOpen(query: Query, who: string): Promise<void> {
    await query
      .insertInto('hit')
      .values({
        kind: 'open',
        delivery_id: idOf(who),
        link: null,
        method: 'GET',
        user_agent: agent,
        network: '192.0.2.0/24',
        headers: '{}',
        at: started,
      })
      .execute()
  }

  test('a Hit that has waited for minutes, and is committed after a later one, is judged', async () => {
    let time = started + 600_000
    const now = () => time
    await db.query.transaction().execute(async (late) => {
      await addOpen(late, 'alice')
      await addOpen(db.query, 'dora')
      await ingestOnce({ db, now })
      time += 1_000
      await ingestOnce({ db, now })
    })

    time += 1_000
    await ingestOnce({ db, now })
    time += 600_000
    await ingestOnce({ db, now })

    expect(await keptReach(db.query, send.sendId)).toEqual(await plainReach(db.query, send.sendId))
    const cursor = await db.query
      .selectFrom('meta')
      .select('value')
      .where('key', '=', 'ingest.cursor')
      .execute()
    expect(cursor).toEqual([{ value: '2' }])
  })

  test('a first Hit that comes while its person is erased counts for no domain', async () => {
    const now = () => started + 600_000
    await db.query.transaction().execute(async (trx) => {
      await scrub(trx, [1])
      await addOpen(db.query, 'alice')
      const counting = ingestOnce({ db, now })
      await Promise.race([counting, untilWaiting(db.query)])
    })
    await ingestOnce({ db, now })

    expect(await keptReach(db.query, send.sendId)).toEqual(await plainReach(db.query, send.sendId))
  })
})
