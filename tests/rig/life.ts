/** A root whose engine hands over to a slow receiver, so that something can be done to a Send in its middle. */

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, vi } from 'vitest'
import type { Engine } from '../../src/app/engine.js'
import type { Store } from '../../src/app/store.js'
import { canonicalJson } from '../../src/compile/canonical.js'
import type { Compilation } from '../../src/compile/compiled.js'
import { messageIdLeft } from '../../src/link/token.js'
import type { PinnedIssue } from '../../src/send/create.js'
import { verifySend } from '../../src/send/verify.js'
import { type ChaosSmtp, type LedgerLine, startChaosSmtp } from './chaos.js'
import { compilation, countStates, openTestRoot, type TestRoot } from './engine.js'

export const CONNECTIONS = 4

export interface LifeRoot {
  readonly root: TestRoot
  readonly store: Store
  readonly smtp: ChaosSmtp
  readonly start: (relayUrl?: string) => Promise<Engine>
  /** Until the receiver has accepted more than that. */
  readonly untilAccepted: (count: number) => Promise<void>
  /** Nothing of the Send is in flight, and nobody holds a Batch of it. */
  readonly untilStill: (sendId: number) => Promise<void>
  /** A cancelled Send of which nothing is under way any more. */
  readonly untilSettled: (sendId: number) => Promise<void>
  /** `verify` against the receiver's ledger. */
  readonly expectClean: (sendId: number) => Promise<void>
  /** What the receiver accepted of one Send. */
  readonly acceptedOf: (sendId: number) => Promise<readonly LedgerLine[]>
  readonly close: () => Promise<void>
}

export async function openLifeRoot({ delayMs = 10 } = {}): Promise<LifeRoot> {
  const root = await openTestRoot()
  const store = await root.store()
  const smtp = await startChaosSmtp({ ledger: path.join(root.config.dataDir, 'chaos.jsonl'), delayMs })
  const { query } = store.db
  return {
    root,
    store,
    smtp,
    start(relayUrl = smtp.url) {
      const secret = readFileSync(path.join(root.config.dataDir, 'secret'), 'utf8').trim()
      const env = { SMTP_URL: `${relayUrl}?maxConnections=${CONNECTIONS}`, PRESSRUN_SECRET: secret }
      return root.engine({ env })
    },
    async untilAccepted(count) {
      await vi.waitFor(() => expect(smtp.ledger().length).toBeGreaterThan(count), {
        timeout: 30_000,
        interval: 10,
      })
    },
    async untilStill(sendId) {
      await vi.waitFor(
        async () => {
          expect((await countStates(store, sendId)).sending ?? 0).toBe(0)
          const held = query.selectFrom('batch').select('id').where('lease_owner', 'is not', null)
          expect(await held.where('send_id', '=', sendId).execute()).toEqual([])
        },
        { timeout: 30_000, interval: 20 },
      )
    },
    async untilSettled(sendId) {
      await vi.waitFor(
        async () => {
          const send = query.selectFrom('send').select(['state', 'finished_at', 'alarm'])
          const { finished_at, ...rest } = await send.where('id', '=', sendId).executeTakeFirstOrThrow()
          expect(rest).toEqual({ state: 'cancelled', alarm: null })
          expect(finished_at).not.toBeNull()
        },
        { timeout: 30_000, interval: 20 },
      )
    },
    async expectClean(sendId) {
      const entries = smtp.ledger().map(({ to, messageId }) => ({ to, messageId: messageId ?? '' }))
      const verification = await verifySend(sendId, { query, keys: store.keys, ledger: () => entries })
      expect(verification.findings).toEqual([])
    },
    async acceptedOf(sendId) {
      const rows = await query.selectFrom('delivery').select('id').where('send_id', '=', sendId).execute()
      const own = new Set(rows.map(({ id }) => messageIdLeft(store.keys, id)))
      return smtp.ledger().filter(({ messageId }) => own.has(/^<?([^@>]+)@/.exec(messageId ?? '')?.[1] ?? ''))
    },
    async close() {
      await root.close()
      await smtp.stop()
    },
  }
}

/** The Issue of `compilation()` with its mistake mended: the same slug, other bytes. */
export function corrected(): PinnedIssue {
  return pinned({ ...compilation(), hash: 'hash of the corrected one' }, 'Harbour, corrected')
}

export function pinned(issue: Compilation, title = issue.compiled.title): PinnedIssue {
  const compiled = { ...issue.compiled, title }
  return { compilation: { ...issue, compiled }, content: canonicalJson(compiled) }
}

/** `reader0` … */
export function people(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `reader${index}`)
}

/** Why people of a Send are excluded: reason → how many. */
export async function countReasons({ db }: Store, sendId: number): Promise<Record<string, number>> {
  const rows = await db.query
    .selectFrom('delivery')
    .select(({ fn }) => ['reason', fn.countAll<number>().as('count')])
    .where('send_id', '=', sendId)
    .where('state', '=', 'excluded')
    .groupBy('reason')
    .execute()
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]))
}
