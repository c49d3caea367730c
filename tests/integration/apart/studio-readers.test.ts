/** Who an issue may be looked at as, over HTTP, and what `pressrun check` says of those whom the team has written. */

import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkIssues } from '../../../src/commands/check.js'
import { isBlocking } from '../../../src/compile/checks/finding.js'
import { readConfig } from '../../../src/config.js'
import type { ReadersView } from '../../../src/web/studio/api.js'
import { openTestStudio, type TestStudio } from '../../rig/studio.js'

const SLUG = '2026-11-24-a-levy-on-cold-boxes'

let studio: TestStudio

beforeAll(async () => {
  studio = await openTestStudio()
})

afterAll(() => studio.close())

async function readReaders(own?: unknown): Promise<ReadersView> {
  const url = `${studio.url}/api/drafts/${SLUG}/readers`
  const headers = { 'Content-Type': 'application/json', Origin: studio.url }
  const post = { method: 'POST', headers, body: JSON.stringify(own) }
  return (await fetch(url, own === undefined ? {} : post)).json()
}

test('the cast and both variants are there, and what the issue asks', async () => {
  const { readers, asked, problems } = await readReaders()

  expect(readers[0]).toMatchObject({ label: 'Nothing known', values: {}, count: { fallbacks: 1, empty: 0 } })
  expect(readers.filter(({ kind }) => kind === 'variant').map(({ label }) => label)).toEqual([
    'With city',
    'Without city',
  ])
  expect(asked.map(({ name }) => name)).toEqual(['name', 'city'])
  expect(problems).toEqual([])
})

test('readers of the page are judged with the others, and what is none of them is left out', async () => {
  const { readers } = await readReaders([
    { label: 'Mine', values: { city: 'Rye', odd: 3 } },
    { label: 4 },
    null,
  ])

  expect(readers.filter(({ kind }) => kind === 'own')).toMatchObject([
    { label: 'Mine', values: { city: 'Rye' }, passages: [{ name: 'city', isKnown: true }] },
  ])
})

test('readers of the team are there as they are saved, and the check warns of what is wrong with them', async () => {
  studio.write('issues/readers.yaml', 'Jo:\n  name: Jo Mbeki\nOdd:\n  address: jo\n')

  const { readers, problems } = await readReaders()
  expect(readers.filter(({ kind }) => kind === 'shared').map(({ label }) => label)).toEqual(['Jo', 'Odd'])
  expect(problems).toMatchObject([{ where: 'issues/readers.yaml', line: 4 }])
  const config = readConfig({ root: studio.root, env: {} })
  const answer = await checkIssues([SLUG], { config, links: null })
  expect(answer.findings).toContainEqual(
    expect.objectContaining({ id: 'C09', file: 'issues/readers.yaml', line: 4, severity: 'warn' }),
  )
  // No issue is sent with them.
  expect(answer.findings.filter(isBlocking).map(({ file }) => file)).not.toContain('issues/readers.yaml')
  rmSync(path.join(studio.root, 'issues/readers.yaml'))
  expect((await readReaders()).problems).toEqual([])
})
