import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import type { AttributeType } from '../../src/issue/publication.js'
import { suppress } from '../../src/track/suppress.js'
import { openTestDb } from '../rig/database.js'
import { type Importer, keys, NOON, openImporter } from '../rig/import.js'
import { seedSend } from '../rig/seed.js'

let db: Db
let importer: Importer
beforeEach(async () => {
  db = await openTestDb()
  importer = openImporter(db)
})
afterEach(() => db.close())

const ALICE = 'address,name,city,tags\nalice@x.test,Alice,Köln,vip\n'

describe('mode add', () => {
  test('brings new people and new fields, and keeps what is known', async () => {
    await importer.importText(ALICE)

    const result = await importer.importText(
      'address,name,city,plan,tags\nalice@x.test,Alicia,Bonn,free,press\nbob@x.test,Bob,,,\n',
      { mode: 'add' },
    )

    expect(result).toMatchObject({ added: 1, updated: 1 })
    expect(await importer.show('alice@x.test')).toBe(
      'alice@x.test Alice {"city":"Köln","plan":"free"} [press, vip] active',
    )
  })

  test('with nothing new says so', async () => {
    await importer.importText(ALICE)

    expect(
      await importer.importText('address,name,city,tags\nalice@x.test,Alicia,Bonn,vip\n', { mode: 'add' }),
    ).toMatchObject({ alreadyActive: 1, updated: 0 })
  })
})

test('mode update lets the file win, and what it is silent about stays', async () => {
  await importer.importText(ALICE)

  await importer.importText('address,name,city,tags\nalice@x.test,Alicia,,press\n')

  expect(await importer.show('alice@x.test')).toBe('alice@x.test Alicia {"city":"Köln"} [press, vip] active')
})

describe('mode set', () => {
  test('takes off the List whom the file does not name, out of Sends too', async () => {
    const { listId, deliveries } = await seedSend(db.query, {
      list: 'Readers',
      deliveries: [
        { who: 'alice', state: 'queued' },
        { who: 'bob', state: 'queued' },
      ],
    })

    const result = await importer.importText('address\nalice@example.com\ncarol@example.com\n', {
      mode: 'set',
    })

    expect(result).toMatchObject({ alreadyActive: 1, added: 1, takenOff: 1 })
    expect(await importer.show('bob@example.com')).toBe('bob@example.com bob {} [] unsubscribed by editor')
    expect(await importer.events('bob@example.com')).toEqual([
      [
        'unsubscribed',
        { how: 'import', import: 1, file: 'members.csv', by: 'editor', why: 'not in the file' },
      ],
    ])
    const states = await db.query.selectFrom('delivery').select(['id', 'state']).orderBy('id').execute()
    expect(states).toEqual([
      { id: deliveries.alice, state: 'queued' },
      { id: deliveries.bob, state: 'excluded' },
    ])
    expect(listId).toBe(1)
  })

  test('foresees how many that would be', async () => {
    await importer.importText('address\nalice@x.test\nbob@x.test\ncarol@x.test\n')

    const result = await importer.importText('address\nalice@x.test\n', { mode: 'set', how: 'foresee' })

    expect(result).toMatchObject({ alreadyActive: 1, takenOff: 2, import: null })
    expect(await importer.show('bob@x.test')).toContain('active')
  })

  test('leaves those on the List whose row is refused for something else than the address', async () => {
    await importer.importText('address\nalice@x.test\nbob@x.test\ncarol@x.test\n')
    const request = { mode: 'set', attributes: [{ name: 'age', kind: 'number' }] } as const
    const text = 'address,age\nalice@x.test,40\nbob@x.test,old\n'

    const foreseen = await importer.importText(text, { ...request, how: 'foresee' })
    const result = await importer.importText(text, request)

    expect([foreseen.takenOff, result.takenOff]).toEqual([1, 1])
    expect(result).toMatchObject({ refused: 1 })
    expect(await importer.show('bob@x.test')).toBe('bob@x.test  {} [] active')
    expect(await importer.show('carol@x.test')).toContain('unsubscribed by editor')
  })

  test('leaves those alone who have left or have still to confirm', async () => {
    await importer.importText('address\nalice@x.test\nbob@x.test\ndora@x.test\n')
    await importer.leave('bob@x.test')
    await db.query.updateTable('subscription').set({ status: 'pending' }).where('id', '=', 3).execute()

    const result = await importer.importText('address\nalice@x.test\nbob@x.test\n', { mode: 'set' })

    expect(result).toMatchObject({ keptOptOut: 1, takenOff: 0 })
    expect(await importer.show('bob@x.test')).toContain('unsubscribed by person')
    expect(await importer.show('dora@x.test')).toContain('pending')
  })

  test('of a file that names nobody takes nobody off', async () => {
    await importer.importText('address\nalice@x.test\n')

    await expect(importer.importText('address\nbroken\n', { mode: 'set' })).rejects.toThrow(
      'members.csv: names nobody, so nobody is taken off',
    )
    expect(await importer.show('alice@x.test')).toContain('active')
  })

  test('and what an editor took off, an import brings back; what the person ended, none does', async () => {
    await importer.importText('address\nalice@x.test\nbob@x.test\ncarol@x.test\n')
    await importer.importText('address\nalice@x.test\n', { mode: 'set' })
    await importer.leave('carol@x.test')

    const result = await importer.importText('address\nalice@x.test\nbob@x.test\ncarol@x.test\n')

    expect(result).toMatchObject({ alreadyActive: 1, restored: 1, keptOptOut: 1 })
    expect(await importer.show('bob@x.test')).toContain(' active')
    expect((await importer.events('bob@x.test')).map(([kind]) => kind)).toEqual([
      'subscribed',
      'unsubscribed',
      'restored',
    ])
    expect(await importer.show('carol@x.test')).toContain('unsubscribed by person')
  })

  test.each(['add', 'update', 'set'] as const)('nor does mode %s revive a Suppression', async (mode) => {
    await suppress(db, { addressKey: 'frank@x.test', reason: 'asked', by: 'command', keys, now: NOON })

    expect(await importer.importText('address\nalice@x.test\nfrank@x.test\n', { mode })).toMatchObject({
      suppressed: 1,
    })
    expect(await importer.show('frank@x.test')).toBeNull()
  })
})

describe('columns', () => {
  test('are mapped as told, first and last names joined, some left out', async () => {
    await importer.importText('E-Mail;Vorname;Nachname;Ort;Notes\na@x.test;Ada;Lovelace;London;secret\n', {
      map: new Map([
        ['E-Mail', 'address'],
        ['Vorname', 'first_name'],
        ['Nachname', 'last_name'],
        ['Ort', 'city'],
        ['Notes', ''],
      ]),
    })

    expect(await importer.show('a@x.test')).toBe('a@x.test Ada Lovelace {"city":"London"} [] active')
  })

  test('that --map names and the file has not are an error before anything is written', async () => {
    await expect(
      importer.importText('address,Ort\na@x.test,Kiel\n', { map: new Map([['City', 'city']]) }),
    ).rejects.toThrow('members.csv:1: has no column "City", which --map names; there is "address", "Ort"')
    expect(await importer.count('subscriber')).toBe(0)
  })

  test('V53: that stand there twice are refused, mapped ones too', async () => {
    await expect(importer.importText('address,city,city\na@x.test,a,b\n')).rejects.toThrow(
      'two columns "city"',
    )
    await expect(
      importer.importText('address,city,Ort\na@x.test,a,b\n', { map: new Map([['Ort', 'city']]) }),
    ).rejects.toThrow('has two columns "Ort"')
    await expect(importer.importText(`address,${'x,'.repeat(400)}y\n`)).rejects.toThrow('300 are the most')
  })

  test('of tags are parted by commas', async () => {
    const { verdicts } = await importer.importText(
      `address,tags\na@x.test,"VIP, ""Long Read"""\nb@x.test,${'x'.repeat(61)}\n`,
    )

    expect(await importer.show('a@x.test')).toBe('a@x.test  {} [long read, vip] active')
    expect(verdicts[1]).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('60 are the most of a tag'),
    })
  })

  test('of declared attributes hold values of their type, or cost the row', async () => {
    const attributes: readonly AttributeType[] = [
      { name: 'plan', kind: 'oneOf', choices: ['free', 'paid'] },
      { name: 'since', kind: 'date' },
    ]

    const { verdicts } = await importer.importText(
      'address,plan,since\na@x.test,PAID,2024-02-29\nb@x.test,gold,\nc@x.test,,2023-02-29\n',
      { attributes },
    )

    expect(await importer.show('a@x.test')).toBe('a@x.test  {"plan":"paid","since":"2024-02-29"} [] active')
    expect(verdicts.slice(1)).toEqual([
      { kind: 'refused', line: 3, reason: 'plan: "gold" is none of free, paid' },
      { kind: 'refused', line: 4, reason: 'since: "2023-02-29" is no day; write it as 2026-03-31' },
    ])
  })
})

describe('encodings', () => {
  const rows = 'address,name\nj@x.test,Jörg\n'

  test.each([
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${rows}`), 'utf-8', 'read'],
    ['UTF-16, little-endian', Buffer.from(`\uFEFF${rows}`, 'utf16le'), 'utf-16le', 'read'],
    ['UTF-16, big-endian', Buffer.from(`\uFEFF${rows}`, 'utf16le').swap16(), 'utf-16be', 'read'],
    ['Windows-1252', Buffer.from(rows, 'latin1'), 'windows-1252', 'guessed'],
  ])('V53: %s is read', async (_, bytes, encoding, how) => {
    const result = await importer.importText(bytes)

    expect(result.text).toEqual({ encoding, how })
    expect(await importer.show('j@x.test')).toBe('j@x.test Jörg {} [] active')
  })

  test('the one that is told wins', async () => {
    await importer.importText(Buffer.from(rows), { encoding: 'windows-1252' })

    expect(await importer.show('j@x.test')).toBe('j@x.test JÃ¶rg {} [] active')
  })
})
