import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ImportRequest, importSubscribers } from '../../src/audience/import.js'
import { countLists, createList, findList } from '../../src/audience/list.js'
import { findSubscriber, pageSubscribers } from '../../src/audience/subscriber.js'
import { listSubscriptions } from '../../src/audience/subscription.js'
import type { RowVerdict } from '../../src/audience/verdict.js'
import type { Db } from '../../src/db/db.js'
import { InputError } from '../../src/errors.js'
import { makeKeys } from '../../src/link/token.js'
import { excludePeople } from '../../src/send/exclude.js'
import { suppress } from '../../src/track/suppress.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { openTestDb } from '../rig/database.js'

const keys = makeKeys(['a secret of the tests, long enough for a key'])
const NOON = Date.UTC(2026, 0, 5, 12)

let db: Db
beforeEach(async () => {
  db = await openTestDb()
})
afterEach(() => db.close())

function importText(text: string | Buffer, options: Partial<ImportRequest> = {}) {
  const request: ImportRequest = {
    file: 'members.csv',
    open: () => Readable.from([Buffer.from(text)]),
    listName: 'readers',
    missingList: 'create',
    mode: 'update',
    how: 'write',
    encoding: null,
    map: new Map(),
    from: null,
    attributes: [],
    ...options,
  }
  return importSubscribers(request, { db, keys, exclude: excludePeople, now: () => NOON })
}

async function verdictsOf(text: string, options: Partial<ImportRequest> = {}) {
  const verdicts: RowVerdict[] = []
  const result = await importText(text, {
    ...options,
    onVerdicts: async (some) => void verdicts.push(...some),
  })
  return { result, verdicts }
}

async function subscriptionOf(addressKey: string) {
  const subscriber = await findSubscriber(db.query, addressKey)
  const [subscription] = await listSubscriptions(db.query, subscriber?.id ?? 0)
  if (subscription === undefined) throw new Error(`${addressKey} has no Subscription`)
  return subscription
}

async function leave(addressKey: string) {
  const { id } = await subscriptionOf(addressKey)
  return unsubscribe(db, { subscriptionId: id, how: 'page', now: NOON })
}

async function countRows() {
  const tables = ['list', 'subscriber', 'subscription', 'event'] as const
  const counts = await Promise.all(
    tables.map((table) =>
      db.query
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('rows'))
        .executeTakeFirstOrThrow(),
    ),
  )
  return counts.map(({ rows }) => rows)
}

describe('an import', () => {
  test('puts everyone on the List, with names and attributes, in the order of the file', async () => {
    const result = await importText('address,name,city\nAlice@Example.org,Alice,Köln\nbob@example.org,,\n')

    expect(result).toMatchObject({ list: 'readers', rows: 2, added: 2, refused: 0, problems: [] })
    const page = await pageSubscribers(db.query, { listId: null, status: null, after: 0, limit: 10 })
    expect(page).toMatchObject([
      {
        address: 'Alice@example.org',
        addressKey: 'alice@example.org',
        name: 'Alice',
        attributes: { city: 'Köln' },
        list: 'readers',
        status: 'active',
      },
      { address: 'bob@example.org', name: '', attributes: {}, list: 'readers', status: 'active' },
    ])
  })

  test('records for each new Subscription where it came from', async () => {
    await importText('address\nalice@example.org\nbob@example.org\n')
    await importText('address\nalice@example.org\n')

    const events = await db.query.selectFrom('event').selectAll().orderBy('id').execute()
    expect(events.map(({ detail }) => JSON.parse(detail))).toEqual([
      { how: 'import', import: 1, file: 'members.csv', line: 2 },
      { how: 'import', import: 1, file: 'members.csv', line: 3 },
    ])
    const alice = await findSubscriber(db.query, 'alice@example.org')
    const list = await findList(db.query, 'readers')
    expect(events[0]).toMatchObject({ at: NOON, subscriber_id: alice?.id, list_id: list.id })
  })

  test('again changes nothing and says so', async () => {
    const text = 'address,name,city\nalice@example.org,Alice,Köln\nbob@example.org,Bob,\n'
    await importText(text)

    expect(await importText(text)).toMatchObject({ rows: 2, alreadyActive: 2, added: 0, updated: 0 })
  })

  test('lets what the file says win, and keeps what it is silent about', async () => {
    await importText('address,name,city,plan\nalice@example.org,Alice,Köln,free\n')

    const result = await importText('address,name,city,team\nALICE@example.org,,Bonn,red\n')

    expect(result).toMatchObject({ updated: 1, added: 0 })
    expect(await findSubscriber(db.query, 'alice@example.org')).toMatchObject({
      address: 'alice@example.org',
      name: 'Alice',
      attributes: { city: 'Bonn', plan: 'free', team: 'red' },
    })
  })

  test('to a second List adds the Subscription, not the person', async () => {
    await importText('address\nalice@example.org\n')

    expect(await importText('address\nalice@example.org\n', { listName: 'weekly' })).toMatchObject({
      added: 1,
    })
    expect(await countRows()).toEqual([2, 1, 2, 2])
  })

  test('never revives who has left', async () => {
    await importText('address,name\ncharlie@example.org,Charlie\n')
    await leave('charlie@example.org')

    const result = await importText('address,name\ncharlie@example.org,Chuck\n')

    expect(result).toMatchObject({ keptOptOut: 1, added: 0, updated: 0 })
    expect((await subscriptionOf('charlie@example.org')).status).toBe('unsubscribed')
    expect(await findSubscriber(db.query, 'charlie@example.org')).toMatchObject({ name: 'Charlie' })
  })

  test('writes nothing about an address that is suppressed', async () => {
    await suppress(db, { addressKey: 'frank@example.org', reason: 'asked', by: 'command', keys, now: NOON })

    const result = await importText('address\nFrank@Example.org\nalice@example.org\n')

    expect(result).toMatchObject({ rows: 2, suppressed: 1, added: 1 })
    expect(await findSubscriber(db.query, 'frank@example.org')).toBeNull()
  })

  test('leaves a pending Subscription for the person to confirm', async () => {
    await importText('address\ndora@example.org\n')
    await db.query.updateTable('subscription').set({ status: 'pending' }).execute()

    expect(await importText('address\ndora@example.org\n')).toMatchObject({ keptPending: 1 })
    expect((await subscriptionOf('dora@example.org')).status).toBe('pending')
  })

  test('V34: refuses hostile addresses row by row and takes the rest', async () => {
    const { result, verdicts } = await verdictsOf(
      [
        'address,name',
        'alice@example.org,Alice',
        '"a@b.test\r\nRCPT TO:<x@y.test>",X',
        '"a@b.test,c@d.test",X',
        '<a@b.test>,X',
        '"x" <a@b.test>,X',
        'a@b@c.test,X',
        'a\u0000@b.test,X',
        ',X',
        'bob@example.org,Bob',
      ].join('\n'),
    )

    expect(verdicts.map(({ line, kind }) => [line, kind])).toEqual([
      [2, 'added'],
      [3, 'refused'],
      [5, 'refused'],
      [6, 'refused'],
      [7, 'refused'],
      [8, 'refused'],
      [9, 'refused'],
      [10, 'refused'],
      [11, 'added'],
    ])
    expect(result.problems).toEqual([
      {
        line: 3,
        reason: 'the address "a@b.test\\nRCPT TO:<x@y.test>" holds a line break or another control character',
      },
      { line: 5, reason: 'the address "a@b.test,c@d.test" holds a comma or semicolon; write one address' },
      { line: 6, reason: 'the address "<a@b.test>" holds an angle bracket; write the bare address' },
      { line: 7, reason: 'has a stray quote; put the field in quotes and double the ones inside it' },
      { line: 8, reason: 'the address "a@b@c.test" has more than one @' },
      { line: 9, reason: 'the address "a\\u0000@b.test" holds a line break or another control character' },
      { line: 10, reason: 'the address is missing' },
    ])
  })

  test('makes one clean line of a name with a header in it', async () => {
    await importText('address,name\nalice@example.org,"A\r\nBcc: e@x.test"\n')

    expect(await findSubscriber(db.query, 'alice@example.org')).toMatchObject({ name: 'A Bcc: e@x.test' })
  })

  test('takes the first of two rows with the same address', async () => {
    const { result, verdicts } = await verdictsOf(
      'address,name\nalice@example.org,Alice\nALICE@EXAMPLE.ORG,Other\n',
    )

    expect(verdicts[1]).toEqual({ kind: 'duplicate', line: 3, address: 'ALICE@example.org', firstLine: 2 })
    expect(result).toMatchObject({ rows: 2, added: 1, duplicate: 1 })
    expect(result.problems).toEqual([{ line: 3, reason: 'duplicate of line 2' }])
    expect(await findSubscriber(db.query, 'alice@example.org')).toMatchObject({ name: 'Alice' })
  })

  test('accepts the column name "email", and columns in any order', async () => {
    await importText('\uFEFFName;city;Email\r\nAlice;Köln;alice@example.org\r\n')

    expect(await findSubscriber(db.query, 'alice@example.org')).toMatchObject({
      name: 'Alice',
      attributes: { city: 'Köln' },
    })
  })

  test('keeps text that looks like something else as it is', async () => {
    await importText('address,name,constructor,code\nalice@example.org,"O\'Brien \\ ""x""",null,007\n')

    expect(await findSubscriber(db.query, 'alice@example.org')).toMatchObject({
      name: 'O\'Brien \\ "x"',
      attributes: { constructor: 'null', code: '007' },
    })
  })

  test('of 5,300 rows has a verdict for each, and its parts add up', async () => {
    const rows = Array.from({ length: 5_300 }, (_, index) =>
      index % 50 === 0 ? `broken ${index}` : `p${index % 5_000}@example.org,Person ${index}`,
    )

    const { result, verdicts } = await verdictsOf(`address,name\n${rows.join('\n')}\n`)

    expect(verdicts.map(({ line }) => line)).toEqual(rows.map((_, index) => index + 2))
    const { rows: all, added, refused, duplicate } = result
    expect({ all, added, refused, duplicate }).toEqual({
      all: 5_300,
      added: 4_900,
      refused: 106,
      duplicate: 294,
    })
    expect(await countRows()).toEqual([1, 4_900, 4_900, 4_900])
  })

  test('beside another of the same file adds everyone once', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => `p${index}@example.org`)
    await createList(db.query, { name: 'readers', now: NOON })

    const results = await Promise.all([
      importText(`address\n${rows.join('\n')}\n`),
      importText(`address\n${rows.toReversed().join('\n')}\n`),
    ])

    expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(2_500)
    expect(await countRows()).toEqual([1, 2_500, 2_500, 2_500])
  })
})

describe('an import that only foresees', () => {
  test('gives the verdicts of a real one and writes nothing', async () => {
    const text = 'address,name\nalice@example.org,Alice\nbroken,X\nalice@example.org,Alice\n'
    const foreseen = await importText(text, { how: 'foresee' })

    expect(await countRows()).toEqual([0, 0, 0, 0])
    expect(foreseen.import).toBeNull()
    expect(await importText(text)).toEqual({ ...foreseen, import: 1 })
  })
})

describe('a file that is no CSV of Subscribers is refused with nothing written:', () => {
  const manyRows = Array.from({ length: 3_000 }, (_, index) => `p${index}@example.org\n`).join('')

  test.each<[string, string | Buffer, string]>([
    ['an empty one', '', 'members.csv: is empty; its header would be address,name'],
    ['one without an address', 'mail,name\n', 'members.csv:1: has no "address" column, only "mail", "name"'],
    ['a header with a quote too many', 'address,"name\n', 'members.csv:1: the header has a stray quote'],
    ['a column twice', 'address,city,city\n', 'members.csv:1: has two columns "city"; take one out'],
    ['two address columns', 'address,email\n', 'members.csv:1: has a second column for the address, "email"'],
    [
      'an attribute with a blank',
      'address,Member Since\n',
      'an attribute\'s name is small letters, digits and _. This says what they are for: --map "Member Since=member_since"',
    ],
    ['a column without a name', 'address,\n', 'members.csv:1: has a column without a name'],
    ['an Excel file', 'PK\u0003\u0004xl/workbook.xml', 'members.csv: is a zip or Excel file'],
    [
      'UTF-16 without a mark',
      Buffer.from('address\na@x.test\n', 'utf16le'),
      'members.csv: looks like UTF-16 without a byte order mark; --encoding utf-16le reads it',
    ],
    [
      'what is neither UTF-8 nor Windows-1252',
      Buffer.concat([
        Buffer.from(`address\n${manyRows}`),
        Buffer.from('j\xf6rg\x81@example.org\n', 'latin1'),
      ]),
      'members.csv:3002: is not UTF-8',
    ],
  ])('%s', async (_, text, message) => {
    const refusal = importText(text)

    await expect(refusal).rejects.toThrow(InputError)
    await expect(refusal).rejects.toThrow(message)
    expect(await countRows()).toEqual([0, 0, 0, 0])
  })

  test('or a List that is not there, which names those that are', async () => {
    await createList(db.query, { name: 'weekly', now: NOON })
    await createList(db.query, { name: 'daily', now: NOON })

    await expect(importText('address\na@example.org\n', { missingList: 'refuse' })).rejects.toThrow(
      'there is no List "readers"; there is daily, weekly',
    )
  })

  test('or a List that cannot be called that', async () => {
    for (const how of ['write', 'foresee'] as const)
      await expect(importText('address\n', { listName: 'my\r\nlist', how })).rejects.toThrow(InputError)
  })
})

describe('a List', () => {
  test('counts its Subscriptions by status', async () => {
    await importText('address\nalice@example.org\ncharlie@example.org\n')
    await leave('charlie@example.org')
    await createList(db.query, { name: 'empty', title: 'Nobody yet', now: NOON })

    expect(await countLists(db.query, NOON)).toMatchObject([
      { name: 'empty', title: 'Nobody yet', active: 0, pending: 0, unsubscribed: 0 },
      { name: 'readers', title: 'readers', active: 1, pending: 0, unsubscribed: 1 },
    ])
  })

  test('is found in any case and made once', async () => {
    await createList(db.query, { name: 'Weekly', now: NOON })

    expect(await findList(db.query, 'weekly')).toMatchObject({ name: 'Weekly' })
    await expect(createList(db.query, { name: 'WEEKLY', now: NOON })).rejects.toThrow('"Weekly" already')
  })
})
