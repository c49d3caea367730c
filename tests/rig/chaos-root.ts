/**
 * A root for crashes: engines as processes of the built command, and beside them the store in this process, to seed it
 * and to look at it. A Send needs no issue file here; it is created and frozen through the domain.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { openStore, type Store } from '../../src/app/store.js'
import { canonicalJson } from '../../src/compile/canonical.js'
import type { Compilation } from '../../src/compile/compiled.js'
import { readConfig } from '../../src/config.js'
import type { SendState } from '../../src/db/schema.js'
import { createSend } from '../../src/send/create.js'
import { freezeSend } from '../../src/send/freeze.js'
import { openCliRoot, type RunningEngine } from './cli.js'
import { compilation, countStates, subscribe } from './engine.js'

const POLL_MS = 100
const DELIVERING = ['--only', 'deliver,schedule']

export interface NewSend {
  readonly people: readonly string[]
  /** What becomes of those nobody knows about; hold when not given. */
  readonly policy?: 'hold' | 'resend'
  readonly issue?: Compilation
  /** Left in `preparing` for an engine to freeze when false. */
  readonly frozen?: boolean
}

export interface ChaosRoot {
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly store: Store
  /** A process that delivers and schedules; `args` in the place of that. */
  readonly engine: (
    env?: Readonly<Record<string, string>>,
    args?: readonly string[],
  ) => Promise<RunningEngine>
  readonly run: Awaited<ReturnType<typeof openCliRoot>>['run']
  readonly startSend: (send: NewSend) => Promise<number>
  readonly states: (sendId: number) => Promise<Readonly<Record<string, number>>>
  /** Waits, through outages of the database too, until a Send is in a state; throws after the time. */
  readonly until: (sendId: number, state: SendState, timeoutMs?: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** Done to a root before anything is kept in it; returns how it is undone. */
export type Prepare = (root: string) => () => void

/** `env` needs SMTP_URL; REDIS_URL and DATABASE_URL make it one that several engines share. */
export async function openChaosRoot(
  env: Readonly<Record<string, string>>,
  prepare: Prepare = () => () => {},
): Promise<ChaosRoot> {
  const place = await openCliRoot({
    PRESSRUN_SECRET: 'a chaos secret of more than 32 characters',
    PUBLIC_URL: 'https://127.0.0.1:9',
    RETRY_SCHEDULE: '300ms,600ms,1s,2s,4s,8s,16s',
    ...env,
  })
  const { root } = place
  const undo = prepare(root)
  const config = readConfig({ root, env: place.env })
  const store = await openStore(config)
  const { query } = store.db
  return {
    root,
    env: place.env,
    store,
    engine: (more = {}, args = DELIVERING) => place.start(more, args),
    run: place.run,
    async startSend({ people, policy = 'hold', issue = compilation(), frozen = true }) {
      const listId = await subscribe(store, 'weekly', people)
      const { now, keys } = store
      const content = canonicalJson(issue.compiled)
      const { sendId } = await createSend(query, { compilation: issue, content, listId, now: now() })
      await query.updateTable('send').set({ uncertain_policy: policy }).where('id', '=', sendId).execute()
      if (frozen) await freezeSend(sendId, { query, keys, now })
      return sendId
    },
    states: (sendId) => countStates(store, sendId),
    until: (sendId, state, timeoutMs = 60_000) => untilState(store, { sendId, state, timeoutMs }),
    async close() {
      await store.close()
      await place.end()
      undo()
      await place.close()
    },
  }
}

async function untilState(
  { db: { query } }: Store,
  {
    sendId,
    state,
    timeoutMs,
  }: { readonly sendId: number; readonly state: SendState; readonly timeoutMs: number },
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  let seen = ''
  for (;;) {
    try {
      const row = await query.selectFrom('send').select('state').where('id', '=', sendId).executeTakeFirst()
      seen = row?.state ?? 'gone'
    } catch (error) {
      // The outage is the test's doing; what was seen last says more if it never ends.
      seen = `unreadable (${String(error)})`
    }
    if (seen === state) return
    if (performance.now() > deadline)
      throw new Error(`Send ${sendId} is ${seen}, not ${state}, after ${timeoutMs / 1_000} s`)
    await wait(POLL_MS)
  }
}
