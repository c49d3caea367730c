/** What each part of the page gets: what is shown, what the server tells, and ways to speak and to be reached by key. */

import type { DraftView } from '../api.js'
import type { Live } from './live.js'
import type { Store } from './state.js'

export interface StudioPage {
  readonly store: Store
  readonly live: Live
  /** The draft at the place, as the server last told it; null while none is open. */
  readonly draft: {
    get(): DraftView | null
    on(listener: (draft: DraftView | null) => void): void
  }
  /** Frames of the stage on screen, in the readers' order; told again whenever one was replaced, after its load. */
  onFrames(listener: (frames: readonly HTMLIFrameElement[]) => void): void
  /** A sentence at the foot, read out too. */
  say(sentence: string): void
  /** A shortcut: one key, and what it does as the help sheet says it. Not while typing in a field. */
  key(key: string, what: string, act: () => void): void
}

/** What stands at one kind of place: its list at the left, the thing itself at the centre. */
export interface PlaceView {
  readonly list: HTMLElement
  readonly centre: HTMLElement
}
