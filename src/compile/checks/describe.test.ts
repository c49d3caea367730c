import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CHECKS } from './checks.js'
import { describeChecks } from './describe.js'

const README = path.join(import.meta.dirname, '../../../issues/README.md')
const TABLE = /^\| \| what it wants (?:.+\n)+/m

/** With `-u` it is written anew. */
test('issues/README.md lists every check, and no other', async () => {
  const readme = readFileSync(README, 'utf8')

  expect(readme).toMatch(TABLE)
  await expect(readme.replace(TABLE, () => describeChecks(CHECKS))).toMatchFileSnapshot(README)
})
