import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { importFile, printImport } from '../../src/commands/subscribers-import.js'
import {
  readSubscriptionStatus,
  type SubscribersRequest,
  writeSubscribers,
} from '../../src/commands/subscribers-list.js'
import { printSubscriber, showSubscriber } from '../../src/commands/subscribers-show.js'
import { printSuppression, suppressAddress } from '../../src/commands/subscribers-suppress.js'
import type { Db } from '../../src/db/db.js'
import { InputError } from '../../src/errors.js'
import { makeKeys } from '../../src/link/token.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import { openTestDb } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'

const keys = makeKeys(['a secret of the tests, long enough for a key'])
const NOON = Date.UTC(2026, 0, 5, 12)
const now = () => NOON

let db: Db
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pressrun-subscribers-'))
  db = await openTestDb()
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

function importText(csv: string) {
  const file = path.join(folder, 'members.csv')
  writeFileSync(file, csv)
  return importFile({ file, list: 'readers', missingList: 'create', how: 'write', db, keys, now })
}

async function listed(request: Partial<SubscribersRequest> = {}): Promise<string> {
  const out = new PassThrough()
  const written = text(out)
  await writeSubscribers({ list: null, status: null, format: 'text', ...request }, { db, keys, out })
  out.end()
  return written
}

describe('subscribers import', () => {
  test('says what became of the rows, and of the broken ones why', async () => {
    const result = await importText(
      'address,name\nalice@example.com,Alice\nbob@example.com,Bob\n<x@y.test>,X\nBOB@example.com,Bob\n',
    )

    expect(printImport(result, 'members.csv')).toBe(
      [
        'members.csv:4: the address "<x@y.test>" holds an angle bracket; write the bare address',
        'members.csv:5: duplicate of line 3',
        '',
        'List readers, 4 rows:',
        '  2  added',
        '  1  repeated in the file',
        '  1  refused',
        'Import 1; pressrun subscribers undo 1 undoes it.',
        '',
      ].join('\n'),
    )
  })

  test('of a file that is not there, or a folder, says so', async () => {
    const options = { list: 'readers', missingList: 'create', how: 'write', db, keys, now } as const

    await expect(importFile({ ...options, file: path.join(folder, 'none.csv') })).rejects.toThrow(InputError)
    await expect(importFile({ ...options, file: folder })).rejects.toThrow('is not a file; name a CSV file')
  })
})

describe('subscribers list', () => {
  test('names everyone with the List and the status', async () => {
    await importText('address,name,city\nalice@example.com,Alice,Köln\nfrank@example.com,Frank,\n')
    await suppressAddress({ address: 'frank@example.com', reason: 'asked', by: 'Ada', db, keys, now })

    expect(await listed()).toBe(
      'alice@example.com\tAlice\treaders\tactive\nfrank@example.com\tFrank\treaders\tactive, suppressed: asked\n',
    )
    expect(JSON.parse(await listed({ format: 'json' }))).toEqual([
      {
        address: 'alice@example.com',
        name: 'Alice',
        list: 'readers',
        status: 'active',
        suppressed: null,
        attributes: { city: 'Köln' },
      },
      {
        address: 'frank@example.com',
        name: 'Frank',
        list: 'readers',
        status: 'active',
        suppressed: 'asked',
        attributes: {},
      },
    ])
  })

  test('keeps to a List and a status', async () => {
    await importText('address\nalice@example.com\n')
    const { deliveries } = await seedSend(db.query, { list: 'Daily', deliveries: [{ who: 'charlie' }] })
    await unsubscribe(db, { deliveryId: deliveries.charlie ?? 0, how: 'page', now: NOON })

    expect(await listed({ list: 'daily' })).toBe('charlie@example.com\tcharlie\tdaily\tunsubscribed\n')
    expect(await listed({ status: 'active' })).toBe('alice@example.com\t\treaders\tactive\n')
    expect(await listed({ list: 'daily', status: 'active', format: 'json' })).toBe('[]\n')
    await expect(listed({ list: 'nightly' })).rejects.toThrow(
      'there is no List "nightly"; there is daily, readers',
    )
    expect(() => readSubscriptionStatus('gone')).toThrow('there is pending, active, unsubscribed')
  })

  test('reads page after page', async () => {
    const rows = Array.from({ length: 2_345 }, (_, index) => `p${index}@example.com`)
    await importText(`address\n${rows.join('\n')}\n`)

    const lines = (await listed()).trimEnd().split('\n')

    expect(lines.map((line) => line.split('\t')[0])).toEqual(rows)
  })
})

describe('subscribers show', () => {
  test('tells what is known about an address, in the order of time', async () => {
    const { sendId, deliveries } = await seedSend(db.query, {
      list: 'Daily',
      deliveries: [{ who: 'charlie', state: 'queued' }],
      now: NOON - 60_000,
    })
    await unsubscribe(db, { deliveryId: deliveries.charlie ?? 0, how: 'one-click', now: NOON })
    await suppressAddress({
      address: 'charlie@example.com',
      reason: null,
      by: 'Ada',
      db,
      keys,
      now: () => NOON + 1_000,
    })

    const record = await showSubscriber({ address: 'Charlie@Example.com', db, keys, now })

    expect(record).toMatchObject({
      address: 'charlie@example.com',
      suppression: { reason: 'by hand' },
      subscriptions: [{ list: 'daily', status: 'unsubscribed', since: '2026-01-05T12:00:00.000Z' }],
      timeline: [
        { what: 'excluded', send: sendId, list: 'daily', detail: 'unsubscribed' },
        { what: 'unsubscribed', send: sendId, list: 'daily', detail: 'how one-click' },
        { what: 'suppressed', send: null, list: null, detail: 'reason by hand, by Ada' },
      ],
    })
    expect(printSubscriber(record)).toBe(
      [
        'charlie@example.com',
        '  name        charlie',
        '  List daily  unsubscribed since 2026-01-05 12:00:00 UTC',
        '  suppressed  by hand, since 2026-01-05 12:00:01 UTC',
        '',
        `2026-01-05 12:00:00 UTC  excluded      Send ${sendId}, 2026-03-01-cranes to daily  unsubscribed`,
        `2026-01-05 12:00:00 UTC  unsubscribed  Send ${sendId}, 2026-03-01-cranes to daily  how one-click`,
        '2026-01-05 12:00:01 UTC  suppressed                                        reason by hand, by Ada',
        '',
      ].join('\n'),
    )
  })

  test('knows an address that is suppressed and nobody', async () => {
    await suppressAddress({ address: 'frank@example.com', reason: 'asked', by: 'Ada', db, keys, now })

    const record = await showSubscriber({ address: 'frank@example.com', db, keys, now })

    expect(record).toMatchObject({ subscriber: null, suppression: { reason: 'asked' }, timeline: [] })
    expect(printSubscriber(record)).toBe(
      'frank@example.com\n  suppressed  asked, since 2026-01-05 12:00:00 UTC\n',
    )
  })

  test('of a stranger, or of what is no address, says so', async () => {
    await expect(showSubscriber({ address: 'x@example.com', db, keys, now })).rejects.toThrow(
      'there is no subscriber x@example.com',
    )
    await expect(showSubscriber({ address: 'x@y@z', db, keys, now })).rejects.toThrow(
      'the address "x@y@z" has more than one @',
    )
  })
})

describe('subscribers suppress', () => {
  test('says what it stopped, and the second time that it was so already', async () => {
    await seedSend(db.query, { deliveries: [{ who: 'frank', state: 'queued' }] })
    const options = { address: ' Frank@example.com', reason: 'asked\r\nby phone', by: 'Ada', db, keys, now }

    const first = await suppressAddress(options)
    const second = await suppressAddress(options)

    expect(printSuppression(first)).toBe(
      'Frank@example.com is suppressed; 1 message still to go out will not\n',
    )
    expect(printSuppression(second)).toBe('Frank@example.com was suppressed already\n')
    expect(await showSubscriber({ address: 'frank@example.com', db, keys, now })).toMatchObject({
      suppression: { reason: 'asked by phone' },
    })
  })
})
