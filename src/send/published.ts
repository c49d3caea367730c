/**
 * Which Issues are out, and in which versions. A Send that has begun has published what it pinned; `pressrun correct`
 * publishes without a Send. An Issue that went to a public List shows nothing that only private Lists were sent.
 */

import type { Query } from '../db/db.js'
import type { SendState } from '../db/schema.js'
import { groupBy } from '../group.js'
import { fromSends } from './send.js'

export interface PublishedIssue {
  readonly id: number
  readonly slug: string
  /** False: it went to private Lists alone. */
  readonly isPublic: boolean
  /** When its first Send began, in ms. */
  readonly publishedAt: number
  /** Oldest first, never empty; one that says the same bytes again is none of its own. */
  readonly versions: readonly PublishedVersion[]
}

export interface PublishedVersion {
  /** Of its CompiledIssue. */
  readonly hash: string
  /** Since when it could be seen, in ms. */
  readonly since: number
  /** What was corrected, in the editor's words; null: nothing was said of it. */
  readonly note: string | null
}

/** One that was cancelled reached some people all the same, but publishes nothing by itself. */
const PUBLISHING: readonly SendState[] = ['sending', 'paused', 'finished']

/** All that are out, newest first. */
export async function readPublished(query: Query): Promise<readonly PublishedIssue[]> {
  const sends = await readSends(query)
  const corrections = await query
    .selectFrom('correction')
    .select(['issue_id', 'compiled_hash', 'note', 'at'])
    .orderBy('id')
    .execute()
  const correctionsOf = groupBy(corrections, issueOf)
  return [...groupBy(sends, issueOf)]
    .flatMap(([id, ofIssue]) => publish(ofIssue, correctionsOf.get(id) ?? []))
    .sort((one, other) => other.publishedAt - one.publishedAt || other.id - one.id)
}

/** Changes whenever `readPublished` would answer something else. */
export async function printPublished(query: Query): Promise<string> {
  const sends = await query
    .selectFrom('send')
    .innerJoin('list', 'list.id', 'send.list_id')
    .select(({ fn, eb }) => [
      fn.countAll<number>().as('count'),
      fn.max('send.id').as('last'),
      fn.max('send.started_at').as('started'),
      fn.sum(eb.case().when('send.state', '=', 'cancelled').then(1).else(0).end()).as('cancelled'),
      fn
        .sum(eb.case().when('list.visibility', '=', 'public').then(eb.ref('send.id')).else(0).end())
        .as('public'),
    ])
    .where('send.started_at', 'is not', null)
    .executeTakeFirstOrThrow()
  const corrections = await query
    .selectFrom('correction')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('id').as('last')])
    .executeTakeFirstOrThrow()
  return JSON.stringify([sends, corrections])
}

type SendRow = Awaited<ReturnType<typeof readSends>>[number]

interface CorrectionRow {
  readonly compiled_hash: string
  readonly note: string
  readonly at: number
}

/** Those that have not begun are there for the sake of repeats of them. */
function readSends(query: Query) {
  return fromSends(query)
    .select([
      'send.id',
      'send.issue_id',
      'issue.slug',
      'list.visibility',
      'send.compiled_hash',
      'send.of_send',
      'send.state',
      'send.created_at',
      'send.started_at',
    ])
    .orderBy('send.id')
    .execute()
}

function issueOf({ issue_id }: { readonly issue_id: number }): number {
  return issue_id
}

/** None when no Send of it has begun that still stands. */
function publish(
  sends: readonly SendRow[],
  corrections: readonly CorrectionRow[],
): readonly PublishedIssue[] {
  const begun = sends.filter((send): send is SendRow & { started_at: number } => send.started_at !== null)
  const standing = begun.filter(({ state }) => PUBLISHING.includes(state))
  const [first] = begun
  if (first === undefined || standing.length === 0) return []
  const isPublic = standing.some(({ visibility }) => visibility === 'public')
  const shown = isPublic ? begun.filter(({ visibility }) => visibility === 'public') : begun
  const byId = new Map(sends.map((send) => [send.id, send]))
  const editions = [
    ...shown.map((send) => ({
      hash: send.compiled_hash,
      writtenAt: writtenAt(send, byId),
      since: send.started_at,
      note: null,
    })),
    ...corrections.map(({ compiled_hash, note, at }) => ({
      hash: compiled_hash,
      writtenAt: at,
      since: at,
      note,
    })),
  ].sort((one, other) => one.writtenAt - other.writtenAt)
  return [
    {
      id: first.issue_id,
      slug: first.slug,
      isPublic,
      publishedAt: Math.min(...shown.map(({ started_at }) => started_at)),
      versions: joinEqual(editions),
    },
  ]
}

/** When its bytes were taken from the file. A repeat of the same bytes says nothing newer than the Send it repeats. */
function writtenAt(send: SendRow, byId: ReadonlyMap<number, SendRow>): number {
  const repeated = send.of_send === null ? undefined : byId.get(send.of_send)
  return repeated?.compiled_hash === send.compiled_hash ? writtenAt(repeated, byId) : send.created_at
}

function joinEqual(editions: readonly PublishedVersion[]): readonly PublishedVersion[] {
  const versions: PublishedVersion[] = []
  for (const { hash, since, note } of editions) {
    const last = versions.at(-1)
    if (last?.hash === hash)
      versions[versions.length - 1] = { hash, since: Math.min(last.since, since), note: note ?? last.note }
    else versions.push({ hash, since, note })
  }
  return versions
}
