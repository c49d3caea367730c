/**
 * Would the tests see it? Each guard that nobody-twice and nobody-lost rest on is taken out of a copy of the sources;
 * the test that is named for it must then turn red, and is green with the guard in place.
 */

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = ['src', 'workers', 'tests', 'templates', 'issues', 'dist', 'package.json', 'tsconfig.json']

interface Mutation {
  readonly guard: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
  /** File and name of the test that must see it. */
  readonly seenBy: readonly [file: string, name: string]
}

const MUTATIONS: readonly Mutation[] = [
  {
    guard: 'the fence test',
    file: 'src/send/journal-quick.ts',
    from: 'batch.fence = given.fence and batch.lease_owner = ?',
    to: "batch.fence >= 0 and ? <> ''",
    seenBy: ['takeover.test.ts', 'an intent is refused after the lease was taken over'],
  },
  {
    guard: 'the sweep of those who unsubscribed',
    file: 'src/send/sweep.ts',
    from: ".where('subscription.status', '!=', 'active')",
    to: ".where('subscription.status', '=', 'pending')",
    seenBy: ['send.test.ts', 'who leaves between the reading of the list and the flip'],
  },
  {
    guard: 'the sweep of those who were suppressed',
    file: 'src/send/sweep.ts',
    from: 'if (isAnyoneSuppressed)',
    to: 'if (!isAnyoneSuppressed)',
    seenBy: ['send.test.ts', 'who leaves between the reading of the list and the flip'],
  },
  {
    guard: 'the held-back end',
    file: 'src/smtp/connection.ts',
    from: 'if (!mayEnd) return',
    to: 'if (!mayEnd && false) return',
    seenBy: ['apart/transport.test.ts', 'as every Transport never ends a message when beforeEnd says no'],
  },
  {
    guard: 'the attempt guard',
    file: 'src/send/journal-commit.ts',
    from: "delivery.attempt = given.attempt and delivery.state in ('sending', 'uncertain')",
    to: "delivery.state in ('sending', 'uncertain')",
    seenBy: ['takeover.test.ts', 'a reply to an earlier Attempt does not end the one under way'],
  },
  {
    guard: 'the lease, the fence and the Send in the Journal’s short way',
    file: 'src/send/journal-quick.ts',
    from: '} and delivery.id = given.id and',
    to: '} or delivery.id = given.id and',
    seenBy: ['journal.test.ts', 'intents of a Send that is paused'],
  },
]

let copy: string

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'pressrun-mutation-'))
  for (const name of COPIED) cpSync(path.join(PROJECT, name), path.join(copy, name), { recursive: true })
  symlinkSync(path.join(PROJECT, 'node_modules'), path.join(copy, 'node_modules'))
})

afterAll(() => rmSync(copy, { recursive: true, force: true }))

test.each(MUTATIONS)('without $guard a named test turns red', ({ file, from, to, seenBy: [seer, name] }) => {
  const source = readFileSync(path.join(PROJECT, file), 'utf8')
  expect(source.split(from)).toHaveLength(2)

  const sound = runTest(seer, name)
  writeFileSync(path.join(copy, file), source.replace(from, to))
  const mutated = runTest(seer, name)
  writeFileSync(path.join(copy, file), source)

  expect(sound).toMatchObject({ passed: 1, failed: 0 })
  expect(mutated).toMatchObject({ passed: 0, failed: 1 })
})

function runTest(file: string, name: string): { readonly passed: number; readonly failed: number } {
  const args = ['--config', 'tests/vitest.config.ts', '--project', 'integration', '--reporter', 'json']
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', ...args, `tests/integration/${file}`, '-t', name],
    { cwd: copy, encoding: 'utf8', env: { PATH: process.env.PATH ?? '' } },
  )
  const report = /\{"numTotalTestSuites".*\}/s.exec(stdout)?.[0]
  if (report === undefined) throw new Error(`vitest said: ${stdout}${stderr}`)
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(report) as {
    numPassedTests: number
    numFailedTests: number
  }
  return { passed, failed }
}
