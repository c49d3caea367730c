/**
 * Changes the reach of Sends by what single Deliveries were and are. One that is being made anew is changed in both places, as
 * far as its rebuild has come; whoever calls has taken the turns of all these Sends.
 */

import type { Query } from '../db/db.js'
import { groupBy } from '../group.js'
import { addShare, type Share, type Sum, sharesIn, takeShare } from './reach.js'
import { addToReach } from './reach-rows.js'

export interface Change {
  readonly deliveryId: number
  readonly sendId: number
  readonly before: readonly Share[]
  readonly now: readonly Share[]
}

/** All Deliveries of a Send that have Hits are among the changes, from where its rebuild stands up to this one. */
export interface Advance {
  readonly sendId: number
  readonly upTo: number
  readonly now: number
}

export async function changeReach(
  trx: Query,
  changes: readonly Change[],
  advance: Advance | null = null,
): Promise<void> {
  const bySend = groupBy(changes, ({ sendId }) => sendId)
  const rebuilds = await readRebuilds(trx, [...bySend.keys()])
  for (const [sendId, own] of bySend) {
    const rebuild = rebuilds.get(sendId)
    // Before the first count is whole there is nothing to change.
    if (rebuild?.is_first !== 1) await addToReach(trx, 'reach', sendId, differenceOf(own))
    if (rebuild === undefined) continue
    const upTo = advance?.sendId === sendId ? advance.upTo : rebuild.after
    const counted = own.filter(({ deliveryId }) => deliveryId <= rebuild.after)
    const next = own.filter(({ deliveryId }) => deliveryId > rebuild.after && deliveryId <= upTo)
    const anew = [...counted, ...next.map((change) => ({ ...change, before: [] }))]
    await addToReach(trx, 'reach_anew', sendId, differenceOf(anew))
  }
  if (advance !== null) await moveOn(trx, advance)
}

async function readRebuilds(trx: Query, sendIds: readonly number[]) {
  if (sendIds.length === 0) return new Map<number, never>()
  const rows = await trx
    .selectFrom('rebuild')
    .select(['send_id', 'after', 'is_first'])
    .where('send_id', 'in', sendIds)
    .execute()
  return new Map(rows.map((row) => [row.send_id, row]))
}

function differenceOf(changes: readonly Change[]): readonly Share[] {
  const sum: Sum = new Map()
  for (const { before, now } of changes) {
    for (const share of before) takeShare(sum, share)
    for (const share of now) addShare(sum, share)
  }
  return sharesIn(sum)
}

async function moveOn(trx: Query, { sendId, upTo, now }: Advance): Promise<void> {
  await trx
    .updateTable('rebuild')
    .set({ after: upTo, touched_at: now })
    .where('send_id', '=', sendId)
    .where('after', '<', upTo)
    .execute()
}
