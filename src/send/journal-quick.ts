/**
 * The Journal's short way, for what nearly every entry is: an intent, or an acceptance of a Message that is under way.
 * One round trip commits them. It does what journal-commit.ts does for them, or leaves them to it: whoever is not
 * found as expected goes the long way.
 */

import { engineOf } from '../db/db.js'
import { type Row, together } from '../db/together.js'
import { keptText } from './codes-only.js'
import type { Entry, Verdict } from './journal.js'
import { heldBatches, type JournalContext } from './journal-commit.js'
import { cut } from './journal-row.js'

/** May these be committed the short way? None of them can stand from an earlier commit that gave no answer. */
export function areQuick(entries: readonly Entry[]): boolean {
  return entries.every(
    (entry) => entry.kind === 'intent' || (entry.kind === 'outcome' && entry.outcome.kind === 'sent'),
  )
}

/**
 * Commits entries that `areQuick`. A verdict for each in their order; null: it has to go the long way. Throws when nothing
 * of them stands, or the database gave no answer.
 */
export async function commitQuickly(
  entries: readonly Entry[],
  context: JournalContext,
): Promise<readonly (Verdict | null)[]> {
  const intents: unknown[] = []
  const acceptances: unknown[] = []
  for (const entry of entries) {
    const { delivery, batch } = entry
    if (entry.kind === 'intent')
      intents.push([delivery.deliveryId, delivery.attempt, batch.sendId, batch.id, batch.fence, entry.relay])
    else if (entry.kind === 'outcome' && entry.outcome.kind === 'sent')
      acceptances.push([
        delivery.deliveryId,
        delivery.attempt + 1,
        entry.outcome.code,
        cut(entry.outcome.text),
      ])
  }
  const given = {
    intents: JSON.stringify(intents),
    acceptances: JSON.stringify(acceptances),
    // Their ids are given out one after the other.
    rows: entries.reduce((most, { delivery }) => Math.max(most, delivery.deliveryId), 0),
  }
  const commit = engineOf(context.query) === 'sqlite' ? commitOnSqlite : commitOnPostgres
  const { started, accepted } = await commit(given, context)
  const isOurs = started.size === intents.length ? null : await heldBatches(context.query, entries, context)
  return entries.map(({ kind, delivery: { deliveryId }, batch }) => {
    if (kind !== 'intent') return accepted.has(deliveryId) ? 'stands' : null
    if (started.has(deliveryId)) return 'stands'
    return isOurs?.get(batch.id) === batch.fence ? 'gone' : 'notOurs'
  })
}

/** JSON arrays of rows, as the statements below take them apart. */
interface Given {
  readonly intents: string
  readonly acceptances: string
  /** About how many Deliveries there are. */
  readonly rows: number
}

/** Delivery ids: who is `sending` now, who is `sent`. */
interface Found {
  readonly started: ReadonlySet<number>
  readonly accepted: ReadonlySet<number>
}

const SQLITE_INTENTS = `(select value->>0 as id, value->>1 as attempt, value->>2 as send_id, value->>3 as batch_id,
  value->>4 as fence, value->>5 as relay from json_each(?)) as given`
const SQLITE_ACCEPTANCES = `(select value->>0 as id, value->>1 as attempt, value->>2 as code, value->>3 as text
  from json_each(?)) as given`
/** The Batches this process holds a live lease on, under the fence it claimed them with, in a Send that is sending. */
const SQLITE_OURS = `batch.id = given.batch_id and batch.fence = given.fence and batch.lease_owner = ?
  and batch.lease_until >= ? and send.id = batch.send_id and send.state = 'sending'`

async function commitOnSqlite(given: Given, { query, owner, now }: JournalContext): Promise<Found> {
  const at = Math.round(now())
  const { intents, acceptances } = given
  const [started, , accepted] = await together(query, 'journal', [
    {
      sql: `insert into attempt (delivery_id, number, send_id, fence, relay, owner, intended_at)
        select given.id, given.attempt + 1, given.send_id, given.fence, given.relay, ?, ?
        from ${SQLITE_INTENTS} cross join batch cross join send cross join delivery
        where ${SQLITE_OURS} and delivery.id = given.id and delivery.attempt = given.attempt
          and delivery.state = 'queued'
        returning delivery_id as id`,
      parameters: [owner, at, intents, owner, at],
    },
    {
      sql: `update delivery set state = 'sending', attempt = delivery.attempt + 1, reason = null, changed_at = ?
        from ${SQLITE_INTENTS}
        where delivery.id = given.id and delivery.attempt = given.attempt and delivery.state = 'queued'
          and exists (select 1 from attempt where delivery_id = given.id and number = given.attempt + 1)`,
      parameters: [at, intents],
    },
    {
      sql: `update delivery set state = 'sent', reason = null, reply_code = given.code,
          reply_text = ${keptText('given.text')}, not_before = 0, changed_at = ?
        from ${SQLITE_ACCEPTANCES}
        where delivery.id = given.id and delivery.attempt = given.attempt
          and delivery.state in ('sending', 'uncertain')
        returning delivery.id`,
      parameters: [at, acceptances],
    },
    {
      sql: `update attempt set outcome = 'sent', code = given.code, text = ${keptText('given.text')},
          replied_at = ?
        from ${SQLITE_ACCEPTANCES} cross join delivery
        where attempt.delivery_id = given.id and attempt.number = given.attempt and attempt.code is null
          and delivery.id = given.id and delivery.attempt = given.attempt and delivery.state = 'sent'`,
      parameters: [at, acceptances],
    },
  ])
  return { started: idsOf(started), accepted: idsOf(accepted) }
}

const POSTGRES_NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint'
/**
 * A take-over or a pause that is under way commits first, or waits for this commit: the share locks. The ids stand there
 * twice, since of an array Postgres knows that it is short, and reads by index.
 */
const POSTGRES = `
with intended as materialized (
  select (value->>0)::bigint as id, (value->>1)::bigint as attempt, (value->>2)::bigint as send_id,
    (value->>3)::bigint as batch_id, (value->>4)::bigint as fence, value->>5 as relay
  from jsonb_array_elements($1::jsonb)
), given as materialized (
  select (value->>0)::bigint as id, (value->>1)::bigint as attempt, (value->>2)::bigint as code, value->>3 as text
  from jsonb_array_elements($2::jsonb)
), ours as materialized (
  select batch.id, batch.fence from batch join send on send.id = batch.send_id
  where batch.id in (select batch_id from intended) and batch.lease_owner = $3
    and batch.lease_until >= ${POSTGRES_NOW} and send.state = 'sending'
  order by batch.id for share
), held as materialized (
  select intended.* from intended join ours on ours.id = intended.batch_id and ours.fence = intended.fence
), started as (
  update delivery set state = 'sending', attempt = delivery.attempt + 1, reason = null, changed_at = $4
  from held where delivery.id = any($5::bigint[]) and delivery.id = held.id
    and delivery.attempt = held.attempt and delivery.state = 'queued'
  returning delivery.id, delivery.attempt, held.send_id, held.fence, held.relay
), begun as (
  insert into attempt (delivery_id, number, send_id, fence, relay, owner, intended_at)
  select id, attempt, send_id, fence, relay, $3, ${POSTGRES_NOW} from started
), accepted as (
  update delivery set state = 'sent', reason = null, reply_code = given.code,
    reply_text = ${keptText('given.text')}, not_before = 0, changed_at = $4
  from given where delivery.id = any($6::bigint[]) and delivery.id = given.id and delivery.attempt = given.attempt
    and delivery.state in ('sending', 'uncertain')
  returning delivery.id, given.attempt, given.code, delivery.reply_text as text
), ended as (
  update attempt set outcome = 'sent', code = accepted.code, text = accepted.text, replied_at = $4
  from accepted
  where attempt.delivery_id = any($6::bigint[]) and attempt.delivery_id = accepted.id and attempt.number = accepted.attempt and attempt.code is null
)
select 'started' as what, id from started
union all select 'accepted', id from accepted`

async function commitOnPostgres(given: Given, { query, owner, now }: JournalContext): Promise<Found> {
  const [started, accepted] = [idsIn(given.intents), idsIn(given.acceptances)]
  const parameters = [given.intents, given.acceptances, owner, Math.round(now()), started, accepted]
  const [rows = []] = await together(query, 'journal', [{ sql: POSTGRES, parameters, rows: given.rows }])
  const those = (what: string) => idsOf(rows.filter((row) => row.what === what))
  return { started: those('started'), accepted: those('accepted') }
}

/** Of the JSON that was made above: each row begins with the id. */
function idsIn(rows: string): readonly number[] {
  return (JSON.parse(rows) as readonly (readonly [number])[]).map(([id]) => id)
}

function idsOf(rows: readonly Row[] = []): ReadonlySet<number> {
  return new Set(rows.map(({ id }) => Number(id)))
}
