/** A Send under way whose engine was away for hours waits for a person; one that only rested just goes on. */

import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/app/store.js'
import { adoptCommand } from '../../src/commands/adopt.js'
import { openLog } from '../../src/log.js'
import { pauseSend, resumeSend } from '../../src/send/life.js'
import { compilation, countStates, freeze, subscribe, untilFinished } from '../rig/engine.js'
import { type HalfSent, makeDue, openHalfSent, PEOPLE, sendOf } from '../rig/half-sent.js'

const log = openLog('silent')

let place: HalfSent

beforeEach(async () => {
  place = await openHalfSent()
})

afterEach(() => place.close())

/** As if the engine had ended ten hours ago. */
async function rest({ db }: Store, sendId: number): Promise<void> {
  const hours = sql.lit(10 * 3_600_000)
  await sql`update meta set value = cast(cast(value as bigint) - ${hours} as text) where key = 'last seen'`.execute(
    db.query,
  )
  await sql`update send set created_at = created_at - ${hours}, started_at = started_at - ${hours}
    where id = ${sql.lit(sendId)}`.execute(db.query)
}

test('a Send under way when the engine ended hours ago is held; others go out; adopt lets it go on', async () => {
  const store = await place.root.store()
  const { engine, sendId } = await place.sendHalf(store)
  await engine.close()
  await rest(store, sendId)
  await makeDue(store)

  await place.root.engine()
  const held = await sendOf(store, sendId)
  const listId = await subscribe(store, 'others', ['alice'])
  const { sendId: second } = await freeze(store, listId, compilation('2026-01-12-harbour'))
  await untilFinished(store, second)
  const before = await countStates(store, sendId)
  const { seen, released } = await adoptCommand(place.root.config, { store, log })
  await untilFinished(store, sendId)

  expect(held).toMatchObject({ state: 'paused', held: 'silent' })
  expect(held.reason).toMatch(
    /^no engine has run here since 20.*run pressrun adopt; if not, pressrun cancel 1$/,
  )
  expect(before).toEqual({ sent: PEOPLE / 2, deferred: PEOPLE / 2 })
  expect({ seen, released }).toEqual({
    seen: [],
    released: [{ send: sendId, state: 'sending', waiting: PEOPLE / 2, uncertain: 0 }],
  })
  expect(place.root.ledger()).toHaveLength(PEOPLE + 1)
})

test('adopted before the engine starts, it is not held again', async () => {
  const store = await place.root.store()
  const { engine, sendId } = await place.sendHalf(store)
  await engine.close()
  await rest(store, sendId)
  await makeDue(store)
  await (await place.root.engine()).close()
  await rest(store, sendId)
  await adoptCommand(place.root.config, { store, log })

  await place.root.engine()
  await untilFinished(store, sendId)

  expect(await countStates(store, sendId)).toEqual({ sent: PEOPLE })
})

test('a held Send that a person pauses stays paused when the database is adopted', async () => {
  const store = await place.root.store()
  const { engine, sendId } = await place.sendHalf(store)
  await engine.close()
  await rest(store, sendId)
  await place.root.engine()
  const held = await sendOf(store, sendId)

  const change = await pauseSend(sendId, { query: store.db.query, reason: 'paused by Ada' })
  const { released } = await adoptCommand(place.root.config, { store, log })

  expect(held.held).toBe('silent')
  expect(change.kind).toBe('changed')
  expect(released).toEqual([])
  expect(await sendOf(store, sendId)).toEqual({ state: 'paused', reason: 'paused by Ada', held: null })
})

test('a held Send that a person has resumed and paused again stays as he left it', async () => {
  const store = await place.root.store()
  const { engine, sendId } = await place.sendHalf(store)
  await engine.close()
  await rest(store, sendId)
  await place.root.engine()

  await resumeSend(sendId, { query: store.db.query, now: store.now })
  await pauseSend(sendId, { query: store.db.query, reason: 'paused by Ada' })
  const { adopted } = await adoptCommand(place.root.config, { store, log })

  expect(adopted).toBe(false)
  expect(await sendOf(store, sendId)).toEqual({ state: 'paused', reason: 'paused by Ada', held: null })
})

test('a Send made while no engine ran for long goes out, and a scheduled one keeps its time', async () => {
  const store = await place.root.store()
  const { engine, sendId, listId } = await place.sendHalf(store)
  await engine.close()
  await rest(store, sendId)
  const { sendId: fresh } = await freeze(store, listId, compilation('2026-01-12-harbour'))
  const { sendId: planned } = await freeze(store, listId, compilation('2026-01-19-harbour'))
  await store.db.query
    .updateTable('send')
    .set({ state: 'scheduled', scheduled_at: Date.now() + 3_600_000, started_at: null })
    .where('id', '=', planned)
    .execute()
  await rest(store, planned)

  await place.root.engine()
  await untilFinished(store, fresh)

  expect((await sendOf(store, sendId)).held).toBe('silent')
  expect((await sendOf(store, planned)).state).toBe('scheduled')
})
