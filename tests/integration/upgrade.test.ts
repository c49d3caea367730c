/** A database that another version has used: brought up to date when no engine is in the way, or left as it is. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/app/store.js'
import { MIGRATIONS } from '../../src/db/migrate.js'
import { openDb } from '../../src/db/open.js'
import { InputError } from '../../src/errors.js'
import { openTestRoot, type TestRoot } from '../rig/engine.js'
import { makeOlder, OLDER, setSchema } from '../rig/schema.js'

const NOW = MIGRATIONS.length

let root: TestRoot
let said: string[]
const say = (sentence: string) => said.push(sentence)

beforeEach(async () => {
  said = []
  root = await openTestRoot()
})
afterEach(() => root.close())

async function schemaNow(): Promise<number> {
  const { db } = await root.store()
  const { value } = await db.query
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'schema')
    .executeTakeFirstOrThrow()
  return Number(value)
}

test('an engine of an older version keeps its database until it has ended', async () => {
  const { db } = await root.store()
  const engine = await root.engine()
  await makeOlder(db.query)

  const refused = await openDb(root.config, { say }).catch((error: unknown) => error)
  const during = await schemaNow()
  await engine.close()
  const opened = await openDb(root.config, { say })
  await opened.close()

  expect(refused).toBeInstanceOf(InputError)
  expect(String(refused)).toContain(
    `an engine of an older Pressrun is running on this database (schema ${OLDER}; this one brings ${NOW}): stop it first`,
  )
  expect(during).toBe(OLDER)
  expect(await schemaNow()).toBe(NOW)
  expect(said).toEqual([`the database of an older Pressrun was brought from schema ${OLDER} to ${NOW}`])
})

test('an engine that starts brings it up to date itself', async () => {
  const { db } = await root.store()
  await makeOlder(db.query)

  await root.engine()

  expect(await schemaNow()).toBe(NOW)
})

test('one that is new is nothing to speak of', async () => {
  const opened = await openDb(root.config, { say })
  await opened.close()

  expect(said).toEqual([])
})

test('one of a newer version is left alone, by an engine too', async () => {
  const { db } = await root.store()
  await setSchema(db.query, NOW + 1)
  const refusal = new InputError(
    `this database was used by a newer Pressrun (schema ${NOW + 1}, this one knows ${NOW}); update`,
  )

  await expect(openStore(root.config)).rejects.toEqual(refusal)
  await expect(root.engine()).rejects.toEqual(refusal)
  expect(await schemaNow()).toBe(NOW + 1)
})
