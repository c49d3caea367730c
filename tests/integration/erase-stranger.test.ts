/** Erasure of somebody who only asked to be subscribed. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { eraseAddress } from '../../src/commands/subscribers-rights.js'
import { hashAddress } from '../../src/link/token.js'
import { intendNotice, recordNotice } from '../../src/send/notice/attempt.js'
import { claimNotices } from '../../src/send/notice/claim.js'
import { createNotice, findNotice } from '../../src/send/notice/notice.js'
import { eraseRest } from '../../src/track/erase-rest.js'
import { subscribe } from '../rig/engine.js'
import { type ErasePlace, openErasePlace } from '../rig/erasure.js'
import { filesWith, tablesWith } from '../rig/traces.js'

let place: ErasePlace

beforeEach(async () => {
  place = await openErasePlace()
})

afterEach(() => place.close())

const stranger = 'zerafina@example.org'

const askedFor = (address: string) =>
  createNotice(place.store.db.query, {
    kind: 'confirm',
    address,
    addressHash: hashAddress(place.store.keys, address),
    name: 'Zerafina',
    lang: 'en',
    listId: 1,
    detail: { network: '192.0.2.0/24' },
    now: Date.now(),
    validMs: 1_000_000,
  })

const eraseByLetter = () =>
  eraseAddress({
    address: stranger,
    wireTimeoutMs: 60_000,
    db: place.store.db,
    keys: place.store.keys,
    now: Date.now,
  })

test('their address leaves the tables and the files at once', async () => {
  await subscribe(place.store, 'news', ['other@example.org'])
  await askedFor(stranger)
  await place.askToJoin(stranger)
  const bystander = await askedFor('someone@example.org')

  expect(await eraseByLetter()).toMatchObject({ isSubscriber: false, isDone: true })

  expect(await tablesWith(place.store.db.query, 'zerafina@')).toEqual([])
  if (place.store.db.engine === 'sqlite')
    expect(filesWith(place.root.config.dataDir, 'zerafina@')).toEqual([])
  expect(await findNotice(place.store.db.query, bystander, Date.now())).not.toBeNull()
  expect(await place.suppressions()).toEqual([])
})

test.each([
  { kind: 'bounced', code: 550, text: `550 5.1.1 <${stranger}> is not known` },
  { kind: 'uncertain', text: `421 nothing for ${stranger} today` },
] as const)('a reply that comes afterwards ($kind) names nobody', async (outcome) => {
  const { query } = place.store.db
  await subscribe(place.store, 'news', ['other@example.org'])
  const context = { query, owner: 'this process', now: Date.now }
  const id = await askedFor(stranger)
  expect(await claimNotices(1, context)).toMatchObject([{ id }])
  expect(await intendNotice({ id, attempt: 0 }, context)).toBe(true)

  // Done when nothing is on its way to them any more.
  expect(await eraseByLetter()).toMatchObject({ isSubscriber: false, isDone: false })
  await recordNotice({ id, attempt: 0 }, outcome, {
    ...context,
    retry: { scheduleMs: [1_000], random: () => 0 },
  })

  expect(await tablesWith(query, stranger)).toEqual([])
  expect(await query.selectFrom('notice').select('state').execute()).toEqual([{ state: outcome.kind }])
  // Long after: nothing more is waited for.
  expect(await eraseRest({ query, now: Date.now, wireTimeoutMs: 0 })).toBe(1)
  if (place.store.db.engine === 'sqlite') expect(filesWith(place.root.config.dataDir, stranger)).toEqual([])
})
