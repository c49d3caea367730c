/** Lanes by mail exchanger, with a DNS of the test's own. */

import type { MxRecord } from 'node:dns'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/db.js'
import { openMxLanes } from '../../src/send/mx-lanes.js'
import { openTestDb } from '../rig/database.js'

const DAY_MS = 86_400_000
const ZONE: Readonly<Record<string, readonly MxRecord[]>> = {
  'harbour.example': [
    { priority: 20, exchange: 'backup.example.net' },
    { priority: 10, exchange: 'aspmx.l.google.com' },
  ],
  'crane.example': [{ priority: 0, exchange: 'crane-example.mail.protection.outlook.com' }],
  'own.example': [{ priority: 10, exchange: 'mx.own.example' }],
  // Not Google's.
  'trick.example': [{ priority: 10, exchange: 'mx.notgoogle.com' }],
}

let db: Db
let asked: string[]
let time: number

beforeEach(async () => {
  db = await openTestDb()
  asked = []
  time = Date.now()
})

afterEach(() => db.close())

function finder(resolveMx: (domain: string) => Promise<readonly MxRecord[]> = ask) {
  return openMxLanes({ query: db.query, now: () => time, monotonic: () => performance.now(), resolveMx })
}

async function ask(domain: string): Promise<readonly MxRecord[]> {
  asked.push(domain)
  const records = ZONE[domain]
  if (records === undefined) throw Object.assign(new Error('no such domain'), { code: 'ENOTFOUND' })
  return records
}

test('a domain goes with the provider that receives for it; one of a table is not looked up', async () => {
  const lanes = await finder()([...Object.keys(ZONE), 'gmail.com', 'nowhere.example'])

  expect(Object.fromEntries(lanes)).toEqual({
    'harbour.example': 'gmail',
    'crane.example': 'microsoft',
    'own.example': 'other',
    'trick.example': 'other',
    'gmail.com': 'gmail',
    'nowhere.example': 'other',
  })
  expect(asked).not.toContain('gmail.com')
})

test('what was found is remembered for a week, that there is nothing too', async () => {
  await finder()(['harbour.example', 'nowhere.example'])
  await finder()(['harbour.example', 'nowhere.example'])
  expect(asked).toHaveLength(2)

  // On Postgres it is the database's clock that counts.
  await db.query
    .updateTable('mx')
    .set({ looked_up_at: time - 8 * DAY_MS })
    .execute()
  await finder()(['harbour.example'])

  expect(asked).toHaveLength(3)
})

test('a DNS that answers nothing holds up a freeze for seconds at most, and what it could not say is not remembered', async () => {
  const never = () => new Promise<never>(() => {})
  const began = performance.now()
  const find = finder(never)

  const lanes = await find(Array.from({ length: 500 }, (_, index) => `d${index}.example`))

  expect(performance.now() - began).toBeLessThan(8_000)
  expect(new Set(lanes.values())).toEqual(new Set(['other']))
  expect(await db.query.selectFrom('mx').selectAll().execute()).toEqual([])
})

test('look-ups are bounded in number', async () => {
  let underWay = 0
  let most = 0
  const find = finder(async (domain) => {
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => setImmediate(resolve))
    underWay -= 1
    return ask(domain)
  })

  await find(Array.from({ length: 300 }, (_, index) => `d${index}.example`))

  expect(asked).toHaveLength(300)
  expect(most).toBe(32)
})
