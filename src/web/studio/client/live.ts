/** What the server tells by itself. The browser reconnects; what was missed meanwhile is asked for again. */

import type { LiveEvents } from '../api.js'

export interface Live {
  on<K extends keyof LiveEvents>(name: K, listener: (told: LiveEvents[K]) => void): void
  /** After a connection that was lost is there again. */
  onReturn(listener: () => void): void
}

export function openLive(): Live {
  const source = new EventSource('/api/live')
  let wasLost = false
  const returns: (() => void)[] = []
  source.addEventListener('error', () => {
    wasLost = true
  })
  source.addEventListener('open', () => {
    if (wasLost) for (const listener of returns) listener()
    wasLost = false
  })
  return {
    on: (name, listener) =>
      // The server writes what `LiveEvents` says.
      source.addEventListener(name, (event) => listener(JSON.parse((event as MessageEvent<string>).data))),
    onReturn: (listener) => void returns.push(listener),
  }
}
