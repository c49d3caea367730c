/**
 * Claim: which process has which Notice in hand. A claim alone sends nothing: the intent does, and it holds only while
 * the claim does. A claim whose process is gone is given back, and an intent without a word since is `uncertain`.
 */

import { type RawBuilder, sql } from 'kysely'
import { OWN_REASONS } from '../../audience/suppression.js'
import { clock, engineOf, type Query } from '../../db/db.js'
import type { NoticeKind } from '../../db/schema.js'
import { transact } from '../../db/transact.js'

/** A claim whose intent has not come by then is given back: whoever holds it may stand still, and then may not begin. */
const CLAIM_MS = 300_000

/** Why one is `uncertain`, where no more is known or may be said. */
export const NO_REPLY = 'no reply on record'

export interface ClaimContext {
  readonly query: Query
  /** This process. */
  readonly owner: string
  readonly now: () => number
}

export interface ClaimedNotice {
  readonly id: number
  readonly kind: NoticeKind
  readonly address: string
  readonly lang: string
  /** Title of its List; '' without one. */
  readonly list: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly createdAt: number
  /** Number of the last try. */
  readonly attempt: number
}

/** As the index `notice_due` says it, word by word: SQLite uses it for nothing else, and would read all there ever were. */
const isOpen = sql<boolean>`notice.state in ('queued', 'sending', 'deferred')`

/** An opt-out wins up to the intent; whoever was erased or has moved, and asks anew, is asked whether it is so. */
export const isSuppressed = sql<boolean>`exists (select 1 from suppression
  where suppression.address_hash = notice.address_hash and suppression.reason not in (${sql.join(OWN_REASONS)}))`

/** Those that wait longest first. */
export function dueNotices(
  query: Query,
  { now, count }: { readonly now: () => number; readonly count: number },
) {
  return query
    .selectFrom('notice')
    .select('id')
    .where(isOpen)
    .where('state', 'in', ['queued', 'deferred'])
    .where('not_before', '<=', clock(query, now))
    .where('expires_at', '>', clock(query, now))
    .where('owner', 'is', null)
    .where('address', '!=', '')
    .where(({ not }) => not(isSuppressed))
    .orderBy('not_before')
    .orderBy('id')
    .limit(count)
}

/** Takes up to `count` that are due. */
export async function claimNotices(
  count: number,
  { query, owner, now }: ClaimContext,
): Promise<readonly ClaimedNotice[]> {
  const due = (source: Query) => dueNotices(source, { now, count })
  if (count < 1) return []
  // Most often there is none, and then nobody who writes has to be waited for.
  if ((await due(query).execute()).length === 0) return []
  return transact(query, 'noticeClaim', async (trx) => {
    const chosen = engineOf(trx) === 'postgres' ? due(trx).forUpdate().skipLocked() : due(trx)
    const ids = (await chosen.execute()).map(({ id }) => id)
    if (ids.length === 0) return []
    await trx
      .updateTable('notice')
      .set({ owner, changed_at: clock(trx, now) })
      .where('id', 'in', ids)
      .execute()
    const rows = await trx
      .selectFrom('notice')
      .leftJoin('list', 'list.id', 'notice.list_id')
      .select(['notice.id', 'notice.kind', 'notice.address', 'notice.lang', 'list.title as list'])
      .select(['notice.detail', 'notice.created_at', 'notice.attempt'])
      .where('notice.id', 'in', ids)
      .orderBy('notice.id')
      .execute()
    return rows.map(({ created_at, list, detail, ...row }) => ({
      ...row,
      list: list ?? '',
      // Written by `createNotice` as an object.
      detail: JSON.parse(detail) as Record<string, unknown>,
      createdAt: created_at,
    }))
  })
}

/** Back as it was, not to be looked at for `pauseMs`: nothing was begun. */
export async function releaseNotice(
  id: number,
  { query, owner, now, pauseMs = 0 }: ClaimContext & { readonly pauseMs?: number },
): Promise<void> {
  await query
    .updateTable('notice')
    .set({ owner: null, not_before: sql`${clock(query, now)} + ${pauseMs}` })
    .where('id', '=', id)
    .where('owner', '=', owner)
    .where('state', 'in', ['queued', 'deferred'])
    .execute()
}

export interface GiveUpContext {
  readonly query: Query
  readonly now: () => number
  /** Is the process certainly gone? */
  readonly isDead: (owner: string) => boolean
  /** How long a reply may take on the wire, ms. */
  readonly wireTimeoutMs: number
}

export interface GivenUp {
  /** Claims that are anybody's again. */
  readonly released: number
  /** Nobody will ever say what became of these. */
  readonly uncertain: number
  /** Not sent in their time. */
  readonly expired: number
}

/** Takes back what a process that is gone had in hand, and lets go of what has run out or must not go out any more. */
export async function giveUpNotices(context: GiveUpContext): Promise<GivenUp> {
  const { query, now, isDead, wireTimeoutMs } = context
  const held = await query
    .selectFrom('notice')
    .select('owner')
    .distinct()
    .where(isOpen)
    .where('owner', 'is not', null)
    .execute()
  const dead = held.flatMap(({ owner }) => (owner !== null && isDead(owner) ? [owner] : []))
  const before = (ms: number) => sql<number>`${clock(query, now)} - ${ms}`
  const released = held.length === 0 ? 0 : await release()
  const uncertain = held.length === 0 ? 0 : await giveUp()
  await letGo('suppressed', isSuppressed)
  return { released, uncertain, expired: await letGo('expired', isOver()) }

  async function release(): Promise<number> {
    const { numUpdatedRows } = await query
      .updateTable('notice')
      .set({ owner: null })
      .where(isOpen)
      .where('state', 'in', ['queued', 'deferred'])
      .where('owner', 'is not', null)
      .where((notice) =>
        notice.or([
          notice('changed_at', '<', before(CLAIM_MS)),
          ...(dead.length > 0 ? [notice('owner', 'in', dead)] : []),
        ]),
      )
      .executeTakeFirst()
    return Number(numUpdatedRows)
  }

  async function giveUp(): Promise<number> {
    const { numUpdatedRows } = await query
      .updateTable('notice')
      .set({ state: 'uncertain', reason: NO_REPLY, owner: null, changed_at: clock(query, now) })
      .where(isOpen)
      .where('state', '=', 'sending')
      .where((notice) =>
        notice.or([
          notice('changed_at', '<', before(wireTimeoutMs + CLAIM_MS)),
          ...(dead.length > 0 ? [notice('owner', 'in', dead)] : []),
        ]),
      )
      .executeTakeFirst()
    return Number(numUpdatedRows)
  }

  function isOver() {
    return sql<boolean>`notice.expires_at <= ${clock(query, now)}`
  }

  async function letGo(reason: string, which: RawBuilder<boolean>): Promise<number> {
    const { numUpdatedRows } = await query
      .updateTable('notice')
      .set({ state: 'failed', reason, owner: null, changed_at: clock(query, now) })
      .where(isOpen)
      .where('state', 'in', ['queued', 'deferred'])
      .where(which)
      .executeTakeFirst()
    return Number(numUpdatedRows)
  }
}
