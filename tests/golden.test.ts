/**
 * Issues of every kind as they come out: html, text and web page, byte by byte. After a change that is meant to change
 * them: run this file with `-u` behind its name, and read the difference under `tests/golden/`.
 */

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckInput } from '../src/compile/checks/check.js'
import { runChecks } from '../src/compile/checks/checks.js'
import type { Holed } from '../src/compile/compiled.js'
import { escapeHtml, escapeText } from '../src/compile/escape.js'
import { fillHoled } from '../src/compile/holed.js'
import { hugeIssue } from './rig/huge-issue.js'
import { inputOf } from './rig/proof.js'

const repository = path.join(import.meta.dirname, '..')
const press = path.join(repository, 'tests/fixtures/press')
const HUGE = '2026-07-03-everything-at-once'

let root: string

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pressrun-golden-'))
  cpSync(press, root, { recursive: true })
  writeFileSync(path.join(root, 'issues', `${HUGE}.md`), hugeIssue())
})

afterAll(() => {
  rmSync(root, { recursive: true })
})

describe.each([
  ['a digest with a bit of everything', '2026-03-13-spring-tides', {}],
  ['every element', '2026-04-10-every-element', { city: 'Bergen', member: 'yes' }],
  ['a letter', '2026-04-24-on-waiting', {}],
  ['from right to left', '2026-05-08-the-quays-reopen', {}],
  ['Japanese, Chinese and Korean', '2026-05-22-the-shelf-moves-north', {}],
  ['conditional passages, for someone unknown', '2026-06-05-for-some-readers', {}],
  ['as long as a mail may be', HUGE, {}],
  ['the first sample', '2026-11-10-shore-power-before-berths', null],
  ['the second sample', '2026-11-24-a-levy-on-cold-boxes', null],
])('%s', (_what, slug, values) => {
  let input: CheckInput

  beforeAll(async () => {
    input = await inputOf({ root: values === null ? repository : root, slug })
  })

  test.each(['email.html', 'email.txt', 'web.html'])('%s is the golden one', async (name) => {
    const { html, text, web } = input.compiled
    const parts: Readonly<Record<string, string>> = {
      'email.html': fill(html, values ?? {}, escapeHtml),
      'email.txt': fill(text, values ?? {}, escapeText),
      'web.html': web,
    }

    await expect(parts[name]).toMatchFileSnapshot(path.join(import.meta.dirname, 'golden', slug, name))
  })

  test('has no finding that blocks', () => {
    expect(runChecks(input).filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

function fill(
  holed: Holed,
  values: Readonly<Record<string, string>>,
  escapeValue: (text: string) => string,
): string {
  return fillHoled(holed, { value: (name) => values[name] ?? '', token: () => 'sample', escape: escapeValue })
}
