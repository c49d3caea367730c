/** All issues as the server last told them, for whoever lists them; asked again whenever they are others. */

import type { IssueLine } from '../api.js'
import { ask } from './ask.js'
import type { Live } from './live.js'

export interface IssuesFeed {
  /** Null before the first answer. */
  get(): readonly IssueLine[] | null
  on(listener: (issues: readonly IssueLine[]) => void): void
  askAnew(): Promise<void>
}

/** What a Send under way comes to is told by nobody: it is looked at now and then, while the page is. */
const UNDER_WAY_MS = 3_000
const UNDER_WAY: ReadonlySet<IssueLine['state']> = new Set(['scheduled', 'waiting', 'preparing', 'sending'])

export function openIssuesFeed(live: Live): IssuesFeed {
  const listeners: ((issues: readonly IssueLine[]) => void)[] = []
  let issues: readonly IssueLine[] | null = null
  let asking: Promise<void> | null = null
  let isStale = false

  /** One question at a time; what came up meanwhile is one more. */
  function askAnew(): Promise<void> {
    isStale = true
    asking ??= askUntilFresh().finally(() => {
      asking = null
    })
    return asking
  }

  async function askUntilFresh(): Promise<void> {
    while (isStale) {
      isStale = false
      const told = await ask<readonly IssueLine[]>('/api/issues').catch(() => null)
      // While the studio is gone the list stays; it is asked again once it is back.
      if (told === null) return
      issues = told
      for (const listener of listeners) listener(told)
    }
  }

  live.on('issues', () => void askAnew())
  live.onOpen(() => void askAnew())
  setInterval(() => {
    const isMoving = issues?.some(({ state }) => UNDER_WAY.has(state)) ?? false
    if (isMoving && document.visibilityState === 'visible') void askAnew()
  }, UNDER_WAY_MS)

  return { get: () => issues, on: (listener) => void listeners.push(listener), askAnew }
}
