/** Sight: what a worker sees of its lanes and relays, as it stands in its row of the database for `status`. */

export interface LaneSight {
  /** Messages on the wire. */
  readonly underWay: number
  /** Messages begun, over the last few seconds. */
  readonly perSecond: number
}

export interface RelaySight {
  /** Messages given to it today, by all workers as far as they are counted. */
  readonly today: number
  /** Of today; null: no limit. */
  readonly limit: number | null
}

export interface Sight {
  readonly lanes: Readonly<Record<string, LaneSight>>
  /** Those with a limit by the day. */
  readonly relays: Readonly<Record<string, RelaySight>>
}

/** Written by a worker that sees nothing. */
export const IDLE = JSON.stringify({ lanes: {}, relays: {} } satisfies Sight)
