import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importIssue } from './import.js'

let root: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pressrun-import-'))
})

afterEach(async () => {
  await rm(root, { recursive: true })
})

async function write(bytes: string | Uint8Array): Promise<string> {
  const file = path.join(root, 'bulletin.txt')
  await writeFile(file, bytes)
  return file
}

test('an issue file is written into issues/ and its path returned', async () => {
  const file = await write('14 April 2026\n\nPorts Reopen\n\nThey did so on a Monday.\n')

  const target = await importIssue({ root, file, outDir: null })

  expect(target).toBe(path.join(root, 'issues', '2026-04-14-ports-reopen.md'))
  expect(await readFile(target, 'utf8')).toBe(
    '---\ntitle: Ports Reopen\ndate: 2026-04-14\n---\n\n## Ports Reopen\n\nThey did so on a Monday.\n',
  )
})

test('a file that is there already is left alone', async () => {
  const file = await write('14 April 2026\n\nPorts Reopen\n\nThey did so on a Monday.\n')
  const target = await importIssue({ root, file, outDir: path.join(root, 'out') })
  await writeFile(target, 'edited')

  await expect(importIssue({ root, file, outDir: path.join(root, 'out') })).rejects.toThrow(
    `${target} is there already; move it away, or import into another folder with --out`,
  )
  expect(await readFile(target, 'utf8')).toBe('edited')
})

test('a text of an older Windows program keeps its quotes', async () => {
  const file = await write(Buffer.from('14 April 2026\n\nThe port\x92s quays.\n', 'latin1'))

  const target = await importIssue({ root, file, outDir: null })

  expect(await readFile(target, 'utf8')).toContain('The port’s quays.')
})

test('a file that is not there is one sentence', async () => {
  const file = path.join(root, 'none.txt')

  await expect(importIssue({ root, file, outDir: null })).rejects.toThrow(
    `there is no file ${file}; name a plain text, such as bulletin.txt`,
  )
})

test('a folder is no text', async () => {
  await expect(importIssue({ root, file: root, outDir: null })).rejects.toThrow(`${root} is no file`)
})
