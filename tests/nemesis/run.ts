/** One run: a Send under way, the faults of a plan upon it, all healed, the Send finished, the accounts checked. */

import { setTimeout as wait } from 'node:timers/promises'
import { checkAccounts } from '../rig/accounts.js'
import { people } from '../rig/people.js'
import { type Arena, type ArenaOptions, openArena } from './arena.js'
import { type Fault, type FaultContext, STRIKES } from './faults.js'
import type { Step } from './plan.js'

const FINISH_WITHIN_MS = 180_000
/** A late reply may make a Send go on that is finished. */
const STAYS_FINISHED_MS = 2_000

export interface RunOptions extends ArenaOptions {
  readonly policy: 'hold' | 'resend'
  readonly steps: readonly Step[]
}

export interface RunResult {
  /** Faults that struck, by name. */
  readonly faults: Readonly<Record<string, number>>
  readonly states: Readonly<Record<string, number>>
  readonly kept: number
  readonly optOuts: number
  /** How many the faults allow to be uncertain. */
  readonly inFlight: number
  readonly seconds: number
  readonly violations: readonly string[]
}

export async function runNemesis(options: RunOptions): Promise<RunResult> {
  const { recipients, policy, steps } = options
  const arena = await openArena(options)
  try {
    const sendId = await arena.root.startSend({ people: people(recipients), policy })
    await Promise.all(arena.slots.map((slot) => slot.start()))
    const began = performance.now()
    const context: FaultContext = { arena, sendId, recipients, optOuts: new Map() }
    const struck = await strikeAll(steps, context)
    await heal(arena)
    const finish = await untilFinished(context)
    const audit = await checkAccounts(arena.root.store, {
      sendId,
      audience: recipients,
      ledger: arena.ledger(),
      maxUncertain: struck.inFlight,
      optOuts: context.optOuts,
    })
    return {
      faults: struck.faults,
      states: await arena.root.states(sendId),
      kept: arena.ledger().length,
      optOuts: context.optOuts.size,
      inFlight: struck.inFlight,
      seconds: (performance.now() - began) / 1_000,
      violations: [...struck.violations, ...arena.slots.flatMap(({ exits }) => exits), ...finish, ...audit],
    }
  } finally {
    await arena.close()
  }
}

interface Struck {
  readonly faults: Record<string, number>
  inFlight: number
  readonly violations: string[]
}

/** Each at its time; resolves when the last is healed. */
async function strikeAll(steps: readonly Step[], context: FaultContext): Promise<Struck> {
  const struck: Struck = { faults: {}, inFlight: 0, violations: [] }
  const began = performance.now()
  const heals: Promise<void>[] = []
  for (const step of steps) {
    await wait(Math.max(0, began + step.atMs - performance.now()))
    const fault = await STRIKES[step.fault](context, step)
    if (fault === null) continue
    struck.faults[step.fault] = (struck.faults[step.fault] ?? 0) + 1
    struck.inFlight += fault.inFlight
    heals.push(healAfter(fault, step.lastsMs))
    struck.violations.push(...(await sumIsWrong(context)))
  }
  await Promise.all(heals)
  return struck
}

async function healAfter(fault: Fault, lastsMs: number): Promise<void> {
  await wait(lastsMs)
  await fault.heal()
}

/** I1 at any moment: everyone is in one state. */
async function sumIsWrong({ arena: { root }, sendId, recipients }: FaultContext): Promise<readonly string[]> {
  const states = await root.states(sendId).catch(() => null)
  // The database is away just now.
  if (states === null) return []
  const sum = Object.values(states).reduce((all, count) => all + count, 0)
  return sum === recipients ? [] : [`I1: ${sum} of ${recipients} are on record in the middle`]
}

async function heal({ slots, relay, redisLine, postgresLine }: Arena): Promise<void> {
  for (const line of [relay, redisLine, postgresLine]) await line?.heal()
  await Promise.all(slots.map((slot) => slot.start()))
}

/** Why it did not finish, if it did not. */
async function untilFinished({ arena: { root }, sendId }: FaultContext): Promise<readonly string[]> {
  try {
    do {
      await root.until(sendId, 'finished', FINISH_WITHIN_MS)
      await wait(STAYS_FINISHED_MS)
    } while ((await stateOf(root.store.db.query, sendId)).state !== 'finished')
    return []
  } catch (error) {
    const { state, reason } = await stateOf(root.store.db.query, sendId)
    const counts = JSON.stringify(await root.states(sendId))
    return [`the Send does not finish: ${state}${reason === null ? '' : ` (${reason})`}, ${counts}: ${error}`]
  }
}

function stateOf(query: Arena['root']['store']['db']['query'], sendId: number) {
  return query
    .selectFrom('send')
    .select(['state', 'reason'])
    .where('id', '=', sendId)
    .executeTakeFirstOrThrow()
}
