/**
 * Presence: a session of its own in which an engine on Postgres says that it is alive, by a lock that ends with it. Other
 * machines can't see an engine's folder; the server frees the lock when the engine dies, and it is taken again when the server was away.
 */

import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { InputError, messageOf } from '../errors.js'
import type { Log } from '../log.js'
import { ENGINES } from './advisory-lock.js'
import { isToday } from './migrate.js'

const AGAIN_MS = 1_000
const CONNECT_TIMEOUT_MS = 10_000
/** A server that does not answer must not keep an engine from ending. */
const GOODBYE_MS = 1_000

export interface Presence {
  close(): Promise<void>
}

interface Session {
  readonly client: pg.Client
  /** Resolves when it is over, whoever ended it. */
  readonly ended: Promise<void>
}

/** Waits for a migration that is under way. Throws InputError when it was one of a newer version. */
export async function openPresence(url: string, log: Log): Promise<Presence> {
  const stop = new AbortController()
  let session: Session | null = await attend(url)
  /** What has kept it from being seen since it was seen last. */
  const said = new Set<string>()
  const keeping = keep()

  async function keep(): Promise<void> {
    while (!stop.signal.aborted) {
      await session?.ended
      session = null
      // Aborting the wait is how it ends.
      await wait(AGAIN_MS, undefined, { signal: stop.signal }).catch(() => {})
      if (!stop.signal.aborted) session = await attendAgain()
    }
    await session?.client.end()
  }

  async function attendAgain(): Promise<Session | null> {
    try {
      const attended = await attend(url)
      said.clear()
      return attended
    } catch (error) {
      if (!said.has(messageOf(error))) sayUnseen(error)
      said.add(messageOf(error))
      return null
    }
  }

  /** Whoever has migrated meanwhile could not know of this engine. */
  function sayUnseen(error: unknown): void {
    const facts = { error: messageOf(error) }
    if (error instanceof InputError)
      log.error(facts, 'an engine runs on tables that it does not know: stop it')
    else log.warn(facts, 'other commands cannot see now that an engine is running')
  }

  return {
    async close() {
      stop.abort()
      await Promise.race([
        Promise.all([session?.client.end(), keeping]),
        wait(GOODBYE_MS, undefined, { ref: false }),
      ])
    },
  }
}

async function attend(url: string): Promise<Session> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  const ended = new Promise<void>((resolve) => client.once('end', resolve))
  // What breaks it ends it, too; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1)', [ENGINES])
    const { rows } = await client.query<{ value: string }>(`select value from meta where key = 'schema'`)
    isToday(Number(rows[0]?.value))
    return { client, ended }
  } catch (error) {
    await client.end()
    throw error
  }
}
