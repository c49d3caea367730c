/**
 * One stream of events for all pages of a browser that are visible: it opens six connections to a host (HTTP/1.1), and a
 * stream keeps one for good. The page that holds a lock has the stream and tells the others; when it is closed or hidden,
 * the lock goes to the next. What each page shows is a lock too, so that none is left behind by a page that is gone.
 */

import type { LiveEvents } from '../api.js'

/** `open`: from now on nothing is missed. */
export type Heard =
  | { readonly kind: 'open' | 'lost' }
  | { readonly kind: 'told'; readonly name: keyof LiveEvents; readonly data: string }
/** A page has come, or shows another issue. */
type Said = Heard | { readonly kind: 'come' }

const NAMES = ['draft', 'findings', 'issues', 'inbox'] as const satisfies readonly (keyof LiveEvents)[]
const STREAM = 'studio stream'
const SHOWN = 'studio shows '
/** A browser gives up where the answer is no stream of events. */
const RETRY_MS = 1_000

export interface SharedStream {
  /** From now on; null: no issue. */
  join(slug: string | null): void
  /** Hears nothing any more, and keeps no connection. */
  leave(): void
}

export function openSharedStream(hear: (heard: Heard) => void): SharedStream {
  const channel = new BroadcastChannel(STREAM)
  let source: EventSource | null = null
  let url = ''
  let isLeading = false
  let isJoined = false
  let state: 'opening' | 'open' | 'lost' = 'opening'
  let stopShowing = () => {}
  let stopLeading = () => {}

  function join(slug: string | null): void {
    stopShowing()
    stopShowing = slug === null ? () => {} : hold(`${SHOWN}${slug}`, 'shared', come)
    if (!isJoined) stopLeading = hold(STREAM, 'exclusive', lead, resign)
    isJoined = true
    if (slug === null) come()
  }

  function leave(): void {
    isJoined = false
    stopShowing()
    stopLeading()
  }

  function come(): void {
    if (isLeading) void follow()
    else channel.postMessage({ kind: 'come' } satisfies Said)
  }

  function lead(): void {
    isLeading = true
    void follow()
  }

  function resign(): void {
    isLeading = false
    source?.close()
    source = null
    url = ''
  }

  /** The stream is of what all pages show. */
  async function follow(): Promise<void> {
    const { held = [] } = await navigator.locks.query()
    if (!isLeading) return
    const names = new Set(held.map(({ name = '' }) => name).filter((name) => name.startsWith(SHOWN)))
    const slugs = [...names].sort().map((name) => ['slug', name.slice(SHOWN.length)])
    const wanted = `/api/live?${new URLSearchParams(slugs)}`
    if (wanted !== url) connect(wanted)
    else if (state !== 'opening') tell({ kind: state })
  }

  function connect(to: string): void {
    source?.close()
    url = to
    state = 'opening'
    const opened = new EventSource(to)
    source = opened
    for (const name of NAMES)
      opened.addEventListener(name, ({ data }: MessageEvent<string>) => tell({ kind: 'told', name, data }))
    opened.addEventListener('open', () => turn('open'))
    opened.addEventListener('error', () => {
      turn('lost')
      if (opened.readyState === EventSource.CLOSED)
        setTimeout(() => {
          if (source === opened) connect(to)
        }, RETRY_MS)
    })
  }

  function turn(next: 'open' | 'lost'): void {
    state = next
    tell({ kind: next })
  }

  function tell(heard: Heard): void {
    channel.postMessage(heard)
    hear(heard)
  }

  channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.kind !== 'come') {
      if (isJoined) hear(data)
    } else if (isLeading) void follow()
  })

  return { join, leave }
}

/** Until what is returned is called, be it held by then or not. */
function hold(name: string, mode: LockMode, onHeld: () => void, onEnd = () => {}): () => void {
  const ending = new AbortController()
  const { signal } = ending
  const held = () =>
    new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        onEnd()
        resolve()
      })
      onHeld()
    })
  // It was given up while it waited.
  navigator.locks.request(name, { mode, signal }, held).catch(() => {})
  return () => ending.abort()
}
