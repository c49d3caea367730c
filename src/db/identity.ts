/**
 * Identity: is this database the one that ran here before, or a copy of it? Its fingerprint, its generation and when an
 * engine was last seen are rows of `meta`; they are judged and changed in one transaction, under one lock.
 */

import { sql } from 'kysely'
import { takeLock } from './advisory-lock.js'
import { clock, type Db, type Query } from './db.js'
import { differences, type Fingerprint, readFingerprint } from './fingerprint.js'
import {
  type Generation,
  judgeMarks,
  leaveMark,
  parseGeneration,
  printGeneration,
  readMarks,
} from './generation.js'

/** `copy`: what was seen, in words. `new`: no engine has ever run on it. */
export type Recognition =
  | { readonly kind: 'same' }
  | { readonly kind: 'new' }
  | { readonly kind: 'copy'; readonly seen: readonly string[] }

export interface Identity {
  readonly db: Db
  /** What the database is now; read before the transaction that judges it. */
  present(): Promise<Fingerprint>
  /** To be called first in a transaction: nobody else judges or changes the identity until it ends. */
  recognise(trx: Query, present: Fingerprint): Promise<Recognition>
  /**
   * From now on this is the one. The marks go first: a crash before the commit leaves a database that is still to be
   * adopted.
   */
  settle(trx: Query, present: Fingerprint): Promise<void>
  /**
   * What one engine has seen holds for all until the database is settled: on Postgres another may have no mark that
   * tells it.
   */
  doubt(trx: Query, seen: readonly string[]): Promise<void>
  /** An engine is here: the time is noted, the generation grows. Its mark is left after the commit, by `leave`. */
  beat(trx: Query): Promise<Generation>
  leave(generation: Generation): Promise<void>
  /** When an engine was last seen, ms by the database's clock; null for never. */
  lastSeen(trx: Query): Promise<number | null>
}

export interface IdentityOptions {
  readonly db: Db
  readonly dataDir: string
  readonly now: () => number
  /** A fresh lineage, hex. */
  readonly random: () => string
}

const FINGERPRINT = 'fingerprint'
const GENERATION = 'generation'
const DOUBT = 'doubt'
const LAST_SEEN = 'last seen'

export function openIdentity({ db, dataDir, now, random }: IdentityOptions): Identity {
  const { engine } = db
  return {
    db,
    present: () => readFingerprint(db, dataDir),
    async recognise(trx, present) {
      await takeLock(trx, 'identity')
      const known = await readMeta(trx, FINGERPRINT)
      // Written by settle.
      const seen = new Set(known === null ? [] : differences(JSON.parse(known) as Fingerprint, present))
      const marks = await readMarks(dataDir, engine)
      const odd = judgeMarks(await readGeneration(trx), { engine, marks })
      if (odd !== null && (known !== null || (await hasSends(trx)))) seen.add(odd)
      for (const words of await readDoubt(trx)) seen.add(words)
      if (seen.size > 0) return { kind: 'copy', seen: [...seen] }
      return known === null ? { kind: 'new' } : { kind: 'same' }
    },
    async settle(trx, present) {
      const generation = { count: 0, lineage: random() }
      // On Postgres a mark that is missing says nothing.
      if (engine === 'sqlite') await leaveMark(dataDir, engine, generation)
      await writeMeta(trx, GENERATION, sql.lit(printGeneration(generation)))
      await writeMeta(trx, FINGERPRINT, sql.val(JSON.stringify(present)))
      await trx.deleteFrom('meta').where('key', '=', DOUBT).execute()
    },
    async doubt(trx, seen) {
      if (engine === 'postgres' && (await readDoubt(trx)).length === 0)
        await writeMeta(trx, DOUBT, sql.val(JSON.stringify(seen)))
    },
    async beat(trx) {
      await writeMeta(trx, LAST_SEEN, sql`cast(${clock(trx, now)} as text)`)
      const known = (await readGeneration(trx)) ?? { count: 0, lineage: random() }
      const next = { ...known, count: known.count + 1 }
      await writeMeta(trx, GENERATION, sql.lit(printGeneration(next)))
      return next
    },
    leave: (generation) => leaveMark(dataDir, engine, generation),
    async lastSeen(trx) {
      const value = await readMeta(trx, LAST_SEEN)
      return value === null ? null : Number(value)
    },
  }
}

async function readGeneration(trx: Query): Promise<Generation | null> {
  return parseGeneration((await readMeta(trx, GENERATION)) ?? '')
}

/** Written by `doubt`. */
async function readDoubt(trx: Query): Promise<readonly string[]> {
  return JSON.parse((await readMeta(trx, DOUBT)) ?? '[]') as readonly string[]
}

/** Without any there is nothing that could go out a second time. */
async function hasSends(trx: Query): Promise<boolean> {
  return (await trx.selectFrom('send').select('id').limit(1).executeTakeFirst()) !== undefined
}

async function readMeta(trx: Query, key: string): Promise<string | null> {
  const row = await trx.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value ?? null
}

async function writeMeta(trx: Query, key: string, value: ReturnType<typeof sql<string>>): Promise<void> {
  await trx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: sql`excluded.value` }))
    .execute()
}
