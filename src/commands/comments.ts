/** `pressrun comments`: what readers have written under issues, for the editor who decides. */

import { escapeLines, escapeText } from '../compile/escape.js'
import { wrapText } from '../compile/wrap.js'
import type { Query } from '../db/db.js'
import { InputError } from '../errors.js'
import { alignColumns } from '../report/columns.js'
import { countLinks } from '../track/comment-text.js'
import { maskAddress } from '../track/mask.js'
import { type ConfirmedState, listComments, type ModeratedComment } from '../track/moderate.js'

/** As many as a person reads at a time. */
const MAX_LISTED = 100
const INDENT = '  '

export interface CommentsRequest {
  /** Null: whatever was decided, or not yet. */
  readonly state: ConfirmedState | null
  /** Slug; null: all. */
  readonly issue: string | null
  readonly addresses: 'masked' | 'whole'
}

export interface CommentLine {
  readonly id: number
  readonly issue: string
  readonly state: ModeratedComment['state']
  readonly name: string
  readonly address: string | null
  readonly text: string
  readonly links: number
  readonly at: string
  readonly decidedAt: string | null
  readonly decidedBy: string | null
}

export interface CommentsAnswer {
  readonly comments: readonly CommentLine[]
  /** There are more than are listed. */
  readonly more: boolean
}

/** Throws InputError for an Issue that nobody knows. */
export async function commentsCommand(
  { state, issue, addresses }: CommentsRequest,
  { query }: { readonly query: Query },
): Promise<CommentsAnswer> {
  if (issue !== null) await requireIssue(query, issue)
  const found = await listComments(query, { state, issue, limit: MAX_LISTED + 1 })
  const show = addresses === 'whole' ? (address: string) => address : maskAddress
  return {
    comments: found.slice(0, MAX_LISTED).map(({ address, at, decidedAt, ...comment }) => ({
      ...comment,
      address: address === null ? null : show(address),
      links: countLinks(comment.text),
      at: new Date(at).toISOString(),
      decidedAt: decidedAt === null ? null : new Date(decidedAt).toISOString(),
    })),
    more: found.length > MAX_LISTED,
  }
}

/** What a stranger wrote goes to a terminal: nothing in it may steer one. */
export function printComments({ comments, more }: CommentsAnswer, { state, issue }: CommentsRequest): string {
  const [first] = comments
  if (first === undefined) {
    const what = state === null ? 'no comments' : `no comments that are ${state}`
    return `there are ${what}${issue === null ? '' : ` under ${issue}`}\n`
  }
  const rest = more ? `the first ${MAX_LISTED}; decide about these to see the others\n` : ''
  const next =
    state === 'held'
      ? `pressrun comments show ${first.id} shows one to everybody, comments hide ${first.id} to nobody\n`
      : ''
  return `${comments.map(printComment).join('\n')}\n${rest}${next}`
}

function printComment({
  id,
  issue,
  state,
  name,
  address,
  text,
  links,
  at,
  decidedAt,
  decidedBy,
}: CommentLine): string {
  const decided = decidedAt === null ? '' : ` by ${decidedBy}, ${writeTime(decidedAt)}`
  const [head = ''] = alignColumns([[`#${id}`, `${state}${decided}`, issue, writeTime(at)]])
  const who = `${escapeText(name)} (${escapeText(address ?? 'erased')})`
  const linked = links === 0 ? '' : `, ${links === 1 ? '1 link' : `${links} links`}`
  const lines = escapeLines(text)
    .split('\n')
    .flatMap((line) => wrapText(line).split('\n'))
  return `${head}\n${INDENT}${who}${linked}\n\n${lines.map((line) => (line === '' ? '' : INDENT + line)).join('\n')}\n`
}

async function requireIssue(query: Query, slug: string): Promise<void> {
  const row = await query.selectFrom('issue').select('id').where('slug', '=', slug).executeTakeFirst()
  if (row === undefined)
    throw new InputError(`--issue: no issue "${slug}" was sent; pressrun sends lists those that were`)
}

function writeTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}
