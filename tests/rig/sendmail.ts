/** A sendmail in a folder of its own; `sendmail-program.js` says what it does to whom. */

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface TestSendmail {
  readonly url: string
  /** What it was started with, each time. */
  calls(): readonly { readonly args: readonly string[]; readonly env: readonly string[] }[]
  kept(): readonly { readonly from: string; readonly to: string; readonly bytes: Buffer }[]
  remove(): void
}

export function makeSendmail(): TestSendmail {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-sendmail-'))
  const program = path.join(folder, 'sendmail.mjs')
  copyFileSync(fileURLToPath(new URL('sendmail-program.js', import.meta.url)), program)
  // Our own Node, whatever the PATH it is given finds.
  const source = readFileSync(program, 'utf8').replace('#!/usr/bin/env node', `#!${process.execPath}`)
  writeFileSync(program, source)
  chmodSync(program, 0o755)
  const lines = (name: string) => {
    const file = path.join(folder, name)
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
  }
  return {
    url: `sendmail:${program}`,
    calls: () => lines('calls').map((line) => JSON.parse(line)),
    kept: () =>
      lines('ledger').map((line) => {
        const { from, to, file } = JSON.parse(line)
        return { from, to, bytes: readFileSync(path.join(folder, 'kept', file)) }
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
