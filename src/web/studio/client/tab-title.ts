/** What stands on the browser's tab: what is to be mended, before the name, since tabs are short. */

import type { DraftView } from '../api.js'
import { countWords } from './found.js'
import type { State } from './state.js'
import type { StudioPage } from './studio-page.js'

export function openTabTitle({ store, draft }: Pick<StudioPage, 'store' | 'draft'>): void {
  let known = { slug: '', counts: '' }

  function show(): void {
    const shown = draft.get()
    // While it is checked anew the tab says what was found before.
    if (shown?.slug !== known.slug || shown.findings !== null || shown.problems.length > 0) {
      known = { slug: shown?.slug ?? '', counts: shown === null ? '' : countsOf(shown) }
    }
    document.title = titleOf(store.get(), shown, known.counts)
  }

  store.on(show)
  draft.on(show)
  show()
}

function countsOf({ problems, findings }: DraftView): string {
  return problems.length > 0 ? 'broken' : countWords(findings ?? [])
}

function titleOf({ place }: State, draft: DraftView | null, counts: string): string {
  if (place.kind === 'inbox') return 'Inbox · Pressrun'
  if (place.kind === 'issues') return 'Issues · Pressrun'
  const title = `${draft?.facts?.title ?? place.slug} · Pressrun`
  return counts === '' ? title : `${counts} · ${title}`
}
