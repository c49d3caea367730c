import { expect, test } from 'vitest'
import { checkUtf8 } from './text-file.js'

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const check = (bytes: Buffer, size = bytes.length) => checkUtf8(inPieces(bytes, size), 'members.csv')

test.each([1, 2, 3, 5, 1_000])('UTF-8 in pieces of %d bytes is accepted', async (size) => {
  await expect(check(Buffer.from('address,name\nj@x.test,Jörg 🙂\n'), size)).resolves.toBeUndefined()
})

test.each([1, 2, 3, 4, 5, 11, 1_000])(
  'Latin-1 in pieces of %d bytes is refused with its line',
  async (size) => {
    const bytes = Buffer.from('address,name\na@x.test,Zoé\nj@x.test,J\u00f6rg\nk@x.test,K\n')
    const latin = Buffer.concat([
      bytes.subarray(0, 27),
      Buffer.from('j@x.test,J\xf6rg\nk@x.test,K\n', 'latin1'),
    ])

    await expect(check(latin, size)).rejects.toThrow(/^members\.csv:3: is not UTF-8/)
  },
)

test('half a letter at the end is refused', async () => {
  await expect(check(Buffer.from('address\na@x.test\n\xc3', 'latin1'))).rejects.toThrow(
    'members.csv:3: is not',
  )
})

test.each([
  ['PK\x03\x04', 'zip or Excel'],
  ['\x1f\x8b\x08', 'gzip'],
  ['\xff\xfea\x00', 'UTF-16'],
  ['\xfe\xff\x00a', 'UTF-16'],
])('a file that begins with %j is named for what it is', async (start, name) => {
  await expect(check(Buffer.from(start, 'latin1'))).rejects.toThrow(name)
})
