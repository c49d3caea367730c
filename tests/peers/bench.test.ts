/** The bench in short: no bar is judged on a busy machine; what counts is that it runs, and that everyone is accounted for. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const RECIPIENTS = 300
const hasPostfix = existsSync('/usr/sbin/smtp-sink')

test.skipIf(!hasPostfix)(
  'npm run bench: everyone runs, and pressrun sends to each, once',
  {
    timeout: 400_000,
  },
  async () => {
    const counts = { rounds: 1, recipients: RECIPIENTS, rows: 20_000, deliveries: 2_000, hits: 20_000 }
    const options = Object.entries(counts).flatMap(([name, count]) => [`--${name}`, String(count)])

    const { stdout } = await promisify(execFile)(
      'npm',
      ['run', '--silent', 'bench', '--', ...options, '--json', '-'],
      {
        cwd: path.normalize(PROJECT),
        timeout: 390_000,
      },
    )

    const { rounds } = JSON.parse(stdout)
    expect(rounds).toHaveLength(1)
    expect(Object.keys(rounds[0])).toEqual([
      'ceiling',
      'socket',
      'pressrun',
      'pressrun+dkim',
      'pressrun postgres',
      'script',
    ])
    for (const run of Object.values(rounds[0])) expect(run).toMatchObject({ messages: RECIPIENTS })
  },
)
