/** Feedback as a parser would give it, and what taking it left behind. */

import { createHash } from 'node:crypto'
import type { Db } from '../../src/db/db.js'
import { hashAddress, type Keys, makeKeys, signToken } from '../../src/link/token.js'
import type { Claim, Feedback } from '../../src/track/feedback/feedback.js'
import { type Taken, type TakeRequest, takeFeedback } from '../../src/track/feedback/take.js'
import { openTestDb } from './database.js'
import { dumpTables } from './dump.js'
import type { SeededSend } from './seed.js'

export const KEYS = makeKeys(['a secret of the feedback tests with 32 characters'])
export const NOW = 2_000_000

export function bounced(changes: Partial<Extract<Claim, { kind: 'bounced' }>> = {}): Claim {
  return {
    kind: 'bounced',
    fault: 'hard',
    status: '5.1.1',
    code: 550,
    text: '550 5.1.1 No such user',
    recipient: null,
    ...changes,
  }
}

export function complained(recipient: string | null = null): Claim {
  return { kind: 'complained', type: 'abuse', recipient }
}

/** A mailbox that is full. */
export const SOFT = bounced({ fault: 'soft', status: '5.2.2', code: 552, text: '552 5.2.2 Mailbox full' })

/** The Delivery of that person. */
export function idOf(send: SeededSend, who: string): number {
  return send.deliveries[who] ?? 0
}

/** By the Token in the return path of that Delivery. */
export function about(deliveryId: number, claims: readonly Claim[], keys: Keys = KEYS): Feedback {
  return {
    source: claims.some(({ kind }) => kind === 'complained') ? 'arf' : 'dsn',
    claims,
    returnTokens: [signToken(keys, 'return', deliveryId)],
    leaveTokens: [],
    messageIds: [],
  }
}

let serial = 0

/** Other bytes each time, unless `bytes` says which. */
export function take(
  db: Pick<Db, 'query'>,
  feedback: Feedback,
  changes: Partial<TakeRequest> = {},
): Promise<Taken> {
  serial += 1
  const bytes = changes.bytes ?? Buffer.from(`report ${serial}`)
  return takeFeedback(db, {
    feedback,
    source: 'smtp',
    digest: createHash('sha256').update(bytes).digest('hex'),
    isVerified: false,
    bytes,
    envelope: null,
    isForPerson: false,
    keys: KEYS,
    rules: { softBounces: { issues: 3, withinMs: 90 * 86_400_000 } },
    now: NOW,
    ...changes,
  })
}

export async function readEvents({ query }: Pick<Db, 'query'>) {
  const rows = await query
    .selectFrom('event')
    .select(['kind', 'delivery_id', 'detail'])
    .orderBy('id')
    .execute()
  return rows.map(({ kind, delivery_id, detail }) => ({
    kind,
    deliveryId: delivery_id,
    ...JSON.parse(detail),
  }))
}

/** Reasons of all Suppressions. */
export async function readReasons({ query }: Pick<Db, 'query'>): Promise<readonly string[]> {
  const rows = await query.selectFrom('suppression').select('reason').execute()
  return rows.map(({ reason }) => reason)
}

/** `who` has the address who@example.com. */
export async function isSuppressed({ query }: Pick<Db, 'query'>, who: string): Promise<boolean> {
  const rows = await query
    .selectFrom('suppression')
    .select('reason')
    .where('address_hash', '=', hashAddress(KEYS, `${who}@example.com`))
    .execute()
  return rows.length === 1
}

export async function stateOf({ query }: Pick<Db, 'query'>, deliveryId: number): Promise<string> {
  const { state } = await query
    .selectFrom('delivery')
    .select('state')
    .where('id', '=', deliveryId)
    .executeTakeFirstOrThrow()
  return state
}

/** Everything but the reports themselves. */
const dumpRest = ({ query }: Pick<Db, 'query'>) => dumpTables(query, ['feedback'])

export interface FeedbackPlace {
  readonly db: Db
  /** Other bytes each time, unless `bytes` says which. */
  take(feedback: Feedback, changes?: Partial<TakeRequest>): Promise<Taken>
  events(): ReturnType<typeof readEvents>
  reasons(): ReturnType<typeof readReasons>
  isSuppressed(who: string): Promise<boolean>
  stateOf(deliveryId: number): Promise<string>
  rest(): Promise<string>
  close(): Promise<void>
}

/** An empty database that Feedback comes to. */
export async function openFeedbackPlace(): Promise<FeedbackPlace> {
  const db = await openTestDb()
  return {
    db,
    take: (feedback, changes) => take(db, feedback, changes),
    events: () => readEvents(db),
    reasons: () => readReasons(db),
    isSuppressed: (who) => isSuppressed(db, who),
    stateOf: (deliveryId) => stateOf(db, deliveryId),
    rest: () => dumpRest(db),
    close: db.close,
  }
}
