/**
 * Hook token: what a provider signs in place of the report. Whoever has seen it could put any report beside it, so it proves the
 * first one that it came with, and that one again. Kept in the database: for all processes, and over a restart.
 */

import type { Query } from '../../db/db.js'

export interface HookToken {
  readonly token: string
  /** SHA-256 of the event, hex. */
  readonly event: string
  /** From then on its signature is too old anyway, and it is forgotten. */
  readonly validMs: number
  readonly now: number
}

/** False: it has come with another event. */
export async function takeHookToken(
  query: Query,
  { token, event, validMs, now }: HookToken,
): Promise<boolean> {
  await query
    .deleteFrom('hook_token')
    .where('at', '<', now - validMs)
    .execute()
  await query
    .insertInto('hook_token')
    .values({ token, event, at: now })
    .onConflict((conflict) => conflict.column('token').doNothing())
    .execute()
  const kept = await query
    .selectFrom('hook_token')
    .select('event')
    .where('token', '=', token)
    .executeTakeFirst()
  return kept?.event === event
}
