/** People act while an import, or its undo, has judged them already and has not written yet. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { buttondown } from '../../src/audience/origin/buttondown.js'
import { endSubscription } from '../../src/audience/subscription.js'
import type { Db } from '../../src/db/db.js'
import { openTestDb } from '../rig/database.js'
import { type Importer, openImporter } from '../rig/import.js'
import { untilWaiting } from '../rig/locks.js'

const WHO = 'charlie@x.test'
const LEFT_ELSEWHERE = `email,type,creation_date\n${WHO},unsubscribed,2024-01-01\n`

let db: Db
let importer: Importer
beforeEach(async () => {
  db = await openTestDb()
  importer = openImporter(db)
})
afterEach(() => db.close())

test('who leaves while an import would bring them back stays away', async () => {
  await importer.importText(`address\nalice@x.test\n${WHO}\n`)
  await importer.importText('address\nalice@x.test\n', { mode: 'set' })

  const imported = await whileLeaving(() => importer.importText(`address\n${WHO}\n`))

  expect(imported).toMatchObject({ restored: 0, keptOptOut: 1 })
  expect(await importer.show(WHO)).toContain('unsubscribed by person')
})

test('who leaves while an import reports it has left by themselves, whatever is undone', async () => {
  await importer.importText(`address\n${WHO}\n`)

  const imported = await whileLeaving(() => importer.importText(LEFT_ELSEWHERE, { from: buttondown }))
  await importer.undo(imported.import)

  expect(imported).toMatchObject({ cameUnsubscribed: 0, keptOptOut: 1 })
  expect(await importer.show(WHO)).toContain('unsubscribed by person')
})

test('who leaves while the import that added them is undone is not forgotten', async () => {
  const { import: id } = await importer.importText(`address\n${WHO}\n`)

  const undone = await whileLeaving(() => importer.undo(id))

  expect(undone).toMatchObject({ removed: 0, left: 1 })
  expect(await importer.show(WHO)).toContain('unsubscribed by person')
})

/** Their leaving holds the row of the Subscription when `work` comes to it. */
async function whileLeaving<T>(work: () => Promise<T>): Promise<T> {
  const { id } = await db.query
    .selectFrom('subscription')
    .innerJoin('subscriber', 'subscriber.id', 'subscription.subscriber_id')
    .select('subscription.id')
    .where('subscriber.address_key', '=', WHO)
    .executeTakeFirstOrThrow()
  const working = await db.query.transaction().execute(async (trx) => {
    await endSubscription(trx, { id, by: 'person', now: importer.now() })
    const begun = work()
    begun.catch(() => {})
    await untilWaiting(db.query)
    return { begun }
  })
  return working.begun
}
