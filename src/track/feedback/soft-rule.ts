/**
 * The rule for soft bounces: a mailbox that was full for so many Issues in a row, without one that was accepted between them,
 * is given up. A message that came back counts, and one that was refused until its time was over.
 */

import { parseAddress } from '../../address.js'
import { idsOfPerson } from '../../audience/merged.js'
import type { Query } from '../../db/db.js'
import { transact } from '../../db/transact.js'
import type { Keys } from '../../link/token.js'
import { EXPIRED, MAILBOX_IS_FULL, readRefusal } from '../../send/reply-rules.js'
import { letGo } from './let-go.js'

export interface SoftRule {
  /** In a row. */
  readonly issues: number
  readonly withinMs: number
}

/** Newest Deliveries of one address that are looked at. */
const MAX_DELIVERIES = 200
const PAGE = 1_000

interface Addressee {
  readonly subscriberId: number
  readonly address: string
}

/** Has this address had enough? */
export async function isWornOut(
  query: Query,
  { subscriberId, address }: Addressee,
  { rule, now }: { readonly rule: SoftRule; readonly now: number },
): Promise<boolean> {
  const rows = await query
    .selectFrom('delivery')
    .leftJoin('event', (join) =>
      join
        .onRef('event.subscriber_id', '=', 'delivery.subscriber_id')
        .onRef('event.delivery_id', '=', 'delivery.id')
        .on('event.kind', '=', 'bounced'),
    )
    .select([
      'delivery.id',
      'delivery.issue_id',
      'delivery.state',
      'delivery.reason',
      'delivery.reply_code',
      'delivery.reply_text',
      'event.detail',
    ])
    .where('delivery.subscriber_id', 'in', idsOfPerson(subscriberId))
    .where('delivery.address', '=', address)
    .where('delivery.attempt', '>', 0)
    .where('delivery.changed_at', '>', now - rule.withinMs)
    .orderBy('delivery.id', 'desc')
    .limit(MAX_DELIVERIES)
    .execute()
  const issues = new Set<number>()
  for (const row of rows) {
    const says = signOf(row)
    if (says === 'accepted') break
    if (says === 'soft') issues.add(row.issue_id)
  }
  return issues.size >= rule.issues
}

interface Sign {
  readonly state: string
  readonly reason: string | null
  readonly reply_code: number | null
  readonly reply_text: string | null
  readonly detail: string | null
}

/** What a Delivery says of its mailbox; `nothing`: it is under way, or was refused for another reason. */
function signOf(row: Sign): 'soft' | 'accepted' | 'nothing' {
  if (row.detail !== null) {
    // Written by insertEvents.
    const { fault } = JSON.parse(row.detail) as { readonly fault?: string }
    return fault === 'soft' ? 'soft' : 'nothing'
  }
  if (row.state === 'sent') return 'accepted'
  return isRefusedAsFull(row) ? 'soft' : 'nothing'
}

function isRefusedAsFull({
  state,
  reason,
  reply_code: code,
  reply_text: text,
}: Omit<Sign, 'detail'>): boolean {
  if (state !== 'failed' || reason !== EXPIRED || code === null || text === null) return false
  const meaning = readRefusal({ code, text, command: 'RCPT' })
  return meaning?.kind === 'deferred' && meaning.reason === MAILBOX_IS_FULL
}

/**
 * Everyone whose message in a Send was refused as long as it was tried, because their mailbox was full. Returns how many are
 * given up by that. Safe to run again.
 */
export async function wearOut(
  query: Query,
  {
    sendId,
    rule,
    keys,
    now,
  }: { readonly sendId: number; readonly rule: SoftRule; readonly keys: Keys; readonly now: number },
): Promise<number> {
  let given = 0
  for (let after = 0; ; ) {
    const page = await query
      .selectFrom('delivery')
      .select(['id', 'subscriber_id', 'address', 'state', 'reason', 'reply_code', 'reply_text'])
      .where('send_id', '=', sendId)
      .where('state', '=', 'failed')
      .where('reason', '=', EXPIRED)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute()
    for (const { subscriber_id: subscriberId, address } of page.filter(isRefusedAsFull)) {
      const parsed = parseAddress(address)
      if (parsed.kind === 'refused') continue
      const isOver = await transact(query, 'wearOut', async (trx) =>
        (await isWornOut(trx, { subscriberId, address }, { rule, now }))
          ? letGo(
              trx,
              { subscriberId },
              { addressKey: parsed.key, reason: 'bounced', by: 'soft bounces', keys, now },
            )
          : false,
      )
      if (isOver) given++
    }
    const last = page.at(-1)
    if (last === undefined) return given
    after = last.id
  }
}
