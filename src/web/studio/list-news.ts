/** Tells pages that the list of issues may be another, once for many files that change together. */

import type { Live } from './drafts.js'
import type { Change } from './watch.js'

/** Nobody reads a list while it is still changing. */
const CALM_MS = 200

export interface ListNews {
  change(change: Change): void
  close(): void
}

export function openListNews(live: Live): ListNews {
  let timer: NodeJS.Timeout | undefined
  return {
    change({ files }) {
      // Titles and dates stand in the issues, what they have in common in newsletter.yaml.
      if (![...files].some((file) => /^issues\/[^/]+\.(?:md|yaml)$/.test(file))) return
      clearTimeout(timer)
      timer = setTimeout(() => live.emit('issues', {}), CALM_MS)
    },
    close: () => clearTimeout(timer),
  }
}
