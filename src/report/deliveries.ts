/** The Deliveries of a Send one by one: who, in which state, why. Read in pages, so that a million fit. */

import type { Query } from '../db/db.js'
import type { DeliveryState } from '../db/schema.js'
import { toIso } from './status.js'

export interface DeliveryLine {
  readonly address: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attempts: number
  /** The last reply, such as `250 2.0.0 Ok`. */
  readonly reply: string | null
  /** What was decided of an Attempt without a reply, last; null when nothing had to be. */
  readonly decided: Decided | null
}

export interface Decided {
  readonly decision: 'resend' | 'leave' | 'arrived' | 'bounced'
  readonly by: string
  /** ISO 8601. */
  readonly at: string | null
}

export interface DeliveryFilter {
  readonly sendId: number
  /** Null: all. */
  readonly state: DeliveryState | null
}

const PAGE = 1_000

/** In the order of the freeze. */
export async function* readDeliveries(
  query: Query,
  filter: DeliveryFilter,
): AsyncGenerator<DeliveryLine, void> {
  let after = 0
  for (;;) {
    const page = await readPage(query, filter, after)
    const decisions = await readDecisions(
      query,
      page.map(({ id }) => id),
    )
    for (const row of page) {
      const { address, state, reason, attempt: attempts } = row
      const decided = decisions.get(row.id) ?? null
      yield { address, state, reason, attempts, reply: writeReply(row), decided }
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = last.id
  }
}

function readPage(query: Query, { sendId, state }: DeliveryFilter, after: number) {
  let page = query
    .selectFrom('delivery')
    .select(['id', 'address', 'state', 'reason', 'attempt', 'reply_code', 'reply_text'])
    .where('send_id', '=', sendId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(PAGE)
  if (state !== null) page = page.where('state', '=', state)
  return page.execute()
}

async function readDecisions(query: Query, ids: readonly number[]): Promise<ReadonlyMap<number, Decided>> {
  if (ids.length === 0) return new Map()
  const rows = await query
    .selectFrom('attempt')
    .select(['delivery_id', 'decision', 'decided_by', 'decided_at'])
    .where('delivery_id', 'in', ids)
    .where('decision', 'is not', null)
    .orderBy('number')
    .execute()
  return new Map(
    rows.flatMap(({ delivery_id: id, decision, decided_by: by, decided_at: at }) =>
      decision === null ? [] : [[id, { decision, by: by ?? '', at: toIso(at) }] as const],
    ),
  )
}

function writeReply({
  reply_code: code,
  reply_text: text,
}: {
  readonly reply_code: number | null
  readonly reply_text: string | null
}): string | null {
  if (code === null || text === null) return text ?? (code === null ? null : String(code))
  return text.startsWith(String(code)) ? text : `${code} ${text}`
}
