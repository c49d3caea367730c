/** Send: one CompiledIssue to one List, once. What creates, finds and moves it. */

import type { Compilation, CompiledIssue } from '../compile/compiled.js'
import type { Query } from '../db/db.js'
import type { SendState } from '../db/schema.js'
import { transact } from '../db/transact.js'
import { InputError } from '../errors.js'

export interface NewSend {
  readonly compilation: Compilation
  /** CompiledIssue as the canonical JSON that its hash is over. */
  readonly content: string
  readonly listId: number
  readonly now: number
}

/** `created`, or the Send that this Issue to this List already is. */
export type CreatedSend =
  | { readonly kind: 'created'; readonly sendId: number }
  | { readonly kind: 'exists'; readonly sendId: number; readonly state: SendState; readonly hash: string }

/** Stores the CompiledIssue and its images whole, and the Send in `preparing`. The unique index lets one win. */
export async function createSend(
  query: Query,
  { compilation, content, listId, now }: NewSend,
): Promise<CreatedSend> {
  const { slug } = compilation.compiled
  return transact(query, 'create', async (trx) => {
    const issueId = await saveIssue(trx, slug, now)
    const before = await sameSend(trx, issueId, listId)
    if (before) return before
    await saveCompilation(trx, { compilation, content, now })
    const created = await trx
      .insertInto('send')
      .values({
        issue_id: issueId,
        compiled_hash: compilation.hash,
        list_id: listId,
        segment: null,
        state: 'preparing',
        created_at: now,
      })
      .onConflict((conflict) => conflict.columns(['issue_id', 'list_id', 'copy']).doNothing())
      .returning('id')
      .executeTakeFirst()
    const answer = created
      ? ({ kind: 'created', sendId: created.id } as const)
      : await sameSend(trx, issueId, listId)
    if (answer === null) throw new Error(`no Send of ${slug} after the insert`)
    return answer
  })
}

async function sameSend(trx: Query, issueId: number, listId: number): Promise<CreatedSend | null> {
  const row = await trx
    .selectFrom('send')
    .select(['id', 'state', 'compiled_hash'])
    .where('issue_id', '=', issueId)
    .where('list_id', '=', listId)
    .where('copy', '=', 0)
    .executeTakeFirst()
  return row ? { kind: 'exists', sendId: row.id, state: row.state, hash: row.compiled_hash } : null
}

async function saveCompilation(
  trx: Query,
  { compilation, content, now }: Pick<NewSend, 'compilation' | 'content' | 'now'>,
): Promise<void> {
  const { compiled, hash, imageBytes } = compilation
  await trx
    .insertInto('compiled_issue')
    .values({ hash, slug: compiled.slug, content, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  for (const { sha256, ext } of compiled.images) {
    const bytes = imageBytes.get(sha256)
    if (bytes === undefined) throw new Error(`image ${sha256} has no bytes`)
    await trx
      .insertInto('image')
      .values({ sha256, ext, bytes })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

async function saveIssue(trx: Query, slug: string, now: number): Promise<number> {
  await trx
    .insertInto('issue')
    .values({ slug, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { id } = await trx.selectFrom('issue').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()
  return id
}

export interface SendFacts {
  readonly id: number
  readonly issueId: number
  readonly slug: string
  readonly hash: string
  readonly list: { readonly id: number; readonly name: string; readonly title: string }
  readonly copy: number
  readonly state: SendState
  readonly reason: string | null
  readonly createdAt: number
  readonly startedAt: number | null
  readonly freezeCursor: number
  readonly audience: number | null
  readonly setDigest: string | null
}

/** Throws InputError when there is no such Send. */
export async function findSend(query: Query, sendId: number): Promise<SendFacts> {
  const row = await query
    .selectFrom('send')
    .innerJoin('issue', 'issue.id', 'send.issue_id')
    .innerJoin('list', 'list.id', 'send.list_id')
    .select([
      'send.id',
      'send.issue_id',
      'issue.slug',
      'send.compiled_hash',
      'send.list_id',
      'list.name',
      'list.title',
      'send.copy',
      'send.state',
      'send.reason',
      'send.created_at',
      'send.started_at',
      'send.freeze_cursor',
      'send.audience',
      'send.set_digest',
    ])
    .where('send.id', '=', sendId)
    .executeTakeFirst()
  if (!row) throw new InputError(`there is no Send ${sendId}; pressrun sends lists them`)
  return {
    id: row.id,
    issueId: row.issue_id,
    slug: row.slug,
    hash: row.compiled_hash,
    list: { id: row.list_id, name: row.name, title: row.title },
    copy: row.copy,
    state: row.state,
    reason: row.reason,
    createdAt: row.created_at,
    startedAt: row.started_at,
    freezeCursor: row.freeze_cursor,
    audience: row.audience,
    setDigest: row.set_digest,
  }
}

/** The CompiledIssue a Send has pinned. */
export async function readCompiled(query: Query, hash: string): Promise<CompiledIssue> {
  const { content } = await query
    .selectFrom('compiled_issue')
    .select('content')
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow()
  // Written by createSend from a CompiledIssue.
  return JSON.parse(content) as CompiledIssue
}

/** Moves a Send, if it still is in `from`; false: another did it. */
export async function moveSend(
  query: Query,
  sendId: number,
  {
    from,
    to,
    reason = null,
  }: { readonly from: SendState; readonly to: SendState; readonly reason?: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await query
    .updateTable('send')
    .set({ state: to, reason })
    .where('id', '=', sendId)
    .where('state', '=', from)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Ids of Sends in a state, oldest first. */
export async function sendsIn(query: Query, state: SendState): Promise<readonly number[]> {
  const rows = await query.selectFrom('send').select('id').where('state', '=', state).orderBy('id').execute()
  return rows.map(({ id }) => id)
}

/** Says, or with null no longer says, why the Sends under way do not get on. Their state is not touched. */
export async function explainSends(query: Query, reason: string | null): Promise<void> {
  await query
    .updateTable('send')
    .set({ reason })
    .where('state', '=', 'sending')
    .where((send) =>
      reason === null
        ? send('reason', 'is not', null)
        : send.or([send('reason', 'is', null), send('reason', '!=', reason)]),
    )
    .execute()
}

/** A true reply that came after the finish says that someone is to be tried again: the Send goes on. */
export async function reopenSends(query: Query, sendIds: readonly number[]): Promise<void> {
  if (sendIds.length === 0) return
  await query
    .updateTable('send')
    .set({ state: 'sending', finished_at: null })
    .where('id', 'in', sendIds)
    .where('state', '=', 'finished')
    .execute()
}
