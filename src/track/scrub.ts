/** Scrub: takes out of what stays for its numbers whatever could name an erased person. Safe to run again and again. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { idsOf } from '../db/rows.js'
import { fileHits } from '../event/file-hits.js'
import { forgetInReach } from '../event/forget.js'
import { PURGED } from '../event/purge.js'
import { codesOf } from '../send/codes-only.js'

/** Who has decided that nothing more is tried. */
const BY = 'erasure'

const kept = (column: string) => sql.raw(codesOf(column))

/** Run it in a transaction. */
export async function scrub(trx: Query, subscriberIds: readonly number[]): Promise<void> {
  const ids = sql`(select id from ${idsOf(trx, subscriberIds)})`
  await forgetInReach(trx, subscriberIds)
  const deliveries = sql`(select id from delivery where subscriber_id in ${ids})`
  await sql`
    update delivery set address = '', address_key = null, name = '', attributes = '{}', is_untracked = 1,
      reply_text = ${kept('reply_text')}, reason = ${plainReason}
    where subscriber_id in ${ids} and (
      address <> '' or address_key is not null or is_untracked = 0 or reply_text is distinct from ${kept('reply_text')}
      or reason is distinct from ${plainReason}
    )`.execute(trx)
  await sql`
    update attempt set text = ${kept('text')},
      decision = case when ${isOpen} then 'leave' else decision end,
      decided_by = case when ${isOpen} then ${BY} else decided_by end,
      decided_at = case when ${isOpen} then intended_at else decided_at end
    where delivery_id in ${deliveries} and (text is distinct from ${kept('text')} or ${isOpen})`.execute(trx)
  await fileHits(trx)
  await sql`
    update hit set network = ${PURGED.network}, user_agent = ${PURGED.user_agent}, headers = ${PURGED.headers}
    where is_filed = 1 and delivery_id in ${deliveries} and headers <> ${PURGED.headers}`.execute(trx)
  // Its verdict stays, for the numbers.
  await sql`update feedback set bytes = null, detail = '{}'
    where delivery_id in ${deliveries} and (bytes is not null or detail <> '{}')`.execute(trx)
  await scrubEvents(trx, subscriberIds)
}

/** Of an uncertain one it may be what the relay said. */
const plainReason = sql`case when state = 'uncertain' then 'no reply on record' else reason end`

/** Nobody may resend it, so that nobody waits for somebody who could. */
const isOpen = sql<boolean>`(decision is null and outcome = 'uncertain')`

const OURS = ['how', 'fault'] as const

/** How alone stays of them, of a bounce whose fault it was, and of a complaint that it was none. */
async function scrubEvents(trx: Query, subscriberIds: readonly number[]): Promise<void> {
  const events = await trx
    .selectFrom('event')
    .select(['id', 'detail'])
    .where('subscriber_id', 'in', sql<number>`(select id from ${idsOf(trx, subscriberIds)})`)
    .where('detail', '!=', '{}')
    .execute()
  for (const { id, detail } of events) {
    const scrubbed = howOf(detail)
    if (scrubbed !== detail)
      await trx.updateTable('event').set({ detail: scrubbed }).where('id', '=', id).execute()
  }
}

/** Words of ours, such as `one-click`: never what anyone typed. */
function howOf(detail: string): string {
  // Written by insertEvents.
  const given = JSON.parse(detail) as Readonly<Record<string, unknown>>
  const kept = OURS.flatMap((name) => {
    const word = given[name]
    return typeof word === 'string' && /^[a-z-]{1,30}$/.test(word) ? [[name, word]] : []
  })
  const isOptOut = given.type === 'opt-out'
  return JSON.stringify({ ...Object.fromEntries(kept), ...(isOptOut ? { type: 'opt-out' } : {}) })
}
