import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ExportOptions, exportCommand } from '../../src/commands/subscribers-export.js'
import type { Db } from '../../src/db/db.js'
import { suppress } from '../../src/track/suppress.js'
import { openTestDb } from '../rig/database.js'
import { type Importer, keys, openImporter } from '../rig/import.js'

let folder: string
let db: Db
let importer: Importer
let files = 0
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pressrun-export-'))
  db = await openTestDb()
  importer = openImporter(db)
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

async function exportList(options: Partial<ExportOptions> = {}): Promise<string> {
  const out = options.out ?? path.join(folder, `${files++}.csv`)
  const publication = { attributes: [], segments: [], timeZone: 'UTC' }
  await exportCommand(
    { list: 'readers', status: null, segment: null, ...options, out },
    { db, keys, now: importer.now, publication },
  )
  return readFileSync(out, 'utf8')
}

/** All that is known of everyone, without numbers and times of our own. */
async function everything(of: Db) {
  const people = await of.query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select([
      'address',
      'address_key',
      'address_hash',
      'name',
      'attributes',
      'lang',
      'is_untracked',
      'status',
      'left_by',
      'preferences',
      'paused_until',
      'subscription.created_at',
    ])
    .orderBy('subscription.id')
    .execute()
  const tags = await of.query
    .selectFrom('tag')
    .innerJoin('subscriber', 'subscriber.id', 'tag.subscriber_id')
    .select(['subscriber.address_key', 'tag.name'])
    .orderBy('address_key')
    .orderBy('tag.name')
    .execute()
  const rows = people.map(({ attributes, preferences, ...row }) => ({
    ...row,
    attributes: JSON.parse(attributes),
    preferences: JSON.parse(preferences),
  }))
  return { rows, tags }
}

const HOSTILE = [
  'address,name,city,status_note,tags',
  'alice@x.test,"=HYPERLINK(""https://evil.test"",""x"")",@SUM(A1),-1,"=tag, +tag"',
  "+bob@x.test,'Bob,'=x,+1,",
  '-carol@x.test,"Carol, ""the"" Crane","a;b",x,',
  "'dan@x.test,,,,",
  'Erin@X.test,Jörg 🙂,,,vip',
].join('\n')

describe('an export', () => {
  test('V43: guards what begins a formula, in every column', async () => {
    await importer.importText(HOSTILE)

    const rows: string[][] = parse(await exportList(), { bom: true })

    for (const field of rows.flat()) expect(field).not.toMatch(/^[=+\-@\t\r]/)
    expect(rows[1]?.slice(0, 5)).toEqual([
      'alice@x.test',
      `'=HYPERLINK("https://evil.test","x")`,
      "'@SUM(A1)",
      "'-1",
      "'+tag, =tag",
    ])
    expect(rows[2]?.slice(0, 4)).toEqual(["'+bob@x.test", "''Bob", "''=x", "'+1"])
  })

  test('V43: reads back to the same people, to the byte', async () => {
    await importer.importText(HOSTILE)
    await importer.leave("'dan@x.test")
    await db.query
      .updateTable('subscription')
      .set({ preferences: '{"topics":["harbour"],"monthly":true}', paused_until: 1_800_000_000_000 })
      .where('id', '=', 2)
      .execute()
    await db.query.updateTable('subscription').set({ status: 'pending' }).where('id', '=', 3).execute()
    await db.query
      .updateTable('subscriber')
      .set({ lang: 'fr', is_untracked: 1 })
      .where('id', '=', 1)
      .execute()
    const text = await exportList()
    // The byte order mark of a file.
    expect(text.codePointAt(0)).toBe(0xfeff)
    const before = await everything(db)

    const other = await openTestDb()
    const result = await openImporter(other).importText(text, { listName: 'readers' })

    expect(result).toMatchObject({ from: 'Pressrun', refused: 0, duplicate: 0 })
    expect(await everything(other)).toEqual(before)
    await other.close()
  })

  test('onto the same List changes nothing', async () => {
    await importer.importText(HOSTILE)
    await importer.leave('erin@x.test')
    const before = await everything(db)

    const result = await importer.importText(await exportList())

    expect(result).toMatchObject({ alreadyActive: 4, keptOptOut: 1, updated: 0 })
    expect(await everything(db)).toEqual(before)
  })

  test('carries Suppressions, and they hold elsewhere', async () => {
    await importer.importText('address\nfrank@x.test\n')
    await suppress(db, { addressKey: 'frank@x.test', reason: 'asked', by: 'command', keys, now: 1 })
    const text = await exportList()

    const other = await openTestDb()
    const elsewhere = openImporter(other)
    expect(await elsewhere.importText(text)).toMatchObject({ cameSuppressed: 1 })
    expect(await elsewhere.importText('address\nfrank@x.test\n')).toMatchObject({ suppressed: 1 })
    await other.close()
  })

  test('of attributes that are called as its columns are', async () => {
    await importer.importText('address,status,joined,email_kind\nalice@x.test,gold,never,work\n')
    const text = await exportList()

    expect(text.split('\r\n')[0]).toBe(
      '\uFEFFaddress,name,email_kind,attributes.joined,attributes.status,tags,status,left_by,joined,suppressed,lang,preferences,paused_until,tracking',
    )
    expect(await importer.importText(text)).toMatchObject({ alreadyActive: 1 })
  })

  test('of a status or a Segment holds no one else', async () => {
    await importer.importText('address,city\nalice@x.test,Kiel\nbob@x.test,Bonn\ncharlie@x.test,Kiel\n')
    await importer.leave('charlie@x.test')
    const addresses = async (options: Partial<ExportOptions>) =>
      parse(await exportList(options), { bom: true })
        .slice(1)
        .map(([address]: string[]) => address)

    expect(await addresses({ status: 'active' })).toEqual(['alice@x.test', 'bob@x.test'])
    expect(await addresses({ segment: 'city = "Kiel"' })).toEqual(['alice@x.test', 'charlie@x.test'])
    expect(await addresses({ segment: 'city = "Kiel"', status: 'active' })).toEqual(['alice@x.test'])
  })

  test('of many comes in pages, each person once, in the order of the List', async () => {
    const rows = Array.from({ length: 4_500 }, (_, index) => `p${(index * 7_919) % 4_500}@x.test`)
    await importer.importText(`address\n${rows.join('\n')}\n`)

    const exported = parse(await exportList(), { bom: true })
      .slice(1)
      .map(([address]: string[]) => address)

    expect(exported).toEqual(rows)
  })

  test('is for its owner alone, and overwrites nothing', async () => {
    await importer.importText('address\nalice@x.test\n')
    const out = path.join(folder, 'once.csv')
    await exportList({ out })

    expect(statSync(out).mode & 0o777).toBe(0o600)
    await expect(exportList({ out })).rejects.toThrow('once.csv: is there already; name another file')
  })
})
