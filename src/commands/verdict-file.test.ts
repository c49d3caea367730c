import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openVerdictFile } from './verdict-file.js'

const HEADER = '\uFEFFline,address,verdict,reason\r\n'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pressrun-verdicts-'))
  file = path.join(folder, 'verdicts.csv')
})
afterEach(() => rmSync(folder, { recursive: true }))

const added = (line: number) => ({ kind: 'added' as const, line, address: 'a@x.test' })
const written = () => readFileSync(file, 'utf8')

test('an import without a row leaves a header, and one that was refused nothing', async () => {
  await (await openVerdictFile(file)).close()
  expect(written()).toBe(HEADER)

  rmSync(file)
  await (await openVerdictFile(file)).abandon()
  expect(existsSync(file)).toBe(false)
})

test('what was written before an import failed stays', async () => {
  const verdicts = await openVerdictFile(file)
  await verdicts.write([added(2)])
  await verdicts.abandon()

  expect(written()).toBe(`${HEADER}2,a@x.test,added,\r\n`)
})

test('the verdicts of a dry run are written over by those of the real one, but not by a refusal', async () => {
  const dry = await openVerdictFile(file)
  await dry.write([added(2), added(3), added(4)])
  await dry.close()
  const before = written()

  await (await openVerdictFile(file)).abandon()
  expect(written()).toBe(before)

  const real = await openVerdictFile(file)
  await real.write([added(2)])
  await real.close()
  expect(written()).toBe(`${HEADER}2,a@x.test,added,\r\n`)
})

test('verdicts from before files had a mark are written over, too', async () => {
  writeFileSync(file, 'line,address,verdict,reason\r\n2,a@x.test,added,\r\n')

  await (await openVerdictFile(file)).close()

  expect(written()).toBe(HEADER)
})

test('any other file stays as it is', async () => {
  for (const text of ['address,name\r\na@x.test,Alice\r\n', 'line,address']) {
    writeFileSync(file, text)

    await expect(openVerdictFile(file)).rejects.toThrow(
      `${file}: is there already and holds no verdicts; name another file`,
    )
    expect(written()).toBe(text)
  }
  await expect(openVerdictFile(folder)).rejects.toThrow('cannot be written: EISDIR')
})
