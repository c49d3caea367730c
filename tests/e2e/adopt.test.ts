/** Kills, crashes and moves are no copies; a copy says so on the command line, and what to do. */

import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SendLine } from '../../src/report/sends.js'
import { type CliRoot, openCliRoot, type Ran, readersCsv, SAMPLE, spawnCli } from '../rig/cli.js'

const isPostgres = process.env.PRESSRUN_TEST_DATABASE === 'postgres'
const PEOPLE = 30

let place: CliRoot
/** Where a root was moved or copied to. */
let other: string

beforeEach(async () => {
  place = await openCliRoot({}, 'shared')
  other = `${place.root}-other`
  place.write('readers.csv', readersCsv(PEOPLE))
  await place.run('subscribers', 'import', 'readers.csv', '--list', 'weekly', '--create-list')
  await place.run('send', SAMPLE, '--list', 'weekly')
})

afterEach(async () => {
  await place.close()
  rmSync(other, { recursive: true, force: true })
})

function run(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return spawnCli(args, { root, env: { ...place.env, ...env } }).closed
}

/** An engine that dies at a failpoint by itself. */
async function crash(root: string, failpoint: string): Promise<void> {
  const { code } = await run(root, ['start'], { PRESSRUN_FAILPOINT: failpoint })
  expect(code).toBe(null)
}

/** Starts an engine, waits until `isReached`, ends it; returns what it said. */
async function runEngine(root: string, isReached: () => Promise<boolean>): Promise<string> {
  const { child, closed, stderr } = spawnCli(['start'], { root, env: place.env })
  await vi.waitFor(async () => expect(await isReached()).toBe(true), { timeout: 60_000, interval: 200 })
  child.kill('SIGTERM')
  await closed
  return stderr()
}

async function firstSend(root: string): Promise<SendLine | undefined> {
  const { stdout } = await run(root, ['sends', '--json'])
  return (JSON.parse(stdout) as readonly SendLine[])[0]
}

const isFinished = (root: string) => async () => (await firstSend(root))?.state === 'finished'

function ledgerOf(root: string): readonly string[] {
  const file = path.join(root, '.data', 'inbox', 'ledger.jsonl')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
}

test('kill -9 in the middle and a folder that was moved are no copies', async () => {
  await crash(place.root, 'journal.after:2')
  renameSync(place.root, other)

  const said = await runEngine(other, isFinished(other))
  renameSync(other, place.root)

  expect(said).not.toContain('pressrun adopt')
  expect(ledgerOf(place.root).length).toBeGreaterThan(0)
})

test('a crash at any step of the first looks is no copy', async () => {
  for (const failpoint of ['watch.before:1', 'watch.after:1', 'watch.before:1'])
    await crash(place.root, failpoint)

  const said = await runEngine(place.root, isFinished(place.root))

  expect(said).not.toContain('pressrun adopt')
  expect(ledgerOf(place.root)).toHaveLength(PEOPLE)
})

test.skipIf(isPostgres)('a copy is held and says so; adopt, also after a crash, lets it go on', async () => {
  await crash(place.root, 'watch.after:1')
  cpSync(place.root, other, { recursive: true, filter: (file) => !file.endsWith('.sock') })
  const said = await runEngine(other, async () => (await firstSend(other))?.state === 'paused')
  const status = await run(other, ['status', '1'])
  await run(other, ['adopt'], { PRESSRUN_FAILPOINT: 'adopt.before:1' })
  const stillHeld = await firstSend(other)
  const ledger = ledgerOf(other)

  const adopted = await run(other, ['adopt'])
  const again = await run(other, ['adopt', '--json'])
  await runEngine(other, isFinished(other))

  expect(said.match(/looks copied or restored/g)).toHaveLength(1)
  expect(status.stdout).toMatch(
    /paused.*looks copied or restored \(.*run pressrun adopt; if not, pressrun cancel 1/,
  )
  expect(stillHeld?.state).toBe('paused')
  expect(ledger).toEqual([])
  expect(adopted).toMatchObject({ code: 0, stderr: 'no engine runs here; pressrun start delivers\n' })
  expect(adopted.stdout).toMatch(
    /^adopted, though .*: this database sends from now on\nSend 1 goes on \(sending\): 30 still/,
  )
  expect(again.stdout).toBe('{"adopted":false,"seen":[],"released":[]}\n')
  expect(ledgerOf(other)).toHaveLength(PEOPLE)
})

test.skipIf(isPostgres)(
  'what would let something go out on a copy says that nothing does before adopt',
  async () => {
    await crash(place.root, 'watch.after:1')
    await place.run('pause', '1')
    await place.run('subscribers', 'import', 'readers.csv', '--list', 'others', '--create-list')
    const onOriginal = await place.run('resume', '1')
    await place.run('pause', '1')
    cpSync(place.root, other, { recursive: true, filter: (file) => !file.endsWith('.sock') })

    const said = []
    for (const args of [
      ['resume', '1'],
      ['supersede', '1', '--unchanged'],
      ['send', SAMPLE, '--list', 'others'],
      ['send', SAMPLE, '--list', 'others'],
      ['cancel', '2'],
    ])
      said.push((await run(other, args)).stderr.includes('nothing is sent until pressrun adopt\n'))

    expect(onOriginal).toMatchObject({ code: 0, stdout: 'Send 1 goes on\n' })
    expect(onOriginal.stderr).not.toContain('adopt')
    expect(said).toEqual([true, true, true, false, false])
  },
)
