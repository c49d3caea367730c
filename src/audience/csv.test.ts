import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CsvRecord, readCsv } from './csv.js'

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string, size = 7): Promise<CsvRecord[]> {
  const records: CsvRecord[] = []
  for await (const record of readCsv(inPieces(text, size))) records.push(record)
  return records
}

async function rows(text: string) {
  return (await read(text)).map((record) => (record.kind === 'row' ? record.fields : record.reason))
}

describe('what a spreadsheet writes is read', () => {
  test.each([
    ['commas', 'address,name\na@x.test,Alice\n'],
    ['semicolons', 'address;name\na@x.test;Alice\n'],
    ['tabs', 'address\tname\na@x.test\tAlice\n'],
    ['CRLF', 'address,name\r\na@x.test,Alice\r\n'],
    ['a byte order mark', '\uFEFFaddress,name\na@x.test,Alice\n'],
    ['CR alone', 'address,name\ra@x.test,Alice\r'],
    ['CR alone and no line end at the end', 'address,name\ra@x.test,Alice'],
    ['the delimiter told in front', 'sep=;\r\naddress;name\r\na@x.test;Alice\r\n'],
    ['the delimiter told in quotes', '\uFEFF"sep=\t"\naddress\tname\na@x.test\tAlice\n'],
    ['no line end at the end', 'address,name\na@x.test,Alice'],
    ['quotes around everything', '"address","name"\n"a@x.test","Alice"\n'],
    ['blank lines', '\naddress,name\n\n  \na@x.test,Alice\n\n'],
  ])('with %s', async (_, text) => {
    expect(await rows(text)).toEqual([
      ['address', 'name'],
      ['a@x.test', 'Alice'],
    ])
  })

  test('with delimiters, doubled quotes and line breaks inside quotes', async () => {
    expect(await rows('address,name\na@x.test,"Al ""the"" ice, of\r\nHere"\nb@x.test,Bob\n')).toEqual([
      ['address', 'name'],
      ['a@x.test', 'Al "the" ice, of\nHere'],
      ['b@x.test', 'Bob'],
    ])
  })

  test('with line breaks inside quotes where all of them are CR', async () => {
    expect(await rows('address,name\ra@x.test,"two\rlines"\rb@x.test,Bob\r')).toEqual([
      ['address', 'name'],
      ['a@x.test', 'two\nlines'],
      ['b@x.test', 'Bob'],
    ])
  })

  test('with the line each row begins on', async () => {
    const records = await read('address,name\n\na@x.test,"two\nlines"\nb@x.test,Bob\n')

    expect(records.map(({ line }) => line)).toEqual([1, 3, 5])
  })

  test('with letters cut in two between chunks', async () => {
    expect((await read('address,name\nj@x.test,Jörg 🙂\n', 1)).at(-1)).toMatchObject({
      fields: ['j@x.test', 'Jörg 🙂'],
    })
  })
})

describe('a broken row costs itself alone', () => {
  const stray = 'has a stray quote; put the field in quotes and double the ones inside it'

  test.each([
    ['a quote that is never closed', 'a@x.test,"Alice', stray],
    ['text after a closing quote', 'a@x.test,"Al" ice', stray],
    ['a quote in the middle of a field', 'a@x.test,Al "the" ice', stray],
    ['an address with a display name', '"x" <a@x.test>,Alice', stray],
    ['a column too few', 'a@x.test', 'has 1 of 2 columns'],
    ['a column too many', 'a@x.test,Alice,x', 'has 3 of 2 columns'],
  ])('with %s', async (_, line, reason) => {
    expect(await rows(`address,name\n${line}\nb@x.test,Bob\nc@x.test,"Charlie"\nd@x.test,Dora\n`)).toEqual([
      ['address', 'name'],
      reason,
      ['b@x.test', 'Bob'],
      ['c@x.test', 'Charlie'],
      ['d@x.test', 'Dora'],
    ])
  })

  test('with 10 MB in one field', async () => {
    const records = await read(`address,name\na@x.test,${'x'.repeat(10_000_000)}\nb@x.test,Bob\n`, 65_536)

    expect(records.slice(1)).toEqual([
      { kind: 'broken', line: 2, reason: 'is longer than 65536 characters' },
      { kind: 'row', line: 3, fields: ['b@x.test', 'Bob'] },
    ])
  })

  test('with quotes opened on every line, in linear time', async () => {
    const began = performance.now()

    const records = await read(`address,name\n${'a@x.test,"b\n'.repeat(20_000)}`, 65_536)

    expect(records.filter(({ kind }) => kind === 'broken')).toHaveLength(20_000)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

test('whatever is well formed is read as csv-parse reads it', async () => {
  const field = fc.string({ unit: fc.constantFrom('a', ' ', ',', ';', '"', '\n', 'ö') })
  const table = fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 20 }), async (given, size) => {
      const quoted = given.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
      const text = ['x,y,z', ...quoted].join('\n')

      const records = await read(text, size)

      expect(records.map((record) => (record.kind === 'row' ? record.fields : record.reason))).toEqual(
        parse(text),
      )
    }),
  )
})
