/**
 * Compiling: the issue of twelve Sections against a bare call of mjml on the same MJML, all checks against that, and a
 * second build against the first. In a process of its own, since mjml stays in memory.
 */

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeTwelve } from './issue.js'
import { runProgram } from './process.js'
import { makeRoot } from './root.js'

export interface CompileRound {
  /** mjml alone. */
  readonly bareMs: number
  /** From the parsed Issue to the CompiledIssue. */
  readonly compileMs: number
  /** Sample copies made, parsed, and every check run. */
  readonly checksMs: number
  /** Reading, compiling, checking, keeping. */
  readonly firstMs: number
  /** The same again: from the cache. */
  readonly secondMs: number
}

export interface CompileRequest {
  readonly root: string
  readonly slug: string
  readonly rounds: number
}

const TWELVE_SLUG = '2026-12-02-twelve'

export async function measureCompile(folder: string, rounds: number): Promise<readonly CompileRound[]> {
  const root = makeRoot(folder, {})
  const source = writeTwelve()
    .replace('date: 2026-12-01', 'date: 2026-12-02')
    .replace('number: 1', 'number: 3')
  writeFileSync(path.join(root.folder, 'issues', `${TWELVE_SLUG}.md`), source)
  const child = fileURLToPath(new URL('compile-child.js', import.meta.url))
  const request: CompileRequest = { root: root.folder, slug: TWELVE_SLUG, rounds }
  return JSON.parse(
    await runProgram(process.execPath, [child, JSON.stringify(request)], { cwd: root.folder }),
  )
}
