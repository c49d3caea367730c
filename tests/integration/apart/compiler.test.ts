/** The compiling process: what it does with templates that have no end, and that nothing of it is left behind. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { compileApart } from '../../../src/compile/compile-process.js'
import { InputError } from '../../../src/errors.js'

const repository = path.join(import.meta.dirname, '../../..')
const slug = '2026-03-13-spring-tides'
/** mjml alone computes for half a second while it is loaded. */
const FEW = { cpuMs: 2_000, memoryMb: 200 }
let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-compiler-'))
  cpSync(path.join(repository, 'tests/fixtures/press'), root, { recursive: true })
  cpSync(path.join(repository, 'templates'), path.join(root, 'templates'), { recursive: true })
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function write(partial: string) {
  writeFileSync(path.join(root, 'templates/digest/story.mjml'), partial)
}

function compile(limits?: typeof FEW, slugOrPath = slug) {
  const wireModule = path.join(repository, 'dist/src/send/sample-message.js')
  return compileApart(
    { root, slugOrPath, publicUrl: null, local: null, version: '0.0.0', cacheFolder: null, wireModule },
    limits,
  )
}

/** Five Sections in each of five in each … */
function each(times: number, inner: string) {
  return `${'{{#each @root.sections}}'.repeat(times)}${inner}${'{{/each}}'.repeat(times)}`
}

describe('a template without end is ended, and the next issue compiles:', () => {
  test.each<[string, string, RegExp]>([
    ['a partial that calls itself', '\n{{> story}}', /^templates\/digest\/story\.mjml:2: puts in/],
    [
      'each in each in each, writing nothing',
      each(14, '{{#if @root.title}}{{/if}}'),
      /^templates\/digest: compiling issues\/2026-03-13-spring-tides\.md did not end within 2 s/,
    ],
    [
      'each in each in each, writing much',
      each(9, 'word '.repeat(100)),
      /^templates\/digest: compiling .* (?:took|made|did)/,
    ],
  ])('%s', async (_what, partial, message) => {
    write(partial)

    await expect(compile(FEW)).rejects.toThrow(message)
    rmSync(path.join(root, 'templates/digest/story.mjml'))
    expect((await compile()).compilation.compiled.slug).toBe(slug)
  })
})

test('a thread that runs out of memory while it is being ended for its time is told like any other', async () => {
  write(each(14, '{{#if @root.title}}{{/if}}'))
  // A thread that loads mjml with a memory that will not do: somewhere here the two limits meet.
  for (let cpuMs = 900; cpuMs <= 1_300; cpuMs += 50)
    await expect(compile({ cpuMs, memoryMb: 16 })).rejects.toThrow(InputError)
})

test('issues that are compiled at once wait for each other, and each gets its own answer', async () => {
  const broken = path.join(root, 'issues/2026-03-14-broken.md')
  writeFileSync(broken, '---\ntitle: Broken\n---\n')

  const [first, second, third] = await Promise.allSettled([compile(), compile(undefined, broken), compile()])

  expect(first).toMatchObject({ value: { file: `issues/${slug}.md` } })
  expect(second).toMatchObject({ reason: { problems: [{ where: 'issues/2026-03-14-broken.md' }] } })
  expect(third).toEqual(first)
})

describe.skipIf(!existsSync('/proc/self/task'))('of a command nothing is left behind', () => {
  /** The command, when its compiling process runs. */
  async function check(): Promise<{ command: ChildProcess; compiling: number }> {
    const cli = path.join(repository, 'dist/src/cli.js')
    const command = spawn(process.execPath, [cli, 'check', '--root', root], { stdio: 'ignore' })
    const compiling = await vi.waitFor(() => childOf(command.pid ?? 0), { timeout: 90_000, interval: 5 })
    return { command, compiling }
  }

  function childOf(pid: number): number {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    if (!child) throw new Error('no child yet')
    return Number(child)
  }

  /** Ended, whether or not its parent has heard of it. */
  function expectEnded(pid: number) {
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ' Z '
    expect(stat).toMatch(/ Z /)
  }

  test('when it ends', async () => {
    const { command, compiling } = await check()
    const [code] = await once(command, 'exit')

    expect(code).toBe(0)
    await vi.waitFor(() => expectEnded(compiling), { timeout: 90_000 })
  })

  test('when it is killed while a template goes on for ever', async () => {
    write(each(14, '{{#if @root.title}}{{/if}}'))
    const { command, compiling } = await check()

    command.kill('SIGKILL')

    await once(command, 'exit')
    await vi.waitFor(() => expectEnded(compiling), { timeout: 90_000 })
  })
})
