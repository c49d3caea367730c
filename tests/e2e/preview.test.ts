/** `pressrun preview` as an editor meets it at the terminal. */

import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CliRoot, openCliRoot, SAMPLE, spawnCli } from '../rig/cli.js'
import { openEars } from '../rig/studio-ears.js'

let root: CliRoot

beforeEach(async () => {
  root = await openCliRoot()
})

afterEach(() => root.close())

/** Resolves with the first line that it prints. */
async function preview(...args: readonly string[]) {
  const run = spawnCli(['preview', '--port', '0', ...args], root)
  const [line] = await once(run.child.stdout, 'data')
  return { ...run, url: String(line).trim() }
}

test('it prints the address of the issue, shows it there, and ends at once while a page listens', async () => {
  const { url, child, closed } = await preview(SAMPLE)
  const ears = await openEars(new URL(url).origin, SAMPLE)
  await ears.hear('draft')
  const began = performance.now()
  child.kill('SIGINT')
  const { code } = await closed
  await ears.ended

  expect(new URL(url).pathname).toBe(`/issues/${SAMPLE}`)
  expect(code).toBe(0)
  // Whoever is not told to end is cut off after five seconds.
  expect(performance.now() - began).toBeLessThan(4_500)
})

test('a port that is taken is said with what to do', async () => {
  const { url, child, closed } = await preview()
  const { port } = new URL(url)
  const second = await root.run('preview', '--port', port)
  child.kill('SIGTERM')
  await closed

  expect(second).toMatchObject({ code: 2, stdout: '' })
  expect(second.stderr).toBe(
    `STUDIO_PORT: ${port} on 127.0.0.1 is taken; end what listens there or name another\n`,
  )
})

test('an issue that is not there is said before anything opens', async () => {
  const { code, stdout, stderr } = await root.run('preview', 'nothing')

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('there is no issue "nothing"')
})

test('without a folder of issues it opens and says so', async () => {
  rmSync(path.join(root.root, 'issues'), { recursive: true })
  const { child, closed, stderr, url } = await preview()
  const { status } = await fetch(url)
  child.kill('SIGTERM')
  await closed

  expect(status).toBe(200)
  expect(stderr()).toContain('there is no folder issues/')
})
