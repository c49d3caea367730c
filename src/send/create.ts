/** Creates a Send. The unique index on Issue, List and copy lets one of two at once win. */

import { type Segment, writeSegment } from '../audience/segment/segment.js'
import type { Compilation } from '../compile/compiled.js'
import type { Query } from '../db/db.js'
import type { SendState } from '../db/schema.js'
import { transact } from '../db/transact.js'
import type { ScheduledTime } from './scheduled-time.js'

export interface PinnedIssue {
  readonly compilation: Compilation
  /** CompiledIssue as the canonical JSON that its hash is over. */
  readonly content: string
}

export interface NewSend extends PinnedIssue {
  readonly listId: number
  /** Who of the List; not given: all of it. */
  readonly segment?: Segment | null
  /** IANA name of the time zone whose days and months count; not given: UTC. */
  readonly calendar?: string
  readonly now: number
  /** When it shall begin, by itself up to `lateMs` late. Not given: now. */
  readonly schedule?: ScheduledTime & { readonly lateMs: number }
  /** What becomes of those whose reply nobody knows; not given: hold. */
  readonly uncertainPolicy?: 'hold' | 'resend'
}

/** What this Issue to this List already is. */
export interface StandingSend {
  readonly kind: 'exists'
  readonly sendId: number
  readonly state: SendState
  readonly reason: string | null
  readonly hash: string
}

export type CreatedSend = { readonly kind: 'created'; readonly sendId: number } | StandingSend

/** Stores the CompiledIssue and its images whole, and the Send in `preparing`, or `scheduled` with a schedule. */
export async function createSend(query: Query, send: NewSend): Promise<CreatedSend> {
  const { compilation, listId, segment = null, calendar = 'UTC', now, schedule } = send
  const { uncertainPolicy = 'hold' } = send
  // Another may create it at this moment; run again, we see theirs.
  return transact(query, 'create', (trx) => create(trx), { onConflict: 'again' })

  async function create(trx: Query): Promise<CreatedSend> {
    const issueId = await saveIssue(trx, compilation.compiled.slug, now)
    const earlier = await sendsOf(trx, { issueId, listId })
    const standing = standingOf(earlier)
    if (standing) return standing
    await savePinned(trx, send, now)
    const [last] = earlier
    const { id } = await trx
      .insertInto('send')
      .values({
        issue_id: issueId,
        compiled_hash: compilation.hash,
        list_id: listId,
        segment: segment === null ? null : writeSegment(segment),
        topics: writeTopics(compilation.compiled.topics),
        calendar,
        copy: (last?.copy ?? -1) + 1,
        label: last ? `anew: Send ${last.id} was cancelled before anyone was placed` : null,
        state: schedule ? 'scheduled' : 'preparing',
        uncertain_policy: uncertainPolicy,
        created_at: now,
        scheduled_at: schedule?.at ?? null,
        zone: schedule?.zone ?? null,
        late_ms: schedule?.lateMs ?? null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { kind: 'created', sendId: id }
  }
}

/** As a Send keeps them. */
export function writeTopics(topics: readonly string[] = []): string | null {
  return topics.length === 0 ? null : JSON.stringify(topics)
}

/** The Send that an Issue to a List already is; null: `createSend` would make one. */
export async function findStanding(
  query: Query,
  { slug, listId }: { readonly slug: string; readonly listId: number },
): Promise<StandingSend | null> {
  const issue = await query.selectFrom('issue').select('id').where('slug', '=', slug).executeTakeFirst()
  return issue ? standingOf(await sendsOf(query, { issueId: issue.id, listId })) : null
}

/** One that was cancelled before anyone was placed stands in nobody's way. */
function standingOf(earlier: Awaited<ReturnType<typeof sendsOf>>): StandingSend | null {
  const standing = earlier.find(({ state, freeze_cursor }) => state !== 'cancelled' || freeze_cursor > 0)
  if (standing === undefined) return null
  const { id, state, reason, compiled_hash } = standing
  return { kind: 'exists', sendId: id, state, reason, hash: compiled_hash }
}

/** The Sends of an Issue to a List, newest copy first. */
export async function sendsOf(
  query: Query,
  { issueId, listId }: { readonly issueId: number; readonly listId: number },
) {
  return query
    .selectFrom('send')
    .select(['id', 'copy', 'state', 'reason', 'compiled_hash', 'freeze_cursor'])
    .where('issue_id', '=', issueId)
    .where('list_id', '=', listId)
    .orderBy('copy', 'desc')
    .execute()
}

/** Everything the Send's bytes come from, under its hash (invariant 8). */
export async function savePinned(
  trx: Query,
  { compilation, content }: PinnedIssue,
  now: number,
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
