/** Notices as an operator looks at them: how many of each kind are where, and what went wrong lately. */

import type { Query } from '../db/db.js'
import type { NoticeKind, NoticeState } from '../db/schema.js'
import { maskAddress } from '../track/mask.js'

export interface NoticeCounts {
  readonly kind: NoticeKind
  readonly queued: number
  readonly sending: number
  readonly sent: number
  readonly deferred: number
  readonly bounced: number
  readonly failed: number
  readonly uncertain: number
  /** Whose person did what it asked about. */
  readonly used: number
}

export interface TroubledNotice {
  readonly id: number
  readonly kind: NoticeKind
  /** `a…e@example.com`; '' once it is forgotten. */
  readonly address: string
  readonly state: NoticeState
  readonly reason: string | null
  readonly reply: string | null
  /** Ms since 1970. */
  readonly changedAt: number
}

export interface NoticeReport {
  readonly counts: readonly NoticeCounts[]
  /** The newest that did not arrive, or of which nobody knows. */
  readonly troubled: readonly TroubledNotice[]
}

const MAX_TROUBLED = 20
const TROUBLED = ['deferred', 'bounced', 'failed', 'uncertain'] as const

export async function readNotices(query: Query): Promise<NoticeReport> {
  const counts = await query
    .selectFrom('notice')
    .select(({ fn }) => {
      const count = () => fn.countAll<number>()
      const inState = (state: NoticeState) => count().filterWhere('state', '=', state).as(state)
      return [
        'kind',
        inState('queued'),
        inState('sending'),
        inState('sent'),
        inState('deferred'),
        inState('bounced'),
        inState('failed'),
        inState('uncertain'),
        count().filterWhere('used_at', 'is not', null).as('used'),
      ]
    })
    .groupBy('kind')
    .orderBy('kind')
    .execute()
  const rows = await query
    .selectFrom('notice')
    .select(['id', 'kind', 'address', 'state', 'reason', 'reply_text', 'changed_at'])
    .where('state', 'in', TROUBLED)
    .orderBy('changed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_TROUBLED)
    .execute()
  return {
    counts: counts as readonly NoticeCounts[],
    troubled: rows.map(({ id, kind, address, state, reason, reply_text, changed_at }) => ({
      id,
      kind,
      address: address === '' ? '' : maskAddress(address),
      state,
      reason,
      // A relay may name the address in its words.
      reply:
        reply_text === null || address === ''
          ? reply_text
          : reply_text.replaceAll(address, maskAddress(address)),
      changedAt: changed_at,
    })),
  }
}
