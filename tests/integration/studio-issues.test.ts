/** The studio's list of all issues: states from a real store, findings that come by themselves, and a new issue. */

import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/app/store.js'
import { readConfig } from '../../src/config.js'
import type { SendState } from '../../src/db/schema.js'
import type { IssueLine, NewIssueView } from '../../src/web/studio/api.js'
import { createDatabase, dropDatabase } from '../rig/database.js'
import { seedSend } from '../rig/seed.js'
import { openTestStudio, type TestStudio } from '../rig/studio.js'

const SHORE_POWER = '2026-11-10-shore-power-before-berths'
const COLD_BOXES = '2026-11-24-a-levy-on-cold-boxes'

let studio: TestStudio
let databaseUrl: string | null
let env: Record<string, string>

beforeEach(async () => {
  databaseUrl = await createDatabase()
  env = databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }
  studio = await openTestStudio({ env })
})

afterEach(async () => {
  await studio.close()
  if (databaseUrl !== null) await dropDatabase(databaseUrl)
})

async function readIssues(): Promise<readonly IssueLine[]> {
  return (await fetch(`${studio.url}/api/issues`)).json()
}

async function readIssue(slug: string): Promise<IssueLine> {
  const found = (await readIssues()).find((one) => one.slug === slug)
  if (found === undefined) throw new Error(`no ${slug} among the issues`)
  return found
}

/** Asks again whenever the studio tells that the list is another. */
async function issueOnce(slug: string, isSo: (issue: IssueLine) => boolean): Promise<IssueLine> {
  const ending = new AbortController()
  const live = await fetch(`${studio.url}/api/live`, { signal: ending.signal })
  const reader = (live.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const issue = await readIssue(slug)
      if (isSo(issue)) return issue
      while (!(await reader.read()).value?.includes('event: issues'));
    }
  } finally {
    ending.abort()
  }
}

async function seed(slug: string, sends: readonly { list: string; state: SendState }[]): Promise<void> {
  const store = await openStore(readConfig({ root: studio.root, env }))
  try {
    for (const send of sends) await seedSend(store.db.query, { deliveries: [], issue: { slug }, ...send })
  } finally {
    await store.close()
  }
}

async function postIssue(body: unknown): Promise<Response> {
  return fetch(`${studio.url}/api/issues`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: studio.url },
    body: JSON.stringify(body),
  })
}

test('without a store every issue is a draft, the newest first', async () => {
  const issues = await readIssues()

  expect(issues.map(({ slug, state, number, date, title }) => [slug, state, number, date, title])).toEqual([
    [COLD_BOXES, 'draft', 42, '2026-11-24', 'A levy on cold boxes'],
    [SHORE_POWER, 'draft', 41, '2026-11-10', 'Shore power before berths'],
  ])
})

test('the state of an issue is that of its newest Send, and all its Lists are told', async () => {
  await seed(SHORE_POWER, [
    { list: 'Harbour', state: 'finished' },
    { list: 'Quay', state: 'sending' },
  ])

  const { state, sends } = await readIssue(SHORE_POWER)
  expect(state).toBe('sending')
  expect(sends.map((send) => `${send.list} ${send.state}`)).toEqual(['quay sending', 'harbour finished'])
  expect((await readIssue(COLD_BOXES)).state).toBe('draft')
})

test('findings are counted by themselves, and again when the file is another', async () => {
  const { findings } = await issueOnce(COLD_BOXES, ({ isCounted }) => isCounted)
  expect(findings?.errors).toBe(0)

  const source = readFileSync(path.join(studio.root, 'issues', `${COLD_BOXES}.md`), 'utf8')
  studio.write(`issues/${COLD_BOXES}.md`, `${source}\nTODO: the end.\n`)

  const counted = await issueOnce(COLD_BOXES, (issue) => issue.isCounted && issue.findings?.errors === 1)
  expect(counted.problems).toEqual([])
})

test('a broken issue says what is wrong with it, and is mended', async () => {
  studio.write('issues/2026-12-08-broken.md', '---\ntitle: Broken\n---\n\nText.\n')

  const broken = await readIssue('2026-12-08-broken')
  expect(broken).toMatchObject({ title: null, date: null, findings: null })
  expect(broken.problems.map(({ message }) => message)).toEqual(['"date" is missing; write date: 2026-03-31'])
  studio.write('issues/2026-12-08-broken.md', '---\ntitle: Mended\ndate: 2026-12-08\n---\n\nText.\n')
  const mended = await issueOnce('2026-12-08-broken', ({ isCounted }) => isCounted)
  expect(mended).toMatchObject({ title: 'Mended', problems: [] })
})

test('what only a compile sees is told as well', async () => {
  studio.write('issues/2026-12-08-empty.md', '---\ntitle: Empty\ndate: 2026-12-08\n---\n\n## Nothing here\n')

  const { problems, findings } = await issueOnce('2026-12-08-empty', ({ isCounted }) => isCounted)
  expect(problems).toHaveLength(1)
  expect(findings).toBeNull()
})

test('a new issue is written with the next number and is in the list', async () => {
  const response = await postIssue({ title: 'Ice in the strait', date: '2026-12-08' })

  expect(response.status).toBe(201)
  const { slug }: NewIssueView = await response.json()
  expect(slug).toBe('2026-12-08-ice-in-the-strait')
  expect(await readIssue(slug)).toMatchObject({ title: 'Ice in the strait', number: 43, state: 'draft' })
})

test.each([
  ['without a title', { title: '  ' }, 'a new issue wants a title; it can be another one later'],
  ['that is there already', { title: 'A levy on cold boxes', date: '2026-11-24' }, 'is there already'],
  ['on no day', { title: 'A', date: '2026-02-30' }, '2026-02-30 is not a day of the calendar'],
  ['of nothing', null, 'a new issue wants a title'],
])('a new issue %s is refused with a sentence', async (_what, body, sentence) => {
  const response = await postIssue(body)

  expect(response.status).toBe(422)
  const { problems } = await response.json()
  expect(problems[0].message).toContain(sentence)
})

test('an empty folder is an empty list', async () => {
  rmSync(path.join(studio.root, 'issues'), { recursive: true })

  expect(await readIssues()).toEqual([])
})
