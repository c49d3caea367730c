/** UTM: the parameters by which the sites that an issue links to can tell that a reader came from it. */

/** In the order in which they are added. */
export const UTM_KEYS = ['source', 'medium', 'campaign', 'content'] as const
export type UtmKey = (typeof UTM_KEYS)[number]

/** What may stand in a value, in braces. */
export const UTM_PLACES = ['issue', 'number', 'section'] as const
export type UtmPlace = (typeof UTM_PLACES)[number]

export interface Utm {
  /** At least one; places still open. */
  readonly values: Readonly<Partial<Record<UtmKey, string>>>
  /** Domains whose links alone get them, those below them too, in ASCII; empty: all. */
  readonly only: readonly string[]
}

export const UTM_PLACE = /\{([^{}]*)\}/g
