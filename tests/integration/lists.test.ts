import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countLists, createList, findList } from '../../src/audience/list.js'
import { printLists } from '../../src/commands/lists.js'
import { editList, printEdit } from '../../src/commands/lists-edit.js'
import { newList } from '../../src/commands/lists-new.js'
import type { Db } from '../../src/db/db.js'
import { openTestDb } from '../rig/database.js'

const NOON = Date.UTC(2026, 0, 5, 12)
const now = () => NOON
const topics = [
  { name: 'harbour', title: 'Harbour news' },
  { name: 'fishing', title: 'Fishing' },
]

let db: Db
beforeEach(async () => {
  db = await openTestDb()
})
afterEach(() => db.close())

async function addReader(listId: number, { preferences = '{}', pausedUntil = null as number | null } = {}) {
  const address = `reader${Math.random()}@example.org`
  const subscriber = await db.query
    .insertInto('subscriber')
    .values({ address, address_key: address, name: '', attributes: '{}', created_at: 1, changed_at: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.query
    .insertInto('subscription')
    .values({
      list_id: listId,
      subscriber_id: subscriber.id,
      status: 'active',
      preferences,
      paused_until: pausedUntil,
      created_at: NOON,
      changed_at: NOON,
    })
    .execute()
}

describe('a List', () => {
  test('is private, closed and without choices unless it is said otherwise', async () => {
    await newList('staff', {}, { query: db.query, now })

    expect(await findList(db.query, 'staff')).toEqual({
      id: expect.any(Number),
      name: 'staff',
      title: 'staff',
      description: '',
      isPublic: false,
      isOpen: false,
      topics: [],
      hasMonthly: false,
    })
  })

  test('keeps what it was made with', async () => {
    const flags = {
      title: 'The Brief',
      public: true,
      open: true,
      topics: 'harbour: Harbour news',
      monthly: true,
    }
    await newList('brief', flags, { query: db.query, now })

    expect(await findList(db.query, 'BRIEF')).toMatchObject({
      title: 'The Brief',
      isPublic: true,
      isOpen: true,
      topics: [{ name: 'harbour', title: 'Harbour news' }],
      hasMonthly: true,
    })
  })

  test('that is private takes no sign-ups', async () => {
    const context = { query: db.query, now }

    await expect(newList('staff', { open: true }, context)).rejects.toThrow('would be private and open')
    await newList('brief', { open: true, public: true }, context)
    await expect(editList('brief', { private: true }, context)).rejects.toThrow(
      'say --public or --closed too',
    )
    expect(await editList('brief', { private: true, closed: true }, context)).toMatchObject({ written: true })
  })

  test('counts who is on it, and who of them gets nothing for now', async () => {
    const { id } = await createList(db.query, { name: 'brief', title: 'The Brief', now: NOON })
    await addReader(id)
    await addReader(id, { pausedUntil: NOON + 1 })
    await addReader(id, { pausedUntil: NOON })

    const lists = await countLists(db.query, NOON)

    expect(lists).toMatchObject([{ name: 'brief', active: 3, paused: 1, pending: 0, unsubscribed: 0 }])
    expect(printLists(lists)).toBe(
      'name   title                       active  paused  pending  unsubscribed\n' +
        'brief  The Brief  private  closed       3       1        0             0\n',
    )
  })
})

describe('an edit', () => {
  test('says what it changes, and whom a topic that is gone concerns', async () => {
    const { id } = await createList(db.query, { name: 'brief', topics, now: NOON })
    await addReader(id, { preferences: '{"topics":["fishing"]}' })
    await addReader(id, { preferences: '{"topics":["harbour"],"monthly":true}' })
    await addReader(id, { preferences: '{"topics":[]}' })

    const answer = await editList('brief', { topics: 'harbour: Harbour' }, { query: db.query })

    expect(printEdit(answer)).toBe(
      'the List "brief" is changed:\n' +
        '  topics: harbour (Harbour news), fishing (Fishing) → harbour (Harbour)\n' +
        '1 reader has chosen a topic that is gone; what they did not choose they do not get either\n',
    )
    expect((await findList(db.query, 'brief')).topics).toEqual([{ name: 'harbour', title: 'Harbour' }])
  })

  test('that is only foreseen writes nothing', async () => {
    await createList(db.query, { name: 'brief', topics, now: NOON })
    const before = await findList(db.query, 'brief')

    const answer = await editList(
      'brief',
      { topics: false, monthly: true, title: 'Ports', dryRun: true },
      { query: db.query },
    )

    expect(printEdit(answer)).toBe(
      'the List "brief" would be changed:\n' +
        '  title: brief → Ports\n' +
        '  topics: harbour (Harbour news), fishing (Fishing) → none\n' +
        '  one a month: no → for those who ask\n',
    )
    expect(await findList(db.query, 'brief')).toEqual(before)
  })

  test('that changes nothing says so', async () => {
    await createList(db.query, { name: 'brief', now: NOON })

    expect(printEdit(await editList('Brief', { closed: true }, { query: db.query }))).toBe(
      'the List "brief" is so already\n',
    )
  })
})
