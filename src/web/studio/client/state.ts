/** What the studio's page shows, in one value, which stands in the address: what is on screen can be bookmarked and reloaded. */

import type { Mode, Values } from '../api.js'

export const VIEWS = ['mail', 'text', 'web', 'source'] as const
export type View = (typeof VIEWS)[number]

export type Place =
  | { readonly kind: 'issues' }
  | { readonly kind: 'issue'; readonly slug: string }
  /** `FOLDER/NUMBER`; null: none is open. */
  | { readonly kind: 'inbox'; readonly message: string | null }

export interface State {
  readonly place: Place
  readonly view: View
  /** CSS pixels of the picture; null: as wide as there is room. */
  readonly width: number | null
  readonly mode: Mode
  /** Who is looked at, side by side; at least one. */
  readonly readers: readonly Reader[]
  /** Whether the places are marked that a reader's values fill: `holes=1` of a frame. */
  readonly holes: boolean
  /** What the picture is compared with, as `/api/drafts/SLUG/versions` names it; null: with nothing. */
  readonly compareWith: string | null
  readonly compareAs: CompareAs
  /** Whose copies are compared: a label among `readers`; the first of them where it is not there. */
  readonly compareFor: string | null
}

/** How two pictures stand: `over` one another, with a divider. */
export type CompareAs = 'beside' | 'over' | 'difference'

export interface Reader {
  readonly label: string
  readonly values: Values
}

export const NOBODY: Reader = { label: 'Nothing known', values: {} }

export const FIRST: State = {
  place: { kind: 'issues' },
  view: 'mail',
  width: null,
  mode: { light: 'light', images: 'on', engine: 'usual' },
  readers: [NOBODY],
  holes: false,
  compareWith: null,
  compareAs: 'beside',
  compareFor: null,
}

export function comparedReader({ readers, compareFor }: State): Reader {
  return readers.find(({ label }) => label === compareFor) ?? readers[0] ?? NOBODY
}

export interface Store {
  get(): State
  /** Tells everyone who listens, and the address. */
  set(change: Partial<State>): void
  on(listener: (state: State, before: State) => void): void
}
