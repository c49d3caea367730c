/** A new version meets the database of an old one, and an old one that of a new. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/app/store.js'
import { readConfig } from '../../src/config.js'
import type { Query } from '../../src/db/db.js'
import { MIGRATIONS } from '../../src/db/migrate.js'
import { type CliRoot, openCliRoot } from '../rig/cli.js'
import { makeOlder, OLDER, setSchema } from '../rig/schema.js'

const NOW = MIGRATIONS.length

let place: CliRoot
beforeEach(async () => {
  place = await openCliRoot({}, 'shared')
})
afterEach(() => place.close())

/** Opened by today's version, for as long as the change takes. */
async function change(work: (query: Query) => Promise<void>): Promise<void> {
  const { db, close } = await openStore(readConfig({ root: place.root, env: place.env }))
  await work(db.query)
  await close()
}

test('an older database is brought up to date with one line, and not under an engine of its version', async () => {
  const first = await place.run('lists', 'new', 'weekly')
  const engine = await place.start()
  await change(makeOlder)

  const during = await place.run('lists', '--json')
  await engine.end('SIGKILL')
  const after = await place.run('lists', '--json')
  const again = await place.run('lists', '--json')

  expect(first.stderr).not.toContain('schema')
  expect(during).toMatchObject({ code: 2, stdout: '' })
  expect(during.stderr).toMatch(
    /^an engine of an older Pressrun is running on this database [^\n]*stop it first[^\n]*\n$/,
  )
  expect(after.code).toBe(0)
  expect(after.stderr).toBe(`the database of an older Pressrun was brought from schema ${OLDER} to ${NOW}\n`)
  expect(JSON.parse(after.stdout)).toMatchObject([{ name: 'weekly' }])
  expect(again).toMatchObject({ code: 0, stderr: '', stdout: after.stdout })
})

test('the database of a newer version is answered with one line', async () => {
  await change((query) => setSchema(query, NOW + 1))

  for (const command of [['lists'], ['start']]) {
    expect(await place.run(...command)).toEqual({
      code: 2,
      stdout: '',
      stderr: `this database was used by a newer Pressrun (schema ${NOW + 1}, this one knows ${NOW}); update\n`,
    })
  }
})
