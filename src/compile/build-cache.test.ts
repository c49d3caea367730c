import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findKept, keep } from './build-cache.js'

const key = (name: string) => name.repeat(64).slice(0, 64)
let root: string
let folder: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-cache-'))
  folder = path.join(root, 'data/cache')
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

test('what is kept is found under its key, and under no other', async () => {
  await keep(folder, key('a'), { words: 'Ebb & flow', list: [1, null] })

  expect(await findKept(folder, key('a'))).toEqual({ words: 'Ebb & flow', list: [1, null] })
  expect(await findKept(folder, key('b'))).toBeNull()
})

test.each<[string, (text: string) => string]>([
  ['one letter is another', (text) => text.replace('Ebb', 'Abb')],
  ['the end is missing', (text) => text.slice(0, -5)],
  ['it is empty', () => ''],
  ['it was written by someone else', () => '{"words":"mine"}'],
])('it is not found when %s', async (_what, damage) => {
  await keep(folder, key('a'), { words: 'Ebb & flow' })
  const file = path.join(folder, `${key('a')}.json`)
  writeFileSync(file, damage(readFileSync(file, 'utf8')))

  expect(await findKept(folder, key('a'))).toBeNull()
})

test('ten writers at once leave one whole file', async () => {
  await Promise.all(Array.from({ length: 10 }, () => keep(folder, key('a'), { words: 'x'.repeat(100_000) })))

  expect(readdirSync(folder)).toEqual([`${key('a')}.json`])
  expect(await findKept(folder, key('a'))).toEqual({ words: 'x'.repeat(100_000) })
})

test('what has been of no use for the longest goes first', async () => {
  const names = Array.from({ length: 62 }, (_, index) => String(index).padStart(64, '0'))
  for (const [index, name] of names.entries()) {
    await keep(folder, name, index)
    utimesSync(path.join(folder, `${name}.json`), index, index)
  }
  await findKept(folder, names[2] ?? '')

  await keep(folder, key('a'), 'new')

  const left = readdirSync(folder)
  expect(left).toHaveLength(60)
  expect(left).toContain(`${names[2]}.json`)
  expect(left).not.toContain(`${names[3]}.json`)
})

test('what a writer left that died is removed', async () => {
  await keep(folder, key('a'), 1)
  const orphan = path.join(folder, `${key('b')}.0123456789ab.part`)
  writeFileSync(orphan, 'half')
  utimesSync(orphan, 0, 0)

  await keep(folder, key('c'), 1)

  expect(readdirSync(folder)).toEqual([`${key('a')}.json`, `${key('c')}.json`])
})

test('where there is no place for it nothing is kept and nothing fails', async () => {
  writeFileSync(path.join(root, 'data'), 'a file where the folder should be')

  await keep(folder, key('a'), 1)

  expect(await findKept(folder, key('a'))).toBeNull()
})
