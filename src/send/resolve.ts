/**
 * Resolve: what is done about the uncertain ones. `resend` queues them again, with the same Message-ID and Date, so a
 * receiver that had the first can tell; `leave` keeps them as they are and on record who said so. Refused while a true
 * reply may still come, and for whoever has left meanwhile.
 */

import { sql } from 'kysely'
import { findSuppressions } from '../audience/suppression.js'
import { takeLock } from '../db/advisory-lock.js'
import { clock, type Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import { hashAddress, type Keys } from '../link/token.js'
import { queueInNewBatches } from './due.js'
import { honourReaders } from './evidence.js'
import { type RetryPolicy, retryDelay } from './retry.js'
import { reopenSends } from './send.js'

const CHUNK = 500

export interface ResolveContext {
  readonly query: Query
  readonly keys: Keys
  readonly now: () => number
  /** How long a reply may take on the wire, ms. */
  readonly wireTimeoutMs: number
  /** Is the process that meant an Attempt certainly gone? */
  readonly isDead: (owner: string) => boolean
}

export interface ResolveRequest {
  readonly sendId: number
  readonly decision: 'resend' | 'leave'
  /** Only this one, whom a resend may take though he was left before; null: everyone undecided. */
  readonly addressKey: string | null
  /** Who decides, as the record shall name him. */
  readonly by: string
  /** The Send's own policy decides: it resends along the schedule, and leaves whom it can't resend to. */
  readonly policy?: RetryPolicy
}

export interface Resolved {
  readonly decided: number
  /** A true reply may still come for these. */
  readonly tooYoung: number
  /** Unsubscribed or suppressed meanwhile: never sent again. */
  readonly optedOut: number
  /** When the last of the too young ones can be decided, ms; null when there are none. */
  readonly decidableAt: number | null
}

/** Decides in chunks, each one durable step; running it again goes on where it was. */
export async function resolveUncertain(request: ResolveRequest, context: ResolveContext): Promise<Resolved> {
  // Who has used the message while it was still in flight has got it.
  if (request.decision === 'resend') await honourReaders(context)
  let sum: Resolved = { decided: 0, tooYoung: 0, optedOut: 0, decidableAt: null }
  for (let after = 0; ; ) {
    const { last, ...chunk } = await resolveChunk(request, after, context)
    sum = {
      decided: sum.decided + chunk.decided,
      tooYoung: sum.tooYoung + chunk.tooYoung,
      optedOut: sum.optedOut + chunk.optedOut,
      decidableAt: Math.max(sum.decidableAt ?? 0, chunk.decidableAt ?? 0) || null,
    }
    if (last === null) return sum
    after = last
  }
}

/** Sends whose policy is to resend, with someone undecided. */
export async function sendsToResend(query: Query): Promise<readonly number[]> {
  const sends = await query
    .selectFrom('delivery')
    .innerJoin('send', 'send.id', 'delivery.send_id')
    .innerJoin('attempt', (join) =>
      join.onRef('attempt.delivery_id', '=', 'delivery.id').onRef('attempt.number', '=', 'delivery.attempt'),
    )
    .select('send.id')
    .distinct()
    .where('delivery.state', '=', 'uncertain')
    .where('send.state', 'in', ['sending', 'finished'])
    .where('send.uncertain_policy', '=', 'resend')
    .where('attempt.decision', 'is', null)
    .execute()
  return sends.map(({ id }) => id)
}

async function resolveChunk(
  request: ResolveRequest,
  after: number,
  context: ResolveContext,
): Promise<Resolved & { readonly last: number | null }> {
  // Most often there is none, and then nobody who writes has to be waited for.
  const isEmpty = (await readUncertain(context.query, request, after)).length === 0
  if (isEmpty) return { decided: 0, tooYoung: 0, optedOut: 0, decidableAt: null, last: null }
  return transact(context.query, 'resolve', async (trx) => {
    // An opt-out under way commits first: it must not be overtaken by a resend.
    await takeLock(trx, 'optOut')
    const rows = await readUncertain(trx, request, after)
    const time = await readClock(trx, context.now)
    const knownAt = ({ outcome, owner, intended_at }: UncertainRow) =>
      outcome !== null || context.isDead(owner) ? 0 : intended_at + context.wireTimeoutMs
    const young = rows.filter((row) => knownAt(row) > time)
    const ripe = rows.filter((row) => knownAt(row) <= time)
    const gone = request.decision === 'resend' ? await findGone(trx, ripe, context.keys) : new Set<number>()
    const decided = ripe.filter(({ id }) => !gone.has(id))
    await decide(trx, decided, { ...request, time })
    if (request.policy)
      await leave(
        trx,
        ripe.filter(({ id }) => gone.has(id)),
        { by: request.by, now: time },
      )
    return {
      decided: decided.length,
      tooYoung: young.length,
      optedOut: gone.size,
      decidableAt: young.length > 0 ? Math.max(...young.map(knownAt)) : null,
      last: rows.length < CHUNK ? null : (rows.at(-1)?.id ?? null),
    }
  })
}

type UncertainRow = Awaited<ReturnType<typeof readUncertain>>[number]

function readUncertain(
  query: Query,
  { sendId, decision, addressKey, policy }: ResolveRequest,
  after: number,
) {
  let uncertain = query
    .selectFrom('delivery')
    .innerJoin('attempt', (join) =>
      join.onRef('attempt.delivery_id', '=', 'delivery.id').onRef('attempt.number', '=', 'delivery.attempt'),
    )
    .innerJoin('subscription', 'subscription.id', 'delivery.subscription_id')
    .select([
      'delivery.id',
      'delivery.lane',
      'delivery.send_id',
      'delivery.address_key',
      'delivery.attempt',
      'delivery.slowed',
      'attempt.outcome',
      'attempt.owner',
      'attempt.intended_at',
      'subscription.status',
    ])
    .where('delivery.send_id', '=', sendId)
    .where('delivery.state', '=', 'uncertain')
    .where('delivery.id', '>', after)
    .orderBy('delivery.id')
    .limit(CHUNK)
  if (addressKey !== null) uncertain = uncertain.where('delivery.address_key', '=', addressKey)
  if (decision === 'leave' || policy) uncertain = uncertain.where('attempt.decision', 'is', null)
  // Who was left by a person is resent to only when he is named.
  else if (addressKey === null)
    uncertain = uncertain.where((attempt) =>
      attempt.or([attempt('attempt.decision', 'is', null), attempt('attempt.decision', '!=', 'leave')]),
    )
  return uncertain.execute()
}

async function findGone(trx: Query, rows: readonly UncertainRow[], keys: Keys): Promise<ReadonlySet<number>> {
  const hashOf = ({ address_key }: UncertainRow) => hashAddress(keys, address_key ?? '')
  const suppressed = await findSuppressions(trx, rows.map(hashOf))
  return new Set(
    rows.filter((row) => row.status !== 'active' || suppressed.has(hashOf(row))).map(({ id }) => id),
  )
}

async function decide(
  trx: Query,
  rows: readonly UncertainRow[],
  { sendId, decision, by, policy, time }: ResolveRequest & { readonly time: number },
): Promise<void> {
  if (decision === 'leave') return leave(trx, rows, { by, now: time })
  const waits = rows.map((row) => ({
    ...row,
    wait: policy ? retryDelay(row.attempt - row.slowed, policy) : 0,
  }))
  const again = waits.filter(({ wait }) => wait !== null)
  await leave(
    trx,
    waits.filter(({ wait }) => wait === null),
    { by, now: time },
  )
  if (again.length === 0) return
  await note(trx, again, { decision: 'resend', by, now: time })
  await queueInNewBatches(trx, again, { from: 'uncertain', now: time })
  const due = again.map(({ id, wait }) => ({ id, at: time + (wait ?? 0) }))
  await sql`update delivery set not_before = given.at from ${rowsOf(trx, { id: 'integer', at: 'integer' }, due)}
    where delivery.id = given.id and delivery.state = 'queued'`.execute(trx)
  await reopenSends(trx, [sendId])
}

async function leave(
  trx: Query,
  rows: readonly UncertainRow[],
  { by, now }: { readonly by: string; readonly now: number },
): Promise<void> {
  await note(trx, rows, { decision: 'leave', by, now })
}

async function note(
  trx: Query,
  rows: readonly UncertainRow[],
  { decision, by, now }: { readonly decision: 'resend' | 'leave'; readonly by: string; readonly now: number },
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update attempt set decision = ${decision}, decided_by = ${by}, decided_at = ${sql.lit(now)}
    where (delivery_id, number) in (
      select id, attempt from delivery where state = 'uncertain' and id in (${sql.join(rows.map(({ id }) => id))})
    )`.execute(trx)
}

async function readClock(trx: Query, now: () => number): Promise<number> {
  const { rows } = await sql<{ time: number }>`select ${clock(trx, now)} as time`.execute(trx)
  return rows[0]?.time ?? now()
}
