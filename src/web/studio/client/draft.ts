/** The draft at the place: asked for when the place changes, told by the server from then on. */

import type { DraftView } from '../api.js'
import { ask, Refused } from './ask.js'
import type { Live } from './live.js'
import type { Store } from './state.js'
import type { StudioPage } from './studio-page.js'

export function openDraft(store: Store, live: Live): StudioPage['draft'] {
  const listeners: ((draft: DraftView | null) => void)[] = []
  let draft: DraftView | null = null
  let told = ''

  function become(next: DraftView | null): void {
    const text = JSON.stringify(next)
    if (text === told) return
    told = text
    draft = next
    for (const listener of listeners) listener(draft)
  }

  function slugNow(): string | null {
    const { place } = store.get()
    return place.kind === 'issue' ? place.slug : null
  }

  async function askAnew(): Promise<void> {
    const slug = slugNow()
    if (slug === null) return become(null)
    const answered = await askDraft(slug)
    if (slugNow() === slug && answered !== null) become(answered)
  }

  store.on(() => {
    if (draft !== null && draft.slug !== slugNow()) become(null)
    live.watch(slugNow())
  })
  live.onOpen(() => void askAnew())
  for (const name of ['draft', 'findings'] as const)
    live.on(name, (event) => {
      if (event.draft.slug === slugNow()) become(event.draft)
    })

  return { get: () => draft, on: (listener) => void listeners.push(listener) }
}

/** It cannot be drawn, and never was: there is nothing to look at, to compare or to send. */
export function isUnseen(draft: DraftView | null): boolean {
  return draft !== null && draft.version === 0 && draft.problems.length > 0
}

/** Null while the studio is gone. One that cannot be opened is a draft with a problem. */
async function askDraft(slug: string): Promise<DraftView | null> {
  try {
    return await ask<DraftView>(`/api/drafts/${encodeURIComponent(slug)}`)
  } catch (error) {
    if (!(error instanceof Refused)) return null
    return {
      slug,
      file: `issues/${slug}.md`,
      version: 0,
      problems: error.problems,
      findings: null,
      facts: null,
    }
  }
}
