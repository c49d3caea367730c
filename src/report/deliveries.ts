/** The Deliveries of a Send one by one: who, in which state, why. Read in pages, so that a million fit. */

import type { Query } from '../db/db.js'
import type { DeliveryState } from '../db/schema.js'

export interface DeliveryLine {
  readonly address: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attempts: number
  /** The last reply, such as `250 2.0.0 Ok`. */
  readonly reply: string | null
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
    for (const row of page) {
      const { address, state, reason, attempt: attempts } = row
      yield { address, state, reason, attempts, reply: writeReply(row) }
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
