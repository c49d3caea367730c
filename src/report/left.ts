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

/** A refusal that came at once is a state of the Delivery, and says `reply` for how. */
export async function readLeft(query: Query, sendId: number): Promise<Left> {
  const fault = textUnder(query, sql<string>`detail`, 'fault')
  const rows = await readRows(
    query,
    sql<{ kind: string; fault: string | null; count: number }>`
    select kind, case when kind = 'bounced' then ${fault} end as fault, count(*) as count
    from event where send_id = ${sendId} and kind in ('unsubscribed', 'complained', 'bounced')
      and (kind <> 'bounced' or coalesce(${textUnder(query, sql<string>`detail`, 'how')}, '') <> 'reply')
    group by 1, 2`,
  )
  const sum = (is: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(is).reduce((total, { count }) => total + count, 0)
  const bounced = (faults: readonly (string | null)[]) =>
    sum(({ kind, fault }) => kind === 'bounced' && faults.includes(fault))
  const hard = bounced(['hard'])
  const soft = bounced(['soft'])
  return {
    unsubscribes: sum(({ kind }) => kind === 'unsubscribed'),
    complaints: sum(({ kind }) => kind === 'complained'),
    bouncedLater: { hard, soft, other: sum(({ kind }) => kind === 'bounced') - hard - soft },
  }
}
