/** A database that was copied sends nothing until a person adopts it. */

import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { identityOf } from '../../src/app/store.js'
import { adoptCommand, printAdoption } from '../../src/commands/adopt.js'
import { openLog } from '../../src/log.js'
import { resumeSend } from '../../src/send/life.js'
import { startWatch } from '../../workers/watch.js'
import { compilation, countStates, freeze, readLedger, subscribe, untilFinished } from '../rig/engine.js'
import { type HalfSent, makeDue, openHalfSent, PEOPLE, sendOf, untilHeld } from '../rig/half-sent.js'

const isPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'
const log = openLog('silent')

let place: HalfSent

beforeEach(async () => {
  place = await openHalfSent()
})

afterEach(() => place.close())

describe.skipIf(isPostgres)('on SQLite', () => {
  test('a copy beside the running original sends nothing, not even what is sent on it; the original sends all', async () => {
    const store = await place.root.store()
    const { sendId } = await place.sendHalf(store)
    const config = place.copyRoot()
    const copy = await place.openOwn(config)
    await makeDue(copy)
    await place.startOwn(config)
    const onCopy = await sendOf(copy, sendId)
    const listId = await subscribe(copy, 'others', ['alice', 'dora'])
    const { sendId: second } = await freeze(copy, listId, compilation('2026-01-12-harbour'))
    await untilHeld(copy, second)
    place.takeAll()
    await makeDue(store)
    await untilFinished(store, sendId)

    expect(onCopy.state).toBe('paused')
    expect(onCopy.reason).toMatch(
      /looks copied or restored \(its file is another one.*run pressrun adopt; if not, pressrun cancel 1$/,
    )
    expect(readLedger(path.join(config.dataDir, 'inbox', 'ledger.jsonl'))).toHaveLength(PEOPLE / 2)
    expect(await countStates(copy, second)).toEqual({ queued: 2 })
    expect(await countStates(store, sendId)).toEqual({ sent: PEOPLE })
    expect(place.root.ledger()).toHaveLength(PEOPLE)
  })

  test('an adopted copy goes on beside its engine; who is uncertain stays so', async () => {
    const { sendId, engine } = await place.sendHalf(await place.root.store())
    await engine.close()
    const config = place.copyRoot()
    const copy = await place.openOwn(config)
    await makeDue(copy)
    await copy.db.query
      .updateTable('delivery')
      .set({ state: 'uncertain' })
      .where('address', '=', 'reader1@example.org')
      .execute()
    await place.startOwn(config)

    const adoption = await adoptCommand(config, { store: copy, log })
    await untilFinished(copy, sendId)
    const again = await adoptCommand(config, { store: copy, log })

    expect(printAdoption(adoption)).toMatch(
      /^adopted, though its file is another one.*\nSend 1 goes on \(sending\): 9 still to go out, 1 uncertain\n$/,
    )
    expect(await countStates(copy, sendId)).toEqual({ sent: PEOPLE - 1, uncertain: 1 })
    expect(again).toEqual({ adopted: false, seen: [], released: [] })
  })

  test('a scheduled Send of a copy waits for the adoption, not for its time; resume does not go around it', async () => {
    const store = await place.root.store()
    const { engine, listId } = await place.sendHalf(store)
    const { sendId: planned } = await freeze(store, listId, compilation('2026-01-19-harbour'))
    await store.db.query
      .updateTable('send')
      .set({ state: 'scheduled', scheduled_at: Date.now() + 3_600_000, started_at: null, freeze_cursor: 0 })
      .where('id', '=', planned)
      .execute()
    await engine.close()
    const config = place.copyRoot()
    const copy = await place.openOwn(config)
    await place.startOwn(config)

    const resumed = await resumeSend(planned, { query: copy.db.query, now: copy.now })
    const held = await sendOf(copy, planned)
    const { released } = await adoptCommand(config, { store: copy, log })

    expect(resumed).toMatchObject({ kind: 'refused', state: 'paused' })
    expect(held).toMatchObject({ state: 'paused', held: 'copy' })
    expect(released.map(({ send, state }) => ({ send, state }))).toContainEqual({
      send: planned,
      state: 'scheduled',
    })
    expect((await sendOf(copy, planned)).state).toBe('scheduled')
  })
})

test('two engines that start at once on a new database agree that it is the one', async () => {
  const store = await place.root.store()
  const options = {
    identity: identityOf(store, place.root.config),
    longSilenceMs: 3_600_000,
    now: Date.now,
    log,
  }

  const watches = await Promise.all([startWatch(options), startWatch(options)])

  expect(watches.map(({ isOpen }) => isOpen())).toEqual([true, true])
  for (const watch of watches) await watch.close()
})
