/** What a Condition is asked in, beside the people. */

import type { RawBuilder } from 'kysely'
import type { Query } from '../../db/db.js'
import type { Condition } from './condition.js'
import type { RecentSends } from './deeds.js'

export interface Moment {
  /** What the filter takes for now. */
  readonly asOf: number
  /** IANA name of the time zone whose days it means. */
  readonly zone: string
}

export interface SelectContext extends Moment {
  readonly query: Query
  readonly recent: RecentSends
}

/** SQL that is true or false of each person, and never null. */
export type Truth = RawBuilder<boolean>

export type Of<K extends Condition['kind']> = Extract<Condition, { readonly kind: K }>

export const DAY_MS = 86_400_000
