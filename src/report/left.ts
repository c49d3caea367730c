/** Who left through a Send's Messages, who complained, and whom a report that came later says it did not reach. */

import { sql } from 'kysely'
import type { Query } from '../db/db.js'
import { textUnder } from '../db/json.js'
import { readRows } from '../db/rows.js'

export interface Left {
  readonly unsubscribes: number
  readonly complaints: number
  /** By a bounce report after the relay had accepted the Message, and by whose fault. */
  readonly bouncedLater: { readonly hard: number; readonly soft: number; readonly other: number }
}

/**
 * Whether the person, or an editor who undid a burst, has taken this unsubscribing back: then it is no leaving. One that they
 * did later is another, and so is what they took back of that. Of a row of `event` in the same FROM.
 */
export const IS_TAKEN_BACK = sql<boolean>`(event.kind = 'unsubscribed' and (
  select next.kind from event as next where next.subscriber_id = event.subscriber_id and next.list_id = event.list_id
    and next.kind in ('unsubscribed', 'restored') and next.id > event.id
  order by next.id limit 1) is not distinct from 'restored')`

/**
 * Each person once, a bounce under the worst fault that was reported of it. A refusal that came at once, or by a report that
 * settled an uncertain one, is a state of the Delivery. Whoever leaves by way of a provider (`opt-out`) has not called it spam.
 */
export async function readLeft(query: Query, sendId: number): Promise<Left> {
  const under = (name: string) => sql`coalesce(${textUnder(query, sql<string>`event.detail`, name)}, '')`
  const kind = sql`case when event.kind = 'complained' and ${under('type')} = 'opt-out' then 'unsubscribed' else event.kind end`
  const rank = sql`case when event.kind <> 'bounced' then 0 when ${under('fault')} = 'hard' then 1
    when ${under('fault')} = 'soft' then 2 else 3 end`
  const rows = await readRows(
    query,
    sql<{ what: string; worst: number; count: number }>`
    select what, worst, count(*) as count from (
      select ${kind} as what, event.subscriber_id, min(${rank}) as worst
      from event left join delivery on delivery.id = event.delivery_id
      where event.send_id = ${sendId} and event.kind in ('unsubscribed', 'complained', 'bounced')
        and not ${IS_TAKEN_BACK} and (event.kind <> 'bounced' or (${under('how')} <> 'reply' and coalesce(delivery.state, '') <> 'bounced'))
      group by 1, 2
    ) as person group by what, worst`,
  )
  const sum = (what: string, worst: number) =>
    rows.find((row) => row.what === what && row.worst === worst)?.count ?? 0
  return {
    unsubscribes: sum('unsubscribed', 0),
    complaints: sum('complained', 0),
    bouncedLater: {
      hard: sum('bounced', 1),
      soft: sum('bounced', 2),
      other: sum('bounced', 3),
    },
  }
}
