/** Erasure: no address stays anywhere, nor comes back by a file; what is of others stays. */

import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importSubscribers } from '../../src/audience/import.js'
import { addSuppression } from '../../src/audience/suppression.js'
import { hashAddress, signToken } from '../../src/link/token.js'
import { excludePeople } from '../../src/send/exclude.js'
import { createNotice } from '../../src/send/notice/notice.js'
import { allow } from '../../src/track/allow.js'
import { eraseRest } from '../../src/track/erase-rest.js'
import { compilation, freeze, subscribe } from '../rig/engine.js'
import { type ErasePlace, openErasePlace } from '../rig/erasure.js'
import { filesWith, tablesWith } from '../rig/traces.js'

let place: ErasePlace

beforeEach(async () => {
  place = await openErasePlace()
})

afterEach(() => place.close())

function importCsv(lines: readonly string[]) {
  return importSubscribers(
    {
      file: 'people.csv',
      open: () => Readable.from([Buffer.from(`address,name\n${lines.join('\n')}\n`)]),
      listName: 'news',
      missingList: 'create',
      mode: 'add',
      how: 'write',
      encoding: null,
      map: new Map(),
      from: null,
      attributes: [],
    },
    { db: place.store.db, keys: place.store.keys, now: Date.now, exclude: excludePeople },
  )
}

test('all that was known of a person goes with them, and nothing of anyone else', async () => {
  const { query } = place.store.db
  await subscribe(place.store, 'news', ['Zerafina@example.org'.toLowerCase(), 'other@example.org'])
  const id = await place.idOf('zerafina@example.org')
  const other = await place.idOf('other@example.org')
  for (const subscriberId of [id, other]) {
    const whose = subscriberId === id ? 'zerafina' : 'other'
    await query
      .updateTable('subscriber')
      .set({ attributes: `{"town":"${whose} town"}`, lang: 'de' })
      .where('id', '=', subscriberId)
      .execute()
    await query
      .insertInto('tag')
      .values({ subscriber_id: subscriberId, name: `${whose} tag` })
      .execute()
    await createNotice(query, {
      kind: 'moveTo',
      address: `${whose}.new@example.net`,
      addressHash: hashAddress(place.store.keys, `${whose}.new@example.net`),
      name: whose,
      lang: 'en',
      subscriberId,
      detail: { oldAddressMasked: whose },
      now: Date.now(),
      validMs: 1_000_000,
    })
    await query
      .insertInto('issue')
      .values({ slug: `of-${whose.length}`, created_at: 1 })
      .execute()
    const issue = await query.selectFrom('issue').select('id').executeTakeFirstOrThrow()
    await query
      .insertInto('comment')
      .values({
        issue_id: issue.id,
        subscriber_id: subscriberId,
        name: whose,
        text: `by ${whose}`,
        state: 'shown',
        at: 1,
      })
      .execute()
    await query
      .insertInto('event')
      .values({
        kind: 'subscribed',
        at: 1,
        subscriber_id: subscriberId,
        list_id: 1,
        detail: `{"how":"import","file":"${whose}.csv","line":2}`,
      } as never)
      .execute()
    await place.askToJoin(`${whose.toUpperCase()}@Example.ORG`)
  }

  await place.forget(id)
  await eraseRest({ query, now: Date.now, wireTimeoutMs: 60_000 })

  expect(await tablesWith(query, 'zerafina')).toEqual([])
  expect(await tablesWith(query, 'other')).toEqual(
    ['comment', 'event', 'notice', 'sign_up', 'subscriber', 'tag'].sort(),
  )
  expect(await query.selectFrom('erasure').select('done_at').execute()).not.toEqual([{ done_at: null }])
  expect(await place.suppressions()).toMatchObject([
    { address_hash: hashAddress(place.store.keys, 'zerafina@example.org'), reason: 'erased' },
  ])
  expect(
    await query
      .selectFrom('event')
      .select(['kind', 'detail'])
      .where('subscriber_id', '=', id)
      .orderBy('id')
      .execute(),
  ).toEqual([
    { kind: 'subscribed', detail: '{"how":"import"}' },
    { kind: 'erased', detail: '{"how":"notice"}' },
  ])
})

test('nobody is erased twice, nor by a Token of theirs afterwards', async () => {
  const listId = await subscribe(place.store, 'news', ['zerafina@example.org'])
  await freeze(place.store, listId)
  const id = await place.idOf('zerafina@example.org')
  const { id: deliveryId } = await place.store.db.query
    .selectFrom('delivery')
    .select('id')
    .executeTakeFirstOrThrow()

  const answers = await Promise.all([place.forget(id), place.forget(id), place.forget(id)])

  expect(answers.filter((answer) => answer !== null)).toEqual([{ excluded: 1 }])
  const engine = await place.root.engine({ parts: ['web'] })
  for (const path of ['/p/', '/u/'])
    expect(
      (await fetch(`${engine.url}${path}${signToken(place.store.keys, 'leave', deliveryId)}`)).status,
    ).toBe(404)
})

describe('and an import of the same address', () => {
  test('after it says suppressed', async () => {
    await subscribe(place.store, 'news', ['zerafina@example.org'])
    await place.forget(await place.idOf('zerafina@example.org'))

    expect(await importCsv(['zerafina@example.org,Z'])).toMatchObject({ added: 0, suppressed: 1 })
    expect(await tablesWith(place.store.db.query, 'zerafina')).toEqual([])
  })

  test('at the same moment never leaves them in', async () => {
    for (let round = 0; round < 5; round++) {
      const address = `zerafina${round}@example.org`
      await subscribe(place.store, 'news', [address])
      const id = await place.idOf(address)
      await Promise.all([importCsv([`${address},Z`, 'other@example.org,O']), place.forget(id)])
      const last = await importCsv([`${address},Z`])

      expect(last).toMatchObject({ suppressed: 1 })
      expect([round, await tablesWith(place.store.db.query, address)]).toEqual([round, []])
    }
  })
})

test('an address that they had before is not brought back either, unless it is another’s now', async () => {
  const listId = await subscribe(place.store, 'news', ['old@example.org', 'taken@example.org'])
  await freeze(place.store, listId)
  const [old, taken] = [await place.idOf('old@example.org'), await place.idOf('taken@example.org')]
  const { query } = place.store.db
  const move = (id: number, to: string) =>
    query
      .updateTable('subscriber')
      .set({ address: to, address_key: to, address_hash: null })
      .where('id', '=', id)
      .execute()
  await move(old, 'new@example.org')
  await move(taken, 'free@example.org')
  await subscribe(place.store, 'other', ['taken@example.org'])

  await place.forget(old)
  await place.forget(taken)

  expect((await place.suppressions()).map(({ address_hash }) => address_hash).sort()).toEqual(
    ['old@example.org', 'new@example.org', 'free@example.org']
      .map((key) => hashAddress(place.store.keys, key))
      .sort(),
  )
})

test.each(['by hand', 'bounced', 'complained', 'moved', 'reported'])(
  'who was suppressed before (%s) is erased all the same: no editor brings them back',
  async (reason) => {
    const { db, keys } = place.store
    await subscribe(place.store, 'news', ['bob@example.org'])
    const hash = hashAddress(keys, 'bob@example.org')
    await addSuppression(db.query, { hash, reason, now: 1 })

    await place.forget(await place.idOf('bob@example.org'))
    const allowed = await allow(db, { addressKey: 'bob@example.org', by: 'Ines', keys, now: 2 })
    const imported = await importCsv(['bob@example.org,Bob'])

    expect(allowed).toEqual({ kind: 'erased' })
    expect(imported).toMatchObject({ suppressed: 1 })
    // What others have said of them stays, so that no sign-up in their name is answered by mail.
    const left = reason === 'moved' || reason === 'reported' ? 'erased' : reason
    expect(await place.suppressions()).toMatchObject([{ reason: left, is_erased: 1 }])
  },
)

test('in a database of thousands nothing of them is left between the rows of others', async () => {
  if (place.store.db.engine === 'postgres') return
  const names = Array.from(
    { length: 3_000 },
    (_, index) => `${hashAddress(place.store.keys, String(index)).slice(0, 20)}x${index}`,
  )
  const listId = await subscribe(place.store, 'news', names.slice(0, 1_500))
  await freeze(place.store, listId)
  await subscribe(place.store, 'news', names.slice(1_500))
  await freeze(place.store, listId, compilation('2026-02-05-tides'))
  const gone = names.filter((_, index) => index % 50 === 7)
  // Rows that move about: others come, go and change between.
  for (let index = 0; index < names.length; index += 11)
    await place.store.db.query
      .updateTable('subscriber')
      .set({ name: 'n'.repeat(index % 200), attributes: JSON.stringify({ town: 't'.repeat(index % 700) }) })
      .where('address_key', '=', `${names[index]}@example.org`)
      .execute()

  for (const name of gone) await place.forget(await place.idOf(`${name}@example.org`))
  // The Sends are over: the next pass takes the last traces away.
  await place.store.db.query.updateTable('send').set({ state: 'finished' }).execute()
  const rest = { query: place.store.db.query, now: Date.now, wireTimeoutMs: 60_000 }
  await eraseRest(rest)
  await eraseRest(rest)

  const found = gone.filter((name) => filesWith(place.root.config.dataDir, name).length > 0)
  expect(found).toEqual([])
}, 60_000)
