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
 * Each person once. A refusal that came at once is a state of the Delivery, and says `reply` for how. Whoever leaves by way of
 * a provider (`opt-out`) has not called it spam.
 */
export async function readLeft(query: Query, sendId: number): Promise<Left> {
  const under = (name: string) => sql`coalesce(${textUnder(query, sql<string>`detail`, name)}, '')`
  const kind = sql`case when kind = 'complained' and ${under('type')} = 'opt-out' then 'unsubscribed' else kind end`
  const rows = await readRows(
    query,
    sql<{ what: string; fault: string | null; count: number }>`
    select ${kind} as what, case when kind = 'bounced' then ${under('fault')} end as fault,
      count(distinct subscriber_id) as count
    from event where send_id = ${sendId} and kind in ('unsubscribed', 'complained', 'bounced')
      and (kind <> 'bounced' or ${under('how')} <> 'reply')
    group by 1, 2`,
  )
  const sum = (is: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(is).reduce((total, { count }) => total + count, 0)
  const bounced = (faults: readonly (string | null)[]) =>
    sum(({ what, fault }) => what === 'bounced' && faults.includes(fault))
  const hard = bounced(['hard'])
  const soft = bounced(['soft'])
  return {
    unsubscribes: sum(({ what }) => what === 'unsubscribed'),
    complaints: sum(({ what }) => what === 'complained'),
    bouncedLater: { hard, soft, other: sum(({ what }) => what === 'bounced') - hard - soft },
  }
}
