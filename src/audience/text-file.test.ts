import { describe, expect, test } from 'vitest'
import { type Encoding, readEncoding } from './text-file.js'

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const read = (bytes: Buffer, size = bytes.length, given: Encoding | null = null) =>
  readEncoding(inPieces(bytes, size), 'members.csv', given)

const ROWS = 'address,name\nj@x.test,Jörg 🙂\n'
const LATIN = Buffer.from('address,name\na@x.test,Zoe\nj@x.test,J\xf6rg\nk@x.test,K\n', 'latin1')

test.each([1, 2, 3, 5, 1_000])('UTF-8 in pieces of %d bytes is read', async (size) => {
  expect(await read(Buffer.from(ROWS), size)).toEqual({ encoding: 'utf-8', how: 'read' })
})

test.each([
  ['utf-16le', Buffer.from(`\uFEFF${ROWS}`, 'utf16le')],
  ['utf-16be', Buffer.from(`\uFEFF${ROWS}`, 'utf16le').swap16()],
] as const)('%s is known by its byte order mark', async (encoding, bytes) => {
  expect(await read(bytes)).toEqual({ encoding, how: 'read' })
})

test.each([1, 2, 3, 4, 5, 11, 1_000])('Windows-1252 in pieces of %d bytes is guessed', async (size) => {
  expect(await read(LATIN, size)).toEqual({ encoding: 'windows-1252', how: 'guessed' })
})

test('what is told is not guessed', async () => {
  expect(await read(LATIN, 7, 'windows-1252')).toEqual({ encoding: 'windows-1252', how: 'given' })
  await expect(read(LATIN, 1_000, 'utf-8')).rejects.toThrow('members.csv:3: is not UTF-8')
  await expect(read(Buffer.from('abc'), 1, 'utf-16le')).rejects.toThrow('members.csv: is not UTF-16')
})

describe('a file that is no text is refused:', () => {
  test('with its line, when some byte is of no encoding', async () => {
    const bytes = Buffer.from('address\na@x.test\nj\xf6rg\x81@x.test\n', 'latin1')

    for (const size of [1, 3, 1_000])
      await expect(read(bytes, size)).rejects.toThrow('members.csv:3: is not UTF-8')
  })

  test('half a letter before a zero byte', async () => {
    await expect(read(Buffer.from('address\na@x.test\n\xc3\x00', 'latin1'))).rejects.toThrow('members.csv:3')
  })

  test('UTF-16 without a mark, with what reads it', async () => {
    const bytes = Buffer.from(ROWS, 'utf16le')

    await expect(read(bytes)).rejects.toThrow('--encoding utf-16le')
    await expect(read(bytes.swap16())).rejects.toThrow('--encoding utf-16be')
  })

  test.each([
    ['PK\x03\x04', 'zip or Excel'],
    ['\x1f\x8b\x08', 'gzip'],
    ['BZh9', 'bzip2'],
    ['\x28\xb5\x2f\xfd', 'zstd'],
    ['\xfd7zXZ', 'xz'],
  ])('V53: one that begins with %j is named for what it is, and never unpacked', async (start, name) => {
    await expect(read(Buffer.from(start, 'latin1'))).rejects.toThrow(name)
  })
})
