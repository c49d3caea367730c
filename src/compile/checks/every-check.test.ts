/** No check that can never fire: each has a test beside it that bears its id and in which it finds something. */

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CHECKS } from './checks.js'

const FINDS = /\.(?:toEqual\(\[\s*[^\s\]]|toEqual\(expect|toHaveLength\([1-9]|toMatch|toContain|toBe\()/

const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => path.join(import.meta.dirname, file))
/** L04 asks sites, which is more than a unit may. */
const asking = path.join(import.meta.dirname, '../../../tests/integration/apart/check-links.test.ts')
/** Each test as it is written, `test.each` with its rows. */
const tests = [...files, asking].flatMap((file) => readFileSync(file, 'utf8').split(/^(?=test[.(])/m))

test.each(CHECKS.map(({ id }) => id))('%s has a test in which it finds something', (id) => {
  const own = tests.filter((text) => new RegExp(`['\`(]${id}(?: trips| nearly)?[:' ]`).test(text))

  expect(own.filter((text) => FINDS.test(text))).not.toEqual([])
})
