/** How far each issue is: what the newest Send of it says, and to which Lists it goes. */

import type { IssueSend } from '../../send/issue-sends.js'
import type { IssueSendView } from './api.js'

/** By slug; the newest Send first. An issue that is not there was never sent. */
export function sendsBySlug(sends: readonly IssueSend[]): ReadonlyMap<string, readonly IssueSendView[]> {
  const bySlug = new Map<string, IssueSendView[]>()
  for (const send of [...sends].sort((one, other) => other.id - one.id)) {
    const { id, slug, list, state, reason } = send
    const known = bySlug.get(slug) ?? []
    bySlug.set(slug, [...known, { id, list, reason, state, at: timeOf(send) }])
  }
  return bySlug
}

/** When it came, or will come, to its state. */
function timeOf({ state, createdAt, scheduledAt, startedAt, finishedAt }: IssueSend): number {
  if (state === 'scheduled') return scheduledAt ?? createdAt
  return finishedAt ?? startedAt ?? createdAt
}
