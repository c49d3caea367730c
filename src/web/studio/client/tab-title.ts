/** What stands on the browser's tab. */

import type { DraftView } from '../api.js'
import type { State } from './state.js'

export function tabTitle({ place }: State, draft: DraftView | null): string {
  if (place.kind === 'inbox') return 'Inbox · Pressrun'
  if (place.kind === 'issues') return 'Issues · Pressrun'
  return `${draft?.facts?.title ?? place.slug} · Pressrun`
}
