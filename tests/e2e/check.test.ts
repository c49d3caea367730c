/** What checks find stops an issue, on the command line as an editor meets it, until it is mended or waived. */

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, readersCsv } from '../rig/cli.js'

const SLUG = '2026-12-08-first-light'
const FILE = `issues/${SLUG}.md`

let place: CliRoot

beforeEach(async () => {
  place = await openCliRoot()
})

afterEach(() => place.close())

/** An issue whose greeting shows nothing to readers without a name. */
function writeIssue(front = ''): void {
  const head = `title: First light\ndate: 2026-12-08\nnumber: 43\n${front}`
  const preheader = 'preheader: The lamp on the point is lit for the first time since the war'
  place.write(
    FILE,
    `---\n${head}${preheader}\n---\n\nDear {{subscriber.name}},\n\n## The lamp\n\nIt shines.\n`,
  )
}

async function addReaders(): Promise<void> {
  place.write('readers.csv', readersCsv(2))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
}

test('a sound issue is fit to send: exit 0', async () => {
  const { code, stdout } = await place.run('check', '2026-11-10-shore-power-before-berths')

  expect(code).toBe(0)
  expect(stdout).toMatch(/^1 issue: fit to send\n$/m)
})

test('an error is named with file, line and what would be right: exit 1, in words and in JSON', async () => {
  writeIssue()

  const words = await place.run('check', SLUG)
  const json = await place.run('check', SLUG, '--json')

  expect(words.code).toBe(1)
  expect(words.stdout).toContain(
    `${FILE}:8: error   C07: {{subscriber.name}} is empty for a reader of whom no name is known; write {{subscriber.name "something"}}`,
  )
  expect(words.stdout).toMatch(/\n1 issue: 1 error to mend before sending.*\n$/)
  expect(json.code).toBe(1)
  expect(JSON.parse(json.stdout)).toEqual({
    issues: 1,
    findings: expect.arrayContaining([
      {
        file: FILE,
        line: 8,
        id: 'C07',
        severity: 'error',
        message: '{{subscriber.name}} is empty for a reader of whom no name is known',
        hint: 'write {{subscriber.name "something"}}, or a passage {{#if subscriber.name}}',
        waived: null,
      },
    ]),
  })
})

test('a filter of newsletter.yaml that cannot be read is an error with its line', async () => {
  place = await openCliRoot()
  const file = path.join(place.root, 'issues', 'newsletter.yaml')
  const before = readFileSync(file, 'utf8').trimEnd()
  writeFileSync(file, `${before}\nsegments:\n  new: joined < 90d\n  odd: joined < soon\n`)

  const { code, stdout } = await place.run('check', '--json')

  expect(code).toBe(1)
  expect((JSON.parse(stdout) as { findings: unknown[] }).findings).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      file: 'issues/newsletter.yaml',
      line: before.split('\n').length + 3,
      message: expect.stringContaining('"soon"'),
    }),
  )
})

test('what is no issue is a wrong call: exit 2', async () => {
  const { code, stdout, stderr } = await place.run('check', '2026-12-08-nothing')

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('there is no issue "2026-12-08-nothing"')
})

test('an error stops build and send, and a dry run says so', async () => {
  writeIssue()
  await addReaders()

  const build = await place.run('build', SLUG, '--out', `${place.root}/out`)
  const dry = await place.run('send', SLUG, '--list', 'weekly', '--dry-run', '--json')
  const send = await place.run('send', SLUG, '--list', 'weekly')

  expect([build.code, dry.code, send.code]).toEqual([1, 1, 1])
  for (const { stderr } of [build, dry, send]) expect(stderr).toContain(`${FILE}:8: error   C07:`)
  expect(JSON.parse(dry.stdout)).toMatchObject({
    mailable: 2,
    message: expect.stringContaining('would not be sent'),
  })
  expect(send.stderr).toContain('not sent; mend what is marked error first')
  expect(await place.json('sends')).toEqual([])
})

test('a waiver lets it pass, and is shown whenever it is checked or sent', async () => {
  writeIssue('waive:\n  C07: everyone on this list has a name\n')
  await addReaders()

  const check = await place.run('check', SLUG)
  const send = await place.run('send', SLUG, '--list', 'weekly')

  const shown = `${FILE}:10: waived  C07: {{subscriber.name}} is empty for a reader of whom no name is known; waived: everyone on this list has a name`
  expect(check.code).toBe(0)
  expect(check.stdout).toContain(shown)
  expect(check.stdout).toMatch(/1 issue: fit to send, .*1 waived\n$/)
  expect(send.code).toBe(0)
  expect(send.stderr).toContain(shown)
})
