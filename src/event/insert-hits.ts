/**
 * What is written of Hits: a statement for many, one round trip, a commit of its own. The statements are fixed texts, one an
 * engine, since nothing else is written as often; the rows travel as one JSON text.
 */

import { CompiledQuery } from 'kysely'
import { type Engine, engineOf, type Query } from '../db/db.js'
import type { Row } from '../db/together.js'
import type { Hit } from './hit.js'

export interface TimedHit {
  readonly hit: Hit
  /** Milliseconds since 1970. */
  readonly at: number
}

const HIT_COLUMNS = 'kind, delivery_id, link, method, user_agent, network, headers, at'
/** `isFiled`: few may be, since each costs pages of the indexes that nobody else has touched. */
const sqliteHits = (isFiled: 0 | 1) => `insert into hit (${HIT_COLUMNS}, is_filed)
  select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, ${isFiled} from json_each(?)`
const POSTGRES_HITS = `insert into hit (${HIT_COLUMNS})
  select value->>0, (value->>1)::bigint, (value->>2)::bigint, value->>3, value->>4, value->>5, value->>6, (value->>7)::bigint
  from jsonb_array_elements($1::jsonb) with ordinality as given(value, place)`

/** Asked when it is written, so that who has just said no is heard. They are few, and have an index of their own. */
const SQLITE_TRACKED = `not exists (select 1 from delivery indexed by delivery_untracked
  where delivery.is_untracked = 1 and delivery.id = value->>`
const POSTGRES_TRACKED = `not exists (select 1 from delivery
  where delivery.is_untracked = 1 and delivery.id = (value->>`

const INSERT: Readonly<Record<Engine, string>> = {
  sqlite: `${sqliteHits(0)} where ${SQLITE_TRACKED}1)`,
  postgres: `${POSTGRES_HITS} where ${POSTGRES_TRACKED}1)::bigint)`,
}

/** Opens, clicks and traps, but for those of Deliveries that are not tracked. */
export async function insertHits(query: Query, hits: readonly TimedHit[]): Promise<null> {
  await write(query, { name: 'hits', sql: INSERT, rows: hits.map(rowOf) })
  return null
}

/** In their order, so that ids grow with it; RETURNING itself promises none. */
const INSERT_FORMS: Readonly<Record<Engine, string>> = {
  sqlite: `${sqliteHits(1)} order by key returning id`,
  postgres: `${POSTGRES_HITS} order by place returning id`,
}

/** Forms, whose Events name them: always. Their ids. */
export async function insertFormHits(query: Query, hits: readonly TimedHit[]): Promise<readonly number[]> {
  const rows = await write(query, { name: 'form-hits', sql: INSERT_FORMS, rows: hits.map(rowOf) })
  return rows.map(({ id }) => Number(id)).sort((a, b) => a - b)
}

const SURPLUS_COLUMNS = 'delivery_id, kind, link, hits, first_at, last_at'
const ADD = `on conflict (delivery_id, kind, link) do update set hits = surplus.hits + excluded.hits,
  last_at = case when excluded.last_at > surplus.last_at then excluded.last_at else surplus.last_at end`
const ADD_SURPLUS: Readonly<Record<Engine, string>> = {
  sqlite: `insert into surplus (${SURPLUS_COLUMNS})
    select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 from json_each(?) where ${SQLITE_TRACKED}0) ${ADD}`,
  postgres: `insert into surplus (${SURPLUS_COLUMNS})
    select (value->>0)::bigint, value->>1, (value->>2)::bigint, (value->>3)::bigint, (value->>4)::bigint, (value->>5)::bigint
    from jsonb_array_elements($1::jsonb) as value where ${POSTGRES_TRACKED}0)::bigint) order by 1, 2, 3 ${ADD}`,
}

/** Adds to what is counted of Hits that are not kept one by one. */
export async function addSurplus(query: Query, hits: readonly TimedHit[]): Promise<null> {
  await write(query, { name: 'surplus', sql: ADD_SURPLUS, rows: sumUp(hits).map(sumRow) })
  return null
}

/** `name`: Postgres prepares the statement once, and goes by it. */
async function write(
  query: Query,
  given: {
    readonly name: string
    readonly sql: Readonly<Record<Engine, string>>
    readonly rows: readonly unknown[]
  },
): Promise<readonly Row[]> {
  const { name, sql, rows } = given
  const statement = CompiledQuery.raw(`/* ${name}-1 */ ${sql[engineOf(query)]}`, [JSON.stringify(rows)])
  return (await query.executeQuery<Row>(statement)).rows
}

function rowOf({ hit, at }: TimedHit): readonly (string | number | null)[] {
  const { kind, deliveryId, link, method, userAgent, network, headers } = hit
  return [kind, deliveryId, link, method, userAgent, network, JSON.stringify(headers), at]
}

/** In the key of `surplus` no Link is a number too. */
const NO_LINK = -1

interface Sum {
  readonly deliveryId: number
  readonly kind: string
  readonly link: number
  hits: number
  firstAt: number
  lastAt: number
}

function sumUp(hits: readonly TimedHit[]): readonly Sum[] {
  const sums = new Map<string, Sum>()
  for (const { hit, at } of hits) {
    const link = hit.link ?? NO_LINK
    const key = `${hit.deliveryId} ${hit.kind} ${link}`
    const sum = sums.get(key)
    if (sum === undefined) {
      const { kind, deliveryId } = hit
      sums.set(key, { deliveryId, kind, link, hits: 1, firstAt: at, lastAt: at })
    } else {
      sum.hits += 1
      sum.firstAt = Math.min(sum.firstAt, at)
      sum.lastAt = Math.max(sum.lastAt, at)
    }
  }
  return [...sums.values()]
}

function sumRow({ deliveryId, kind, link, hits, firstAt, lastAt }: Sum): readonly (string | number)[] {
  return [deliveryId, kind, link, hits, firstAt, lastAt]
}
