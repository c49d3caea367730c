/** One group of the Journal as one transaction: the intents that still may, then the outcomes, then what follows. */

import { sql } from 'kysely'
import { addSuppression } from '../audience/suppression.js'
import { clock, engineOf, type Query } from '../db/db.js'
import { rowsOf } from '../db/rows.js'
import { transact } from '../db/transact.js'
import { unreachable } from '../errors.js'
import { insertEvents } from '../event/event.js'
import { hashAddress, type Keys } from '../link/token.js'
import { keptText } from './codes-only.js'
import { excludeDeliveries } from './exclude.js'
import type { EarlyRefusal, Entry, Intent, Result, Verdict } from './journal.js'
import { cut, NO_PAST, readPasts, toRow } from './journal-row.js'
import type { RetryPolicy } from './retry.js'
import { reopenSends } from './send.js'

export interface JournalContext {
  readonly query: Query
  readonly keys: Keys
  /** This process; an intent counts only under its own live lease. */
  readonly owner: string
  readonly retry: RetryPolicy
  readonly now: () => number
}

interface CommitContext extends JournalContext {
  /** A commit of these entries got no answer: it may stand. */
  readonly again: boolean
}

/** For each entry: does it stand? An outcome always does; an intent or refusal when its row was still ours. */
export async function commitEntries(
  entries: readonly Entry[],
  context: CommitContext,
): Promise<readonly Verdict[]> {
  return transact(context.query, 'journal', async (trx) => {
    const held = await heldBatches(trx, entries, context)
    const isHeld = ({ batch }: Entry) => held.get(batch.id) === batch.fence
    const starting = entries.filter(isStart).filter(isHeld)
    const intents = starting.filter(({ kind }) => kind === 'intent')
    const started = await startAttempts(trx, intents, context)
    const refused = await startAttempts(
      trx,
      starting.filter(({ kind }) => kind === 'refusal'),
      context,
    )
    const standing = context.again ? await ownAttempts(trx, intents, context) : started
    // An intent that is refused by now, though a commit without an answer had it, is taken back like one withdrawn.
    const isRevoked = (entry: Entry) => context.again && entry.kind === 'intent' && !isHeld(entry)
    const withdrawn = await ownAttempts(
      trx,
      entries.filter((entry) => entry.kind === 'withdrawal' || isRevoked(entry)),
      context,
    )
    await endAttempts(
      trx,
      entries.flatMap((entry) => endOf(entry, { refused, withdrawn })),
      context,
    )
    return entries.map((entry) => {
      if (!isStart(entry)) return 'stands'
      if (!isHeld(entry)) return 'notOurs'
      const those = entry.kind === 'intent' ? standing : refused
      return those.has(entry.delivery.deliveryId) ? 'stands' : 'gone'
    })
  })
}

type Start = Intent | EarlyRefusal

function isStart(entry: Entry): entry is Start {
  return entry.kind === 'intent' || entry.kind === 'refusal'
}

/** An Attempt that ends in this commit. */
export interface End extends Pick<Result, 'batch' | 'delivery' | 'outcome'> {
  /** It was never begun in earnest: due again at once. */
  readonly isWithdrawn: boolean
}

function endOf(
  entry: Entry,
  { refused, withdrawn }: { readonly refused: ReadonlySet<number>; readonly withdrawn: ReadonlySet<number> },
): readonly End[] {
  switch (entry.kind) {
    case 'outcome':
      return [{ ...entry, isWithdrawn: false }]
    case 'refusal':
      return refused.has(entry.delivery.deliveryId) ? [{ ...entry, isWithdrawn: false }] : []
    case 'intent':
    case 'withdrawal': {
      const outcome = {
        kind: 'deferred',
        reason: 'the database was away',
        code: null,
        text: 'never ended: the database was away',
      } as const
      return withdrawn.has(entry.delivery.deliveryId) ? [{ ...entry, outcome, isWithdrawn: true }] : []
    }
    default:
      return unreachable(entry)
  }
}

/** Ids of those whose Attempt is on record as this process's own, under this claim, and without an end. */
async function ownAttempts(
  trx: Query,
  entries: readonly Entry[],
  { owner }: Pick<JournalContext, 'owner'>,
): Promise<ReadonlySet<number>> {
  if (entries.length === 0) return new Set()
  const rows = entries.map(({ delivery, batch }) => ({
    id: delivery.deliveryId,
    attempt: delivery.attempt + 1,
    fence: batch.fence,
  }))
  const own = await sql<{ id: number }>`
    select given.id from ${rowsOf(trx, { id: 'integer', attempt: 'integer', fence: 'integer' }, rows)}
    join attempt on attempt.delivery_id = given.id and attempt.number = given.attempt
    where attempt.owner = ${owner} and attempt.fence = given.fence
      and (attempt.outcome is null or attempt.outcome = 'uncertain')`.execute(trx)
  return new Set(own.rows.map(({ id }) => id))
}

/** Batch id → fence of those this process holds a live lease on, in a Send that is sending. */
export async function heldBatches(
  trx: Query,
  entries: readonly Entry[],
  { owner, now }: JournalContext,
): Promise<ReadonlyMap<number, number>> {
  const ids = [...new Set(entries.filter(isStart).map(({ batch }) => batch.id))]
  if (ids.length === 0) return new Map()
  let held = trx
    .selectFrom('batch')
    .innerJoin('send', 'send.id', 'batch.send_id')
    .select(['batch.id', 'batch.fence'])
    .where('batch.id', 'in', ids)
    .where('batch.lease_owner', '=', owner)
    .where('batch.lease_until', '>=', clock(trx, now))
    .where('send.state', '=', 'sending')
    .orderBy('batch.id')
  // A take-over or a pause that is under way commits first, or waits for this commit.
  if (engineOf(trx) === 'postgres') held = held.forShare()
  return new Map((await held.execute()).map(({ id, fence }) => [id, fence]))
}

/** `queued → sending`, attempt + 1, an Attempt row; ids of the Deliveries that were still queued. */
async function startAttempts(
  trx: Query,
  entries: readonly Start[],
  context: JournalContext,
): Promise<ReadonlySet<number>> {
  if (entries.length === 0) return new Set()
  const now = context.now()
  const rows = entries.map(({ delivery, batch, relay }) => ({
    id: delivery.deliveryId,
    attempt: delivery.attempt,
    send_id: batch.sendId,
    fence: batch.fence,
    relay,
  }))
  const columns = {
    id: 'integer',
    attempt: 'integer',
    send_id: 'integer',
    fence: 'integer',
    relay: 'text',
  } as const
  const started = await sql<{ id: number }>`
    update delivery set state = 'sending', attempt = delivery.attempt + 1, reason = null, changed_at = ${sql.lit(now)}
    from ${rowsOf(trx, columns, rows)}
    where delivery.id = given.id and delivery.attempt = given.attempt and delivery.state = 'queued'
    returning delivery.id`.execute(trx)
  const ids = new Set(started.rows.map(({ id }) => id))
  const attempts = rows.filter(({ id }) => ids.has(id))
  if (attempts.length > 0)
    await sql`
      insert into attempt (delivery_id, number, send_id, fence, relay, owner, intended_at)
      select given.id, given.attempt + 1, given.send_id, given.fence, given.relay, ${context.owner},
        ${clock(trx, context.now)}
      from ${rowsOf(trx, columns, attempts)}`.execute(trx)
  return ids
}

async function endAttempts(trx: Query, ends: readonly End[], context: JournalContext): Promise<void> {
  if (ends.length === 0) return
  const pasts = await readPasts(trx, ends, context)
  const rows = ends.map((end) => toRow(end, pasts.get(end.delivery.deliveryId) ?? NO_PAST, context.retry))
  const columns = {
    id: 'integer',
    attempt: 'integer',
    state: 'text',
    reason: 'text',
    code: 'integer',
    text: 'text',
    delay: 'integer',
    slowed: 'integer',
  } as const
  const now = sql.lit(context.now())
  // Guarded by the attempt, not by the fence: a late true reply always counts.
  const ended = await sql<{ id: number; address: string }>`
    update delivery set state = given.state, reply_code = given.code, reply_text = ${sql.raw(keptText('given.text'))},
      reason = case when delivery.address = '' and given.state = 'uncertain' then 'no reply on record'
        else given.reason end,
      not_before = coalesce(${clock(trx, context.now)} + given.delay, 0), changed_at = ${now},
      slowed = delivery.slowed + given.slowed
    from ${rowsOf(trx, columns, rows)}
    where delivery.id = given.id and delivery.attempt = given.attempt and delivery.state in ('sending', 'uncertain')
    returning delivery.id, delivery.address`.execute(trx)
  await sql`
    update attempt set outcome = given.state, code = given.code, text = ${sql.raw(keptText('given.text'))},
      replied_at = ${now}
    from ${rowsOf(trx, columns, rows)} cross join delivery
    where delivery.id = given.id and attempt.delivery_id = given.id and attempt.number = given.attempt and attempt.code is null`.execute(
    trx,
  )
  const changed = new Set(ended.rows.map(({ id }) => id))
  const isRepeated = ends.some(({ delivery }) => delivery.attempt > 0 || !changed.has(delivery.deliveryId))
  if (isRepeated)
    await honourAcceptances(
      trx,
      rows.map(({ id }) => id),
      context,
    )
  const late = ends.filter(
    (end, at) => rows[at]?.state === 'deferred' && changed.has(end.delivery.deliveryId),
  )
  await reopenSends(trx, [...new Set(late.map(({ batch }) => batch.sendId))])
  const erased = new Set(ended.rows.filter(({ address }) => address === '').map(({ id }) => id))
  for (const end of ends)
    if (end.outcome.kind === 'bounced' && changed.has(end.delivery.deliveryId))
      await bounce(trx, end, { ...context, isErased: erased.has(end.delivery.deliveryId) })
}

/** Whoever was to be sent to once more, though an earlier Attempt turns out to have been accepted, is not. */
async function honourAcceptances(
  trx: Query,
  deliveryIds: readonly number[],
  { now }: Pick<JournalContext, 'now'>,
): Promise<void> {
  // Whoever changes these rows at this moment commits first, or sees what we have written of the Attempts.
  if (engineOf(trx) === 'postgres')
    await trx
      .selectFrom('delivery')
      .select('id')
      .where('id', 'in', deliveryIds)
      .orderBy('id')
      .forNoKeyUpdate()
      .execute()
  await sql`
    update delivery set state = 'sent', reason = null, changed_at = ${sql.lit(now())}, reply_code = (
      select min(code) from attempt where attempt.delivery_id = delivery.id and attempt.code between 200 and 299
    ), reply_text = (
      select min(text) from attempt where attempt.delivery_id = delivery.id and attempt.code between 200 and 299
    )
    where id in (${sql.join(deliveryIds)}) and state not in ('sent', 'sending') and exists (
      select 1 from attempt where attempt.delivery_id = delivery.id and attempt.code between 200 and 299
    )`.execute(trx)
}

/** The server refused the recipient for good: never mail the address again, in no Send. */
async function bounce(
  trx: Query,
  { batch, delivery, outcome }: End,
  { keys, now, isErased }: JournalContext & { readonly isErased: boolean },
): Promise<void> {
  const at = now()
  await insertEvents(trx, [
    {
      kind: 'bounced',
      at,
      subscriberId: delivery.subscriberId,
      sendId: batch.sendId,
      deliveryId: delivery.deliveryId,
      detail: isErased ? { how: 'reply' } : { how: 'reply', text: cut(outcome.text) },
    },
  ])
  // Theirs stands already, and there is nothing more to take out of Sends.
  if (isErased) return
  await addSuppression(trx, { hash: hashAddress(keys, delivery.addressKey), reason: 'bounced', now: at })
  await excludeDeliveries(trx, {
    subscriberId: delivery.subscriberId,
    listId: null,
    reason: 'suppressed',
    now: at,
  })
}
