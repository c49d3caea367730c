/** Files of people by the command line: in, foreseen, out, undone; and cut short in the middle of each. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, readersCsv } from '../rig/cli.js'

/** What a whole import takes minutes for; `PRESSRUN_LONG=1` runs it with the million. */
const ROWS = process.env.PRESSRUN_LONG === '1' ? 1_000_000 : 20_000
/** For the million, on a busy machine. */
const LONG_MS = 900_000

let place: CliRoot
afterEach(() => place.close())

const importing = (...more: string[]) => ['subscribers', 'import', 'people.csv', '--list', 'readers', ...more]
const counted = async (): Promise<number> => {
  const lists = JSON.parse((await place.run('subscribers', 'list', '--json')).stdout) as unknown[]
  return lists.length
}

test('a file goes in, says what became of each row, comes out, and is undone', async () => {
  place = await openCliRoot()
  place.write(
    'people.csv',
    'E-Mail;Vorname;Nachname;Ort;Notes\na@x.test;Ada;Lovelace;London;x\nbroken;;;;\n=b@x.test;=Bob;;Kiel;\n',
  )
  const map = ['E-Mail=address', 'Vorname=first_name', 'Nachname=last_name', 'Ort=city', 'Notes=']
  const mapped = map.flatMap((one) => ['--map', one])

  const refused = await place.run(...importing('--create-list', '--verdicts', 'dry.csv'))
  expect(refused.code).toBe(2)
  expect(existsSync(path.join(place.root, 'dry.csv'))).toBe(false)

  const foreseen = await place.run(
    ...importing('--create-list', ...mapped, '--dry-run', '--verdicts', 'dry.csv'),
  )
  expect(foreseen).toMatchObject({ code: 0, stderr: '' })
  expect(foreseen.stdout).toBe(
    [
      'people.csv:3: the address "broken" has no @',
      '',
      'List readers, 3 rows:',
      '  2  added',
      '  1  refused',
      'Nothing was written.',
      '',
    ].join('\n'),
  )
  expect(parse(readFileSync(path.join(place.root, 'dry.csv')), { bom: true })).toEqual([
    ['line', 'address', 'verdict', 'reason'],
    ['2', 'a@x.test', 'added', ''],
    ['3', '', 'refused', 'the address "broken" has no @'],
    ['4', "'=b@x.test", 'added', ''],
  ])

  const imported = await place.json(...importing('--create-list', ...mapped))
  expect(imported).toMatchObject({ import: 1, list: 'readers', rows: 3, added: 2, refused: 1 })
  expect(await place.json('imports')).toMatchObject([
    { id: 1, state: 'done', list: 'readers', mode: 'update' },
  ])

  const shown = await place.run('subscribers', 'show', 'a@x.test')
  expect(shown.stdout).toContain('import 1 of people.csv, line 2')

  expect(await place.json('subscribers', 'export', '--list', 'readers', '--out', 'out.csv')).toEqual({
    list: 'readers',
    rows: 2,
    file: 'out.csv',
  })
  // A file begins with a byte order mark, stdout does not.
  const { stdout: piped } = await place.run('subscribers', 'export', '--list', 'readers', '--out', '-')
  expect(readFileSync(path.join(place.root, 'out.csv'), 'utf8')).toBe(`\uFEFF${piped}`)
  expect(await place.json('subscribers', 'import', 'out.csv', '--list', 'readers')).toMatchObject({
    alreadyActive: 2,
    from: 'Pressrun',
  })

  expect((await place.run('subscribers', 'undo', '1', '--dry-run')).stdout).toContain('nothing written')
  expect(await place.json('subscribers', 'undo', '1')).toMatchObject({ removed: 2 })
  expect(await counted()).toBe(0)
  expect((await place.run('subscribers', 'undo', 'x')).stderr).toBe(
    '"x" is no number of an import; pressrun imports lists them\n',
  )
})

test('mode set says what it would do, and does it when told twice', async () => {
  place = await openCliRoot()
  place.write('people.csv', readersCsv(5))
  await place.run(...importing('--create-list'))
  place.write('people.csv', readersCsv(2))

  const asked = await place.run(...importing('--mode', 'set'))
  expect(asked.code).toBe(1)
  expect(asked.stdout).toContain('3  not in the file, taken off the List')
  expect(asked.stderr).toContain('with --yes it does what is said here')
  expect(await place.json('lists')).toMatchObject([{ active: 5 }])

  expect(await place.json(...importing('--mode', 'set', '--yes'))).toMatchObject({ takenOff: 3 })
  expect(await place.json('lists')).toMatchObject([{ active: 2, unsubscribed: 3 }])
  expect(await place.json('subscribers', 'undo', '2')).toMatchObject({ restored: 3 })
  expect(await place.json('lists')).toMatchObject([{ active: 5 }])
})

test.each([
  ['before', 1],
  ['after', 2],
])('an import that is killed %s a commit can be run again, or undone', async (when, passage) => {
  place = await openCliRoot()
  place.write('people.csv', readersCsv(12_000))
  const dying = { ...place.env, PRESSRUN_FAILPOINT: `import.${when}:${passage}` }
  Object.assign(place.env, dying)
  expect((await place.run(...importing('--create-list'))).code).toBeNull()
  Object.assign(place.env, { PRESSRUN_FAILPOINT: '' })
  const came = when === 'before' ? 0 : 6_000
  expect(await place.json('imports')).toMatchObject([{ id: 1, state: 'running' }])

  expect(await place.json(...importing())).toMatchObject({ alreadyActive: came, added: 12_000 - came })
  expect(await place.json('subscribers', 'undo', '1')).toMatchObject({ removed: came })
  expect(await place.json('subscribers', 'undo', '2')).toMatchObject({ removed: 12_000 - came })
  expect(await counted()).toBe(0)
})

test.each([
  ['before', 2, 2_000],
  ['after', 2, 4_000],
])('an undo that is killed %s a commit goes on where it was', async (when, passage, done) => {
  place = await openCliRoot()
  place.write('people.csv', readersCsv(6_000))
  await place.run(...importing('--create-list'))
  Object.assign(place.env, { PRESSRUN_FAILPOINT: `undo.${when}:${passage}` })
  expect((await place.run('subscribers', 'undo', '1')).code).toBeNull()
  Object.assign(place.env, { PRESSRUN_FAILPOINT: '' })

  expect(await place.json('imports')).toMatchObject([
    { state: 'undoing', counts: { undone: { removed: done } } },
  ])
  expect(await counted()).toBe(6_000 - done)
  expect(await place.json('subscribers', 'undo', '1')).toMatchObject({ removed: 6_000, left: 0 })
  expect(await counted()).toBe(0)
})

test(
  'V53: a million rows, 10 MB in one field, zero bytes and broken rows cost what they are',
  async () => {
    place = await openCliRoot()
    const rows = Array.from({ length: ROWS }, (_, row) =>
      row % 100 === 0 ? `broken${row},x` : `reader${row}@example.org,Reader ${row}`,
    )
    rows.splice(
      50,
      0,
      `big@example.org,${'x'.repeat(10_000_000)}`,
      'z\u0000ero@example.org,Z',
      'name@example.org,N\u0000ame',
    )
    place.write('people.csv', `address,name\n${rows.join('\n')}\n`)

    const result = await place.json(...importing('--create-list', '--verdicts', 'verdicts.csv'))

    expect(result).toMatchObject({ rows: ROWS + 3, added: ROWS * 0.99 + 1, refused: ROWS / 100 + 2 })
    const verdicts = readFileSync(path.join(place.root, 'verdicts.csv'), 'utf8').trim().split('\r\n')
    expect(verdicts).toHaveLength(ROWS + 4)
    expect(verdicts.slice(51, 54)).toEqual([
      '52,,refused,is longer than 65536 characters',
      '53,,refused,"the address ""z\\u0000ero@example.org"" holds a line break or another control character"',
      '54,name@example.org,added,',
    ])
  },
  LONG_MS,
)

test('V53: a gzip bomb, and a zip, are named and never unpacked', async () => {
  place = await openCliRoot()
  for (const [bytes, words] of [
    [gzipSync(Buffer.alloc(50_000_000)), 'people.csv: is compressed with gzip; unpack it first\n'],
    [
      Buffer.from('PK\u0003\u0004 people.csv'),
      'people.csv: is a zip or Excel file; export it as CSV (UTF-8)\n',
    ],
  ] as const) {
    writeFileSync(path.join(place.root, 'people.csv'), bytes)

    expect(await place.run(...importing('--create-list'))).toEqual({ code: 2, stdout: '', stderr: words })
  }
})
