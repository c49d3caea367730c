#!/usr/bin/env node
/**
 * Nemesis: a Send of thousands while engines and servers are killed, lines cut and readers leave, by a seed; then the
 * accounts are checked. Exit 1 when they do not hold; the first fault that breaks them is then looked for.
 *
 *   npm run nemesis -- [--seed N] [--seconds S] [--postgres] [--workers W] [--recipients R] [--policy hold|resend]
 *   npm run nemesis -- --steps [--postgres]      a death at every durable step of a Send to five (V60), all of them
 *
 * Needs redis-server; with --postgres also PostgreSQL's programs, for a seed that 5 divides Postfix's smtp-sink.
 */

import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    postgres: { type: 'boolean', default: false },
    workers: { type: 'string', default: '3' },
    recipients: { type: 'string', default: '2000' },
    policy: { type: 'string' },
    steps: { type: 'boolean', default: false },
  },
})

run([path.join(root, 'bin', 'setup.js'), 'build'], {})
if (values.steps) {
  const project = values.postgres ? 'chaos-postgres' : 'chaos'
  vitest(['--project', project, 'tests/chaos/steps.test.ts'], { PRESSRUN_STEPS: '1000000' })
} else {
  vitest(['--project', 'nemesis'], {
    NEMESIS_SEED: values.seed,
    NEMESIS_SECONDS: values.seconds,
    NEMESIS_DATABASE: values.postgres ? 'postgres' : 'sqlite',
    NEMESIS_WORKERS: values.postgres ? values.workers : '1',
    NEMESIS_RECIPIENTS: values.recipients,
    NEMESIS_POLICY: values.policy ?? (Number(values.seed) % 3 === 0 ? 'resend' : 'hold'),
  })
}

/** @param {string[]} args @param {Record<string, string>} env */
function vitest(args, env) {
  const file = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const config = path.join('tests', 'vitest.config.ts')
  run([file, 'run', '--config', config, '--reporter', 'dot', '--disable-console-intercept', ...args], env)
}

/** @param {string[]} args @param {Record<string, string>} env */
function run(args, env) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}
