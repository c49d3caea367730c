/**
 * What the server tells by itself. It tells of the issues that are looked at; what was missed in between, while the studio
 * was gone or the page hidden, is asked for again by whoever listens to `onOpen`.
 */

import type { LiveEvents } from '../api.js'
import { openSharedStream } from './shared-stream.js'

export interface Live {
  on<K extends keyof LiveEvents>(name: K, listener: (told: LiveEvents[K]) => void): void
  /** After a connection that was lost is there again, or the page was hidden. */
  onReturn(listener: () => void): void
  /** Whenever a connection is there: from now on nothing is missed. */
  onOpen(listener: () => void): void
  onLost(listener: () => void): void
  /** Which issue is looked at; null: none. */
  watch(slug: string | null): void
}

export function openLive(): Live {
  const listeners: (readonly [name: keyof LiveEvents, listen: (data: string) => void])[] = []
  const opens: (() => void)[] = []
  const returns: (() => void)[] = []
  const losses: (() => void)[] = []
  let watched: string | null | undefined
  let isAway = false
  const stream = openSharedStream((heard) => {
    if (heard.kind === 'told') {
      for (const [name, listen] of listeners) if (name === heard.name) listen(heard.data)
    } else if (heard.kind === 'open') {
      if (isAway) for (const listener of returns) listener()
      isAway = false
      for (const listener of opens) listener()
    } else {
      isAway = true
      for (const listener of losses) listener()
    }
  })

  document.addEventListener('visibilitychange', () => {
    if (watched === undefined) return
    if (isVisible()) return stream.join(watched)
    isAway = true
    stream.leave()
  })

  return {
    on(name, listener) {
      // The server writes what `LiveEvents` says.
      listeners.push([name, (data) => listener(JSON.parse(data))])
    },
    onReturn: (listener) => void returns.push(listener),
    onOpen: (listener) => void opens.push(listener),
    onLost: (listener) => void losses.push(listener),
    watch(slug) {
      if (slug === watched) return
      watched = slug
      if (isVisible()) stream.join(slug)
    },
  }
}

function isVisible(): boolean {
  return !document.hidden
}
