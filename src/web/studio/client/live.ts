/**
 * What the server tells by itself. It tells of the issue that is looked at, so another place is another connection; what
 * was missed in between, or while the studio was gone, is asked for again by whoever listens to `onOpen`.
 *
 * A browser has six connections for all its tabs, and this takes one: a tab that nobody sees gives its own up as soon as
 * another one is opened or shown, and has it again when it is looked at.
 */

import type { LiveEvents } from '../api.js'

export interface Live {
  on<K extends keyof LiveEvents>(name: K, listener: (told: LiveEvents[K]) => void): void
  /** After a connection that was lost is there again. */
  onReturn(listener: () => void): void
  /** Whenever a connection is there: from now on nothing is missed. */
  onOpen(listener: () => void): void
  onLost(listener: () => void): void
  /** Which issue is looked at; null: none. */
  watch(slug: string | null): void
}

/** A browser gives up where the answer is no stream of events. */
const RETRY_MS = 1_000

export function openLive(): Live {
  const listeners: (readonly [name: string, listen: (event: Event) => void])[] = []
  const opens: (() => void)[] = []
  const returns: (() => void)[] = []
  const losses: (() => void)[] = []
  let source: EventSource | null = null
  let watched: string | null = null
  let isLost = false
  let isResting = false
  const tabs = new BroadcastChannel('pressrun-studio')

  function connect(): void {
    source?.close()
    const opened = new EventSource(
      watched === null ? '/api/live' : `/api/live?slug=${encodeURIComponent(watched)}`,
    )
    source = opened
    for (const [name, listen] of listeners) opened.addEventListener(name, listen)
    opened.addEventListener('open', () => {
      if (isLost) for (const listener of returns) listener()
      isLost = false
      for (const listener of opens) listener()
    })
    opened.addEventListener('error', () => {
      isLost = true
      for (const listener of losses) listener()
      if (opened.readyState === EventSource.CLOSED)
        setTimeout(() => {
          if (source === opened) connect()
        }, RETRY_MS)
    })
  }

  tabs.addEventListener('message', () => {
    if (!document.hidden) return
    isResting = true
    source?.close()
    source = null
  })
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return
    tabs.postMessage('shown')
    if (!isResting) return
    isResting = false
    // What was told meanwhile is asked for.
    isLost = true
    connect()
  })
  tabs.postMessage('opened')

  return {
    on(name, listener) {
      // The server writes what `LiveEvents` says.
      const listen = (event: Event) => listener(JSON.parse((event as MessageEvent<string>).data))
      listeners.push([name, listen])
      source?.addEventListener(name, listen)
    },
    onReturn: (listener) => void returns.push(listener),
    onOpen: (listener) => void opens.push(listener),
    onLost: (listener) => void losses.push(listener),
    watch(slug) {
      if (source !== null && slug === watched) return
      watched = slug
      if (!isResting) connect()
    },
  }
}
