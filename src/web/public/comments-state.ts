/** Whether an Issue takes comments now. */

import type { Publication } from '../../issue/publication.js'
import type { PublishedIssue } from '../../send/published.js'
import type { SentIssue } from '../sent-issues.js'

/** `closed`: no new ones; those that are shown stay. `private`: it went to private Lists alone, and has none. */
export type CommentsState = 'open' | 'closed' | 'off' | 'private'

const DAY_MS = 86_400_000

/** What its newest version says; a publication that wants none has none anywhere, at once. */
export function commentsState(
  { published, issue }: { readonly published: PublishedIssue; readonly issue: SentIssue },
  { publication, now }: { readonly publication: Publication | null; readonly now: number },
): CommentsState {
  if (publication?.comments === 'off' || issue.comments === 'off') return 'off'
  if (!published.isPublic) return 'private'
  if (issue.comments === 'on') return 'open'
  return now < published.publishedAt + issue.comments * DAY_MS ? 'open' : 'closed'
}
