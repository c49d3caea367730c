/** Exports of other tools, written here after their real columns: who has left there never comes in as active. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ORIGINS } from '../../src/audience/origin/origins.js'
import { importsCommand, printImports } from '../../src/commands/imports.js'
import type { Db } from '../../src/db/db.js'
import { InputError } from '../../src/errors.js'
import { openTestDb } from '../rig/database.js'
import { type Importer, openImporter } from '../rig/import.js'
import { seedSend } from '../rig/seed.js'

const FOLDER = fileURLToPath(new URL('../fixtures/exports/people', import.meta.url))

let db: Db
let importer: Importer
beforeEach(async () => {
  db = await openTestDb()
  importer = openImporter(db)
})
afterEach(() => db.close())

function importExport(file: string, tool: string) {
  const from = ORIGINS.find(({ name }) => name === tool) ?? null
  return importer.importText(readFileSync(path.join(FOLDER, file)), { file, from, listName: 'harbour' })
}

async function joinedOf(addressKey: string): Promise<string> {
  const { created_at } = await db.query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select('subscription.created_at')
    .where('address_key', '=', addressKey)
    .executeTakeFirstOrThrow()
  return new Date(created_at).toISOString()
}

async function reasons(): Promise<readonly string[]> {
  const rows = await db.query.selectFrom('suppression').select('reason').orderBy('reason').execute()
  return rows.map(({ reason }) => reason)
}

describe('Mailchimp', () => {
  test('subscribed: names joined, tags, other columns as attributes, consent as evidence', async () => {
    const result = await importExport('subscribed_email_audience_export_1a2b3c.csv', 'mailchimp')

    expect(result).toMatchObject({ added: 2, from: 'Mailchimp' })
    expect(await importer.show('alice@example.com')).toBe(
      'alice@example.com Alice Archer {"favourite_quay":"North"} [long reads, vip] active',
    )
    expect(await joinedOf('alice@example.com')).toBe('2019-03-01T09:14:00.000Z')
    expect(await importer.events('alice@example.com')).toEqual([
      [
        'subscribed',
        {
          how: 'import',
          import: 1,
          file: 'subscribed_email_audience_export_1a2b3c.csv',
          line: 2,
          from: 'Mailchimp',
          asked: '2019-03-01 09:12:31',
          askedFrom: '203.0.113.7',
          confirmed: '2019-03-01 09:14:00',
          confirmedFrom: '203.0.113.8',
        },
      ],
    ])
  })

  test('unsubscribed: each of them, with a date or without; complaints are suppressed', async () => {
    const result = await importExport('unsubscribed_email_audience_export_1a2b3c.csv', 'mailchimp')

    expect(result).toMatchObject({ added: 0, cameUnsubscribed: 2, cameSuppressed: 1 })
    expect(await importer.show('charlie@example.com')).toContain('unsubscribed by person')
    expect(await importer.show('nodate@example.com')).toContain('unsubscribed by person')
    expect(await importer.show('erin@example.com')).toBeNull()
    expect(await reasons()).toEqual(['complained at Mailchimp'])
    expect(await importer.events('charlie@example.com')).toMatchObject([
      ['unsubscribed', { left: '2021-06-07 08:09:10', reason: 'No longer interested' }],
    ])
  })

  test('cleaned: suppressed, and no Subscriber made of them', async () => {
    const result = await importExport('cleaned_email_audience_export_1a2b3c.csv', 'mailchimp')

    expect(result).toMatchObject({ cameSuppressed: 1 })
    expect(await importer.count('subscriber')).toBe(0)
    expect(await reasons()).toEqual(['cleaned by Mailchimp'])
  })

  test('under any other name, its columns still say who has left', async () => {
    const file = 'unsubscribed_email_audience_export_1a2b3c.csv'
    const text = readFileSync(path.join(FOLDER, file))

    const result = await importer.importText(text, {
      from: ORIGINS.find(({ name }) => name === 'mailchimp') ?? null,
    })

    expect(result).toMatchObject({ added: 0, cameUnsubscribed: 2, cameSuppressed: 1 })
  })
})

test('Substack: who has turned mail off has left', async () => {
  expect(await importExport('email_list.harbour.csv', 'substack')).toMatchObject({
    added: 1,
    cameUnsubscribed: 1,
  })
  expect(await importer.show('alice@example.com')).toContain('"plan":"yearly"')
  expect(await joinedOf('alice@example.com')).toBe('2023-01-15T10:00:00.000Z')
  expect(await importer.show('charlie@example.com')).toContain('unsubscribed by person')
})

test('Ghost: only a clear yes is a subscription', async () => {
  expect(await importExport('members.harbour.ghost.2026-04-01.csv', 'ghost')).toMatchObject({
    added: 1,
    cameUnsubscribed: 2,
  })
  expect(await importer.show('alice@example.com')).toBe(
    'alice@example.com Alice Archer ' +
      '{"note":"met at the quay","complimentary_plan":"false","tiers":"Harbour"} [founding, press] active',
  )
})

test('Buttondown: by type; a type that nobody knows is refused', async () => {
  const { verdicts } = await importExport('subscribers.buttondown.csv', 'buttondown')

  expect(verdicts.map(({ kind }) => kind)).toEqual([
    'added',
    'cameUnsubscribed',
    'camePending',
    'cameSuppressed',
    'cameSuppressed',
    'refused',
  ])
  expect(await importer.show('alice@example.com')).toBe(
    'alice@example.com  {"source":"embedded_form","city":"Hamburg","visits":"3"} [press, vip] active',
  )
  expect(await importer.show('dora@example.com')).toContain('pending')
  expect(await reasons()).toEqual(['bounced at Buttondown', 'complained at Buttondown'])
})

test('listmonk: attributes of JSON; disabled and blocklisted stay away', async () => {
  expect(await importExport('subscribers.listmonk.csv', 'listmonk')).toMatchObject({
    added: 1,
    cameUnsubscribed: 1,
    cameSuppressed: 1,
  })
  expect(await importer.show('alice@example.com')).toBe(
    'alice@example.com Alice Archer {"city":"Hamburg","likes":"[\\"cranes\\"]"} [] active',
  )
  expect(await joinedOf('alice@example.com')).toBe('2024-01-15T10:00:00.123Z')
})

describe('an opt-out from elsewhere', () => {
  test('ends the Subscription here, and takes the person out of Sends under way', async () => {
    await seedSend(db.query, { list: 'Harbour', deliveries: [{ who: 'charlie', state: 'queued' }] })

    await importExport('unsubscribed_email_audience_export_1a2b3c.csv', 'mailchimp')

    expect(await importer.show('charlie@example.com')).toContain('unsubscribed by person')
    expect(await db.query.selectFrom('delivery').select(['state', 'reason']).execute()).toEqual([
      { state: 'excluded', reason: 'unsubscribed' },
    ])
  })

  test('counts, though the person stands in the file before as subscribed', async () => {
    const result = await importer.importText(
      'email,active_subscription,email_disabled\nc@x.test,false,false\nC@x.test,false,true\nc@x.test,false,false\n',
      { from: ORIGINS.find(({ name }) => name === 'substack') ?? null },
    )

    expect(result.verdicts.map(({ kind }) => kind)).toEqual(['added', 'cameUnsubscribed', 'duplicate'])
    expect(await importer.show('c@x.test')).toContain('unsubscribed by person')
  })

  test('of a suppressed Subscriber takes them out of Sends on every List', async () => {
    await seedSend(db.query, { list: 'Other', deliveries: [{ who: 'bounced', state: 'queued' }] })

    await importExport('cleaned_email_audience_export_1a2b3c.csv', 'mailchimp')

    expect(await db.query.selectFrom('delivery').select(['state', 'reason']).execute()).toEqual([
      { state: 'excluded', reason: 'suppressed' },
    ])
  })
})

describe('an export that is not said to be one', () => {
  test.each([
    ['subscribed_email_audience_export_1a2b3c.csv', 'Mailchimp', 'mailchimp'],
    ['email_list.harbour.csv', 'Substack', 'substack'],
    ['members.harbour.ghost.2026-04-01.csv', 'Ghost', 'ghost'],
    ['subscribers.buttondown.csv', 'Buttondown', 'buttondown'],
    ['subscribers.listmonk.csv', 'listmonk', 'listmonk'],
  ])('%s is recognised and nothing of it written', async (file, title, name) => {
    const refusal = importer.importText(readFileSync(path.join(FOLDER, file)))

    await expect(refusal).rejects.toThrow(InputError)
    await expect(refusal).rejects.toThrow(
      `looks like an export of ${title}; --from ${name} reads who has left there`,
    )
    expect(await importer.count('subscriber')).toBe(0)
  })

  test('is taken as it is when that is what is wanted', async () => {
    const text = readFileSync(path.join(FOLDER, 'email_list.harbour.csv'))

    expect(await importer.importText(text, { from: 'csv' })).toMatchObject({ added: 2, from: null })
  })

  test('and a file of another tool is no export of the one that is named', async () => {
    await expect(importExport('email_list.harbour.csv', 'ghost')).rejects.toThrow(
      'email_list.harbour.csv:1: is no export of Ghost, whose header has "email", "subscribed_to_emails"',
    )
  })
})

test('the list of imports says what became of every row', async () => {
  await importExport('cleaned_email_audience_export_1a2b3c.csv', 'mailchimp')
  await importExport('unsubscribed_email_audience_export_1a2b3c.csv', 'mailchimp')
  await importer.importText('address\nfrank@x.test\nalice@x.test\n')
  await importer.leave('frank@x.test')
  await importer.importText('address\nfrank@x.test\nalice@x.test\nALICE@x.test\nx\nbob@x.test\n')

  const said = printImports(await importsCommand(db)).split('\n')

  expect(said.slice(1, -1).map((line) => line.replace(/^.*\.csv +/, ''))).toEqual([
    '5 rows, 1 added, 1 there already, 1 unsubscribed, 1 repeated, 1 refused',
    '2 rows, 2 added',
    '3 rows, 2 unsubscribed, 1 suppressed',
    '1 row, 1 suppressed',
  ])
})
