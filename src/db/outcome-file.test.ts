import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openOutcomeFile } from './outcome-file.js'

let root: string
let folder: string
let said: string[]

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'outcomes-'))
  folder = path.join(root, 'outcomes')
  said = []
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

const log = pino({ level: 'warn' }, { write: (line) => said.push(line) })
const open = (owner: string) => openOutcomeFile({ folder, owner, log })
const linesOf = async (owner: string) => (await open(owner).leftovers()).map(({ lines }) => lines)

test('lines are on the disk when append resolves, for their owner alone, and gone after clear', async () => {
  const file = open('host:place:7:abc')

  expect(await file.append(['1', '2'])).toBe(true)
  expect(await file.append(['3'])).toBe(true)

  const kept = path.join(folder, 'host_place_7_abc.jsonl')
  expect(readFileSync(kept, 'utf8')).toBe('1\n2\n3\n')
  expect(statSync(kept).mode & 0o777).toBe(0o600)
  await file.clear()
  expect(readdirSync(folder)).toEqual([])
})

test('nothing is made before there is something to keep', async () => {
  const file = open('alice')

  expect(await file.leftovers()).toEqual([])
  await file.clear()

  expect(existsSync(folder)).toBe(false)
})

test('what a dead process left is handed out until it is removed, file by file', async () => {
  await open('dead').append(['1', '2'])
  await open('long-dead').append(['3'])

  expect(await linesOf('second')).toEqual([['1', '2'], ['3']])
  // The second died before it had committed them.
  const found = await open('third').leftovers()
  expect(found.map(({ lines }) => lines)).toEqual([['1', '2'], ['3']])
  for (const { remove } of found) await remove()

  expect(readdirSync(folder)).toEqual([])
})

test('a file’s own lines are no leftover', async () => {
  const file = open('alice')
  await file.append(['1'])

  expect(await file.leftovers()).toEqual([])
})

test('a last line that was cut off is no line', async () => {
  await open('dead').append(['1', '2'])
  appendFileSync(path.join(folder, 'dead.jsonl'), '{"send":3,"deliv')

  expect(await linesOf('next')).toEqual([['1', '2']])
})

test('who is taken for dead and lives loses nothing: what he writes after that is found too', async () => {
  const slow = open('slow')
  await slow.append(['1'])
  const [first] = await open('next').leftovers()

  expect(await slow.append(['2'])).toBe(true)
  await first?.remove()

  expect(first?.lines).toEqual(['1'])
  expect(await linesOf('third')).toEqual([['2']])
})

test('append and take by many at once lose no line', async () => {
  const writers = Array.from({ length: 4 }, (_, index) => open(`writer-${index}`))
  const taker = open('taker')
  const seen = new Set<string>()
  const collect = async () => {
    for (const { lines, remove } of await taker.leftovers()) {
      for (const line of lines) seen.add(line)
      await remove()
    }
  }

  const writing = Promise.all(
    writers.flatMap((writer, index) =>
      Array.from({ length: 10 }, (_, line) => writer.append([`${index}-${line}`])),
    ),
  )
  for (let takes = 0; takes < 20; takes += 1) await collect()
  const written = await writing
  await collect()

  expect(written).toEqual(Array(40).fill(true))
  expect(seen.size).toBe(40)
})

test('a full disk is said once, and after it writing goes on with whole lines', async () => {
  const file = open('alice')
  await file.append(['1'])
  await file.clear()
  const kept = path.join(folder, 'alice.jsonl')
  symlinkSync('/dev/full', kept)

  expect(await file.append(['2'])).toBe(false)
  expect(await file.append(['2'])).toBe(false)
  rmSync(kept)
  expect(await file.append(['2', '3'])).toBe(true)

  expect(said).toEqual([expect.stringContaining('ENOSPC')])
  expect(await linesOf('next')).toEqual([['2', '3']])
})

test('a folder that can’t be made or written is no error, only a no', async () => {
  writeFileSync(folder, 'a file where the folder should be')
  const file = open('alice')

  expect(await file.append(['1'])).toBe(false)
  expect(said).toEqual([expect.stringMatching(/ENOTDIR|EEXIST/)])
  await file.clear()

  rmSync(folder)
  expect(await file.append(['1'])).toBe(true)
})

test.skipIf(process.getuid?.() === 0)('a folder of somebody else’s is only a no', async () => {
  await open('alice').append(['1'])
  chmodSync(folder, 0o500)

  expect(await open('bob').append(['1'])).toBe(false)
  chmodSync(folder, 0o700)
})
