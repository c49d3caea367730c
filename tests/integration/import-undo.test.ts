import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findImport } from '../../src/audience/import-record.js'
import { buttondown } from '../../src/audience/origin/buttondown.js'
import type { Db } from '../../src/db/db.js'
import { openTestDb } from '../rig/database.js'
import { type Importer, openImporter } from '../rig/import.js'
import { seedSend } from '../rig/seed.js'

let db: Db
let importer: Importer
beforeEach(async () => {
  db = await openTestDb()
  importer = openImporter(db)
})
afterEach(() => db.close())

describe('undo of an import', () => {
  test('removes the people it made, with their tags; their Events stay and speak of nobody', async () => {
    const { import: id } = await importer.importText(
      'address,name,tags\nalice@x.test,Alice,vip\nbob@x.test,Bob,\n',
    )

    expect(await importer.undo(id)).toMatchObject({ removed: 2, takenOff: 0, restored: 0, left: 0 })

    expect(await importer.count('subscriber')).toBe(0)
    expect(await importer.count('subscription')).toBe(0)
    const events = await db.query.selectFrom('event').select(['kind', 'subscriber_id', 'detail']).execute()
    expect(events).toEqual(
      Array(2).fill({
        kind: 'subscribed',
        subscriber_id: null,
        detail: '{"how":"import","import":1,"undone":1}',
      }),
    )
    expect(await importer.count('import_change')).toBe(0)
    expect(await findImport(db.query, 1)).toMatchObject({
      state: 'undone',
      counts: { added: 2, undone: { removed: 2 } },
    })
  })

  test('gives names, attributes and tags back as they were', async () => {
    await importer.importText('address,name,city,tags\nalice@x.test,Alice,Köln,vip\n')
    const before = await importer.show('alice@x.test')
    const { import: id } = await importer.importText(
      'address,name,city,plan,tags\nalice@x.test,Alicia,Bonn,free,"vip, press"\n',
    )

    expect(await importer.undo(id)).toMatchObject({ restored: 1, removed: 0 })
    expect(await importer.show('alice@x.test')).toBe(before)
  })

  test('but for what was changed since', async () => {
    await importer.importText('address,name,city\nalice@x.test,Alice,Köln\n')
    const { import: id } = await importer.importText('address,name,city\nalice@x.test,Alicia,Bonn\n')
    await importer.importText('address,city\nalice@x.test,Kiel\n')

    expect(await importer.undo(id)).toMatchObject({ left: 1, restored: 0 })
    expect(await importer.show('alice@x.test')).toBe('alice@x.test Alice {"city":"Kiel"} [] active')
  })

  test('leaves a person who has left meanwhile as they are', async () => {
    const { import: id } = await importer.importText('address\ncharlie@x.test\n')
    await importer.leave('charlie@x.test')

    expect(await importer.undo(id)).toMatchObject({ left: 1, removed: 0 })
    expect(await importer.show('charlie@x.test')).toContain('unsubscribed by person')
  })

  test('nor brings back who said it themselves after the file had', async () => {
    await importer.importText('address\nalice@x.test\ncharlie@x.test\n')
    const { import: id } = await importer.importText(
      'email,type,creation_date\nalice@x.test,unsubscribed,2024-01-01\ncharlie@x.test,unsubscribed,2024-01-01\n',
      { from: buttondown },
    )
    await importer.leave('charlie@x.test')

    expect(await importer.undo(id)).toMatchObject({ restored: 1, left: 1 })
    expect(await importer.show('alice@x.test')).toContain(' active')
    expect(await importer.show('charlie@x.test')).toContain('unsubscribed by person')
  })

  test('puts those back whom mode set took off, unless they have left since', async () => {
    await importer.importText('address\nalice@x.test\nbob@x.test\ncharlie@x.test\n')
    const { import: id } = await importer.importText('address\nalice@x.test\n', { mode: 'set' })
    await importer.leave('charlie@x.test')

    expect(await importer.undo(id)).toMatchObject({ restored: 1, left: 1 })
    expect(await importer.show('bob@x.test')).toBe('bob@x.test  {} [] active')
    expect(await importer.show('charlie@x.test')).toContain('unsubscribed by person')
    expect((await importer.events('bob@x.test')).at(-1)).toEqual([
      'restored',
      { how: 'undo', import: 2, file: 'members.csv', by: 'editor' },
    ])
  })

  test('takes those off again whom it had brought back, out of Sends too', async () => {
    await importer.importText('address\nalice@x.test\nbob@x.test\n')
    await importer.importText('address\nalice@x.test\n', { mode: 'set' })
    const { import: id } = await importer.importText('address\nalice@x.test\nbob@x.test\n')

    await importer.undo(id)

    expect(await importer.show('bob@x.test')).toContain('unsubscribed by editor')
  })

  test('keeps whom something was sent to, off the List by the editor', async () => {
    const { import: id } = await importer.importText('address\nalice@example.com\nbob@example.com\n', {
      listName: 'harbour',
    })
    await seedSend(db.query, { list: 'Harbour', deliveries: [{ who: 'alice', state: 'queued' }] })

    expect(await importer.undo(id)).toMatchObject({ removed: 1, takenOff: 1 })
    expect(await importer.show('alice@example.com')).toContain('unsubscribed by editor')
    expect(await importer.show('bob@example.com')).toBeNull()
    expect(await db.query.selectFrom('delivery').select(['state', 'reason']).execute()).toEqual([
      { state: 'excluded', reason: 'unsubscribed' },
    ])
  })

  test('keeps everyone while a Send is placing people', async () => {
    const { import: id } = await importer.importText('address\nbob@example.com\n', { listName: 'harbour' })
    await seedSend(db.query, { list: 'Harbour', state: 'preparing', deliveries: [{ who: 'alice' }] })

    expect(await importer.undo(id)).toMatchObject({ removed: 0, takenOff: 1 })
    expect(await importer.show('bob@example.com')).toContain('unsubscribed by editor')
  })

  test('of one List leaves the Subscriber, who is on another', async () => {
    const { import: id } = await importer.importText('address\nalice@x.test\n')
    await importer.importText('address\nalice@x.test\n', { listName: 'weekly' })

    expect(await importer.undo(id)).toMatchObject({ removed: 0, takenOff: 1 })
    expect(await importer.count('subscriber')).toBe(1)
    expect(await importer.count('subscription')).toBe(1)
  })

  test('foretold counts the same and writes nothing', async () => {
    const { import: id } = await importer.importText('address\nalice@x.test\nbob@x.test\n')

    const foretold = await importer.undo(id, 'foresee')

    expect(await importer.count('subscriber')).toBe(2)
    expect(await importer.undo(id)).toEqual(foretold)
  })

  test('a second time says what it did the first time', async () => {
    const { import: id } = await importer.importText('address\nalice@x.test\n')
    const first = await importer.undo(id)

    expect(await importer.undo(id)).toEqual({ ...first, isAlready: true })
  })

  test('twice at once undoes it once', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => `p${index}@x.test`)
    const { import: id } = await importer.importText(`address\n${rows.join('\n')}\n`)

    await Promise.all([importer.undo(id), importer.undo(id)])

    expect(await importer.undo(id)).toMatchObject({ removed: 3_000, left: 0 })
    expect(await importer.count('subscriber')).toBe(0)
  })

  test('of an import that still runs ends it', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `p${index}@x.test`)
    let undone: Promise<unknown> | null = null

    const running = importer.importText(`address\n${rows.join('\n')}\n`, {
      onVerdicts: async () => {
        undone ??= importer.undo(1)
        await undone
      },
    })

    await expect(running).rejects.toThrow('import 1 is being undone, so it ends here')
    expect(await importer.count('subscriber')).toBe(0)
    expect(await findImport(db.query, 1)).toMatchObject({ state: 'undone' })
  })

  test('never lifts a Suppression that came with the file', async () => {
    const { import: id } = await importer.importText(
      'email,type,creation_date\nalice@x.test,regular,2024-01-01\nerin@x.test,complained,2024-01-01\n',
      { from: buttondown },
    )

    expect(await importer.undo(id)).toMatchObject({ removed: 1 })
    expect(await importer.count('suppression')).toBe(1)
    expect(await importer.importText('address\nerin@x.test\n')).toMatchObject({ suppressed: 1 })
  })

  test('of a number that is no import says so', async () => {
    await expect(importer.undo(7)).rejects.toThrow('there is no import 7; pressrun imports lists them')
  })
})
