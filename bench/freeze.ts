/**
 * Freezing a List, against a bare INSERT … SELECT of the same people into a table of the same columns and indexes. Each
 * begins with its own copy of the same imported database, and which of the two goes first changes by the round.
 */

import { cpSync, rmSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { openStore, type Store } from '../src/app/store.js'
import { findList } from '../src/audience/list.js'
import { compileFor } from '../src/commands/prepare.js'
import { canonicalJson } from '../src/compile/canonical.js'
import { type Config, readConfig } from '../src/config.js'
import type { Query } from '../src/db/db.js'
import { createSend } from '../src/send/create.js'
import { freezeSend } from '../src/send/freeze.js'
import { SLUG } from './issue.js'
import { LIST, makeRoot } from './root.js'

export interface FreezeRound {
  readonly people: number
  readonly bareSeconds: number
  readonly freezeSeconds: number
}

export interface FreezeCourse {
  readonly people: number
  readonly rounds: number
  readonly folder: string
}

/** On SQLite. Throws when not everyone was placed. */
export async function measureFreeze({
  people,
  rounds,
  folder,
}: FreezeCourse): Promise<readonly FreezeRound[]> {
  // Nothing is sent to this relay: the Send is frozen and left.
  const root = makeRoot(folder, { SMTP_URL: 'smtp://127.0.0.1:9' })
  await root.importReaders(LIST, people)
  const config = readConfig({ root: root.folder, env: root.env })
  const sendId = await onStore(config, (store) => beginSend(store, config))
  const measured: FreezeRound[] = []
  for (let round = 0; round < rounds; round++) {
    const bare = () => onCopy(config, (store) => insertBare(store.db.query, people))
    const freeze = () => onCopy(config, (store) => freezeAll(store, { sendId, people }))
    const first = round % 2 === 0 ? await bare() : await freeze()
    const second = round % 2 === 0 ? await freeze() : await bare()
    const [bareSeconds, freezeSeconds] = round % 2 === 0 ? [first, second] : [second, first]
    measured.push({ people, bareSeconds, freezeSeconds })
  }
  return measured
}

/** A Send in `preparing`, nobody placed yet. */
export async function beginSend({ db, now }: Store, config: Config): Promise<number> {
  const { compilation } = await compileFor(config, SLUG)
  const { id: listId } = await findList(db.query, LIST)
  const content = canonicalJson(compilation.compiled)
  return (await createSend(db.query, { compilation, content, listId, now: now() })).sendId
}

async function freezeAll(
  { db: { query }, keys, now }: Store,
  { sendId, people }: { readonly sendId: number; readonly people: number },
): Promise<number> {
  const seconds = await time(() => freezeSend(sendId, { query, keys, now }))
  const send = query.selectFrom('send').select(['state', 'audience']).where('id', '=', sendId)
  const { state, audience } = await send.executeTakeFirstOrThrow()
  if (state !== 'sending' || audience !== people)
    throw new Error(`the Send is ${state} with ${audience} people, not sending with ${people}`)
  return seconds
}

async function insertBare(query: Query, people: number): Promise<number> {
  const { rows } = await sql<{ name: string; sql: string | null }>`
    select name, sql from sqlite_master where tbl_name = 'delivery' order by type desc`.execute(query)
  // An index without a definition comes with the table's own constraints.
  for (const { name, sql: definition } of rows)
    if (definition !== null) await sql.raw(asBare(name, definition)).execute(query)
  const seconds = await time(() =>
    sql`
      insert into bare_delivery (send_id, issue_id, subscriber_id, subscription_id, batch_id, lane, copy, address,
        address_key, name, attributes, state, reason, changed_at)
      select 1, 1, subscriber.id, subscription.id, null, 'other', 0, address, address_key, subscriber.name, attributes,
        'queued', null, 1
      from subscription join subscriber on subscriber.id = subscription.subscriber_id`.execute(query),
  )
  const counted = await sql<{ count: number }>`select count(*) as count from bare_delivery`.execute(query)
  if (counted.rows[0]?.count !== people) throw new Error('the bare statement did not insert everyone')
  return seconds
}

/** The table's or an index's definition under another name. */
function asBare(name: string, definition: string): string {
  return definition.replace(name, `bare_${name}`).replace(/ on "?delivery"? ?\(/, ' on bare_delivery (')
}

async function onCopy(config: Config, measure: (store: Store) => Promise<number>): Promise<number> {
  const dataDir = path.join(config.root, 'copy')
  cpSync(config.dataDir, dataDir, { recursive: true })
  try {
    return await onStore({ ...config, dataDir }, measure)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function onStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(config)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1_000
}
