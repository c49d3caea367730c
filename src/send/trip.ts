/**
 * Trip: a Send is stopped for a reason that a person has to mend. Whoever was refused for that reason has not failed
 * for good: they are due again, and are tried after the resume.
 */

import { sql } from 'kysely'
import { takeIssueLock } from '../db/advisory-lock.js'
import { engineOf, type Query } from '../db/db.js'
import { transact } from '../db/transact.js'
import { type Cause, explainTrip, type Trip } from './breaker.js'
import type { Refusal } from './relays.js'
import { moveSend } from './send.js'

interface TripContext {
  readonly query: Query
  readonly now: () => number
}

/** Whose refusals a stopped Send takes back. */
interface Refusals {
  readonly lane: string
  readonly cause: Exclude<Cause, 'bounced'>
}

/**
 * `sending → paused`, and those refused for the cause in that lane back to `deferred`, due at once; what has bounced
 * stays bounced. The last refusals may have let the Send finish just before: that is undone. False: another had stopped
 * it before; its refusals are taken back all the same, unless it was cancelled.
 */
export async function tripSend(trip: Trip, { query, now }: TripContext): Promise<boolean> {
  const { sendId, lane, cause } = trip
  return transact(query, 'trip', async (trx) => {
    const isStopped = await stopSend(trx, trip)
    if (cause !== 'bounced') {
      const tripped = await readTripped(trx, sendId)
      if (tripped === null) return false
      const others = tripped.filter((other) => other.lane !== lane || other.cause !== cause)
      await trx
        .updateTable('send')
        .set({ tripped: JSON.stringify([...others, { lane, cause }]) })
        .where('id', '=', sendId)
        .execute()
      await takeBack(trx, sendId, { lane, cause, now })
    }
    return isStopped
  })
}

async function stopSend(trx: Query, trip: Trip): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('send')
    .set({ state: 'paused', reason: explainTrip(trip), finished_at: null, alarm: null })
    .where('id', '=', trip.sendId)
    .where('state', 'in', trip.cause === 'bounced' ? ['sending'] : ['sending', 'finished'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/**
 * `sending → paused`: each of these relays refuses us, again and again, and there is no other for it. Nobody's Attempt was
 * used up. False: another was first.
 */
export async function stopRefusedSend(
  sendId: number,
  refusals: readonly Refusal[],
  { query }: Pick<TripContext, 'query'>,
): Promise<boolean> {
  const said = refusals.map(({ relay, refused, text }) => `${relay} refuses our ${refused} (${text})`)
  const mend = [
    ...(refusals.some(({ refused }) => refused === 'login')
      ? ['mend user name and password in SMTP_URL, start the engine again']
      : []),
    ...(refusals.some(({ refused }) => refused === 'sender') ? ['let the relay accept this sender'] : []),
  ]
  const reason = `${said.join(', ')}, time after time; ${mend.join(', ')}, then pressrun resume ${sendId}`
  return transact(query, 'trip', (trx) => moveSend(trx, sendId, { from: 'sending', to: 'paused', reason }))
}

/**
 * What was in flight when a Send was stopped may be refused for the same cause after it: these are taken back too, as
 * long as it stands still. Any process may do it. Returns how many.
 */
export async function takeBackLateRefusals({ query, now }: TripContext): Promise<number> {
  const sends = await query
    .selectFrom('send')
    .select(['id', 'state'])
    .where('tripped', 'is not', null)
    .execute()
  let taken = 0
  for (const { id, state } of sends)
    if (state === 'paused')
      taken += await transact(query, 'takeBack', async (trx) => {
        let those = 0
        for (const refusals of (await readTripped(trx, id)) ?? [])
          those += await takeBack(trx, id, { ...refusals, now })
        return those
      })
    else
      await query
        .updateTable('send')
        .set({ tripped: null })
        .where('id', '=', id)
        .where('state', '!=', 'paused')
        .execute()
  return taken
}

/** Null when the Send is not paused; it stays so until the transaction ends. */
async function readTripped(trx: Query, sendId: number): Promise<readonly Refusals[] | null> {
  let stopped = trx
    .selectFrom('send')
    .select('tripped')
    .where('id', '=', sendId)
    .where('state', '=', 'paused')
  if (engineOf(trx) === 'postgres') stopped = stopped.forUpdate()
  const send = await stopped.executeTakeFirst()
  if (send === undefined) return null
  // Written by tripSend.
  return JSON.parse(send.tripped ?? '[]') as Refusals[]
}

/**
 * `failed → deferred`. The reason stays, so that the same answer to the same person does not stop the Send again. Whom
 * another Send of the Issue has placed since is left to that one.
 */
async function takeBack(
  trx: Query,
  sendId: number,
  { lane, cause, now }: Refusals & Pick<TripContext, 'now'>,
): Promise<number> {
  const send = trx.selectFrom('send').select('issue_id').where('id', '=', sendId)
  const { issue_id } = await send.executeTakeFirstOrThrow()
  await takeIssueLock(trx, issue_id)
  const elsewhere = trx
    .selectFrom('delivery as other')
    .select('other.id')
    .where('other.issue_id', '=', issue_id)
    .where(sql<boolean>`other.address_key = delivery.address_key and other.copy <> delivery.copy`)
    .where('other.state', '!=', 'failed')
  const { numUpdatedRows } = await trx
    .updateTable('delivery')
    .set({ state: 'deferred', not_before: 0, changed_at: now() })
    .where('send_id', '=', sendId)
    .where('lane', '=', lane)
    .where('state', '=', 'failed')
    .where('reason', '=', cause)
    // Whoever is erased stays as they were.
    .where('address', '!=', '')
    .where(({ not, exists }) => not(exists(elsewhere)))
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
