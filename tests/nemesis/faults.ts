/** What each fault does, and what heals it. Each says how many messages may become uncertain by it. */

import { setTimeout as wait } from 'node:timers/promises'
import { pauseSend, resumeSend } from '../../src/send/life.js'
import { unsubscribe } from '../../src/track/unsubscribe.js'
import type { TcpProxy } from '../rig/proxy.js'
import type { Arena } from './arena.js'
import type { FaultName, Step } from './plan.js'
import type { Slot } from './slot.js'

const LEAVERS = 12
const DELAY_MS = 400
const TRY_AGAIN_MS = 500
/** Longer than the lease. */
const FREEZE_MS = 4_000

export interface FaultContext {
  readonly arena: Arena
  readonly sendId: number
  readonly recipients: number
  /** Address → when the opt-out was committed; filled by `leave`. */
  readonly optOuts: Map<string, number>
}

export interface Fault {
  /** At most so many were in flight where it struck. */
  readonly inFlight: number
  /** Undoes it; it may last longer than the step says. */
  readonly heal: () => Promise<void> | void
}

/** Null: there is nothing to strike, as it is down or paused already. */
type Strike = (context: FaultContext, step: Step) => Promise<Fault | null>

const NOTHING = () => {}

export const STRIKES: Readonly<Record<FaultName, Strike>> = {
  killEngine: onSlot(async (slot, { connections }) => {
    await slot.kill()
    return { inFlight: connections, heal: slot.start }
  }),
  endEngine: onSlot(async (slot, { connections }) => {
    const ending = slot.end()
    return {
      inFlight: connections,
      heal: async () => {
        await ending
        await slot.start()
      },
    }
  }),
  freezeEngine: onSlot(async (slot) => {
    slot.freeze()
    const thawed = wait(FREEZE_MS).then(slot.thaw)
    return { inFlight: 0, heal: () => thawed }
  }),
  async killRedis({ arena: { redis } }) {
    return (await redis.kill()) ? { inFlight: 0, heal: redis.start } : null
  },
  async flushRedis({ arena: { redis } }) {
    await redis.command('FLUSHALL').catch(NOTHING)
    return { inFlight: 0, heal: NOTHING }
  },
  async killPostgres({ arena: { postgres } }) {
    return postgres && (await postgres.kill()) ? { inFlight: 0, heal: postgres.start } : null
  },
  cutRelay: async ({ arena: { relay } }, { choice }) => ({
    inFlight: choice < 0.5 ? relay.cut() : relay.cut(everySecond()),
    heal: NOTHING,
  }),
  delayRelay: async ({ arena: { relay } }) => delay(relay),
  halfCloseRelay: async ({ arena: { relay } }) => ({ inFlight: relay.halfClose(), heal: NOTHING }),
  async refuseRelay({ arena: { relay } }) {
    await relay.refuse()
    return { inFlight: relay.cut(), heal: relay.accept }
  },
  stopRelay: async ({ arena: { relay } }) => stop(relay),
  cutRedis: async ({ arena: { redisLine } }) => harmless(redisLine.cut()),
  delayRedis: async ({ arena: { redisLine } }) => delay(redisLine),
  halfCloseRedis: async ({ arena: { redisLine } }) => harmless(redisLine.halfClose()),
  stopRedis: async ({ arena: { redisLine } }) => stop(redisLine),
  cutPostgres: async ({ arena: { postgresLine } }) => postgresLine && harmless(postgresLine.cut()),
  delayPostgres: async ({ arena: { postgresLine } }) => postgresLine && delay(postgresLine),
  halfClosePostgres: async ({ arena: { postgresLine } }) =>
    postgresLine && harmless(postgresLine.halfClose()),
  stopPostgres: async ({ arena: { postgresLine } }) => postgresLine && stop(postgresLine),
  leave,
  pause,
}

/** People leave through the domain; one whose commit was not answered may have left or not. */
async function leave(
  { arena: { root }, sendId, recipients, optOuts }: FaultContext,
  { choice }: Step,
): Promise<Fault> {
  const { db } = root.store
  const first = Math.floor(choice * recipients)
  for (let nth = 0; nth < LEAVERS; nth++) {
    const address = `reader${(first + nth * 37) % recipients}@example.org`
    try {
      const row = await db.query
        .selectFrom('delivery')
        .select('subscription_id')
        .where('send_id', '=', sendId)
        .where('address', '=', address)
        .executeTakeFirstOrThrow()
      await unsubscribe(db, { subscriptionId: row.subscription_id, how: 'page', now: Date.now() })
      if (!optOuts.has(address)) optOuts.set(address, Date.now())
    } catch {
      // The database is away just now.
      break
    }
  }
  return { inFlight: 0, heal: NOTHING }
}

async function pause({ arena: { root }, sendId }: FaultContext): Promise<Fault | null> {
  const { db, now } = root.store
  const change = await pauseSend(sendId, { query: db.query, reason: 'the nemesis paused it' }).catch(
    () => null,
  )
  if (change?.kind !== 'changed') return null
  return { inFlight: 0, heal: () => untilDone(() => resumeSend(sendId, { query: db.query, now })) }
}

/** Again, while the database is away. */
async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work()
      return
    } catch {
      await wait(TRY_AGAIN_MS)
    }
  }
}

function onSlot(strike: (slot: Slot, arena: Arena) => Promise<Fault>): Strike {
  return async ({ arena }, { choice }) => {
    const slot = arena.slots[Math.floor(choice * arena.slots.length)]
    return slot?.isUp() ? strike(slot, arena) : null
  }
}

function delay(line: TcpProxy): Fault {
  line.delay({ toServerMs: DELAY_MS, toClientMs: DELAY_MS })
  return { inFlight: 0, heal: () => line.delay({ toServerMs: 0, toClientMs: 0 }) }
}

function stop(line: TcpProxy): Fault {
  line.stop()
  return { inFlight: 0, heal: line.resume }
}

function harmless(_connections: number): Fault {
  return { inFlight: 0, heal: NOTHING }
}

function everySecond(): () => boolean {
  let count = 0
  return () => count++ % 2 === 0
}
