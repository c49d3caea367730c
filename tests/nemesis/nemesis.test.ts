/** `npm run nemesis`: bin/nemesis.js says how; what it is asked for comes in by the environment. */

import { expect, test } from 'vitest'
import { type Database, planFaults, type Step } from './plan.js'
import { type RunResult, runNemesis } from './run.js'

const seed = Number(process.env.NEMESIS_SEED ?? 1)
const seconds = Number(process.env.NEMESIS_SECONDS ?? 60)
const database: Database = process.env.NEMESIS_DATABASE === 'postgres' ? 'postgres' : 'sqlite'
const workers = Number(process.env.NEMESIS_WORKERS ?? 1)
const recipients = Number(process.env.NEMESIS_RECIPIENTS ?? 2_000)
const policy = process.env.NEMESIS_POLICY === 'resend' ? 'resend' : 'hold'

test(`nemesis: the accounts hold, seed ${seed} on ${database}`, { timeout: 7_200_000 }, async () => {
  const steps = planFaults({ seed, seconds, database })

  const result = await runWith(steps)

  if (result.violations.length > 0) await shrink(steps)
  expect(result.violations).toEqual([])
})

async function runWith(steps: readonly Step[]): Promise<RunResult> {
  const result = await runNemesis({ seed, seconds, database, workers, recipients, policy, steps })
  print(steps, result)
  return result
}

/** Shorter and shorter prefixes of the plan, for the first step that breaks the accounts. */
async function shrink(steps: readonly Step[]): Promise<void> {
  let holds = 0
  let breaks = steps.length
  while (breaks - holds > 1) {
    const middle = Math.floor((holds + breaks) / 2)
    const { violations } = await runWith(steps.slice(0, middle))
    if (violations.length > 0) breaks = middle
    else holds = middle
  }
  const last = steps[breaks - 1]
  say(
    `the first step that breaks it is number ${breaks} of ${steps.length}: ${last?.fault} at ${last?.atMs} ms, choice ${last?.choice.toFixed(3)}, for ${last?.lastsMs} ms`,
  )
}

function print(steps: readonly Step[], result: RunResult): void {
  const count = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, many]) => `${name} ${many}`)
      .join(', ')
  const struck = Object.values(result.faults).reduce((all, many) => all + many, 0)
  say(
    [
      '',
      `seed        ${seed} on ${database}, ${workers} engine${workers === 1 ? '' : 's'}, ${policy}, ${seed % 5 === 0 ? 'smtp-sink' : 'chaos receiver'}`,
      `faults      ${struck} of ${steps.length}: ${count(result.faults)}`,
      `states      ${count(result.states)}`,
      `ledger      ${result.kept} kept; ${result.optOuts} left; up to ${result.inFlight} in flight at faults`,
      `lasted      ${result.seconds.toFixed(1)} s`,
      `violations  ${result.violations.length}`,
      ...result.violations.slice(0, 20).map((sentence) => `  ${sentence}`),
    ].join('\n'),
  )
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
