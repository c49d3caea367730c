/** The public web over an empty database, on a clock that stands still until a test puts it on; and whoever asks it for something. */

import pino from 'pino'
import type { Db } from '../../src/db/db.js'
import { type Hits, openHits } from '../../src/event/hit.js'
import { type Keys, makeKeys } from '../../src/link/token.js'
import type { RunningServer } from '../../src/web/server.js'
import { openTestDb } from './database.js'
import { serveTestWeb, type TestWeb } from './web.js'

export const KEYS = makeKeys(['a secret for tests that is more than 32 characters'])
/** A reader's browser. */
export const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'

export interface Asked extends RequestInit {
  readonly agent?: string
  /** Of a form, which is then posted; several values make several fields of that name. */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>
}

export interface WebPlace {
  readonly db: Db
  readonly keys: Keys
  readonly hits: Hits
  readonly server: RunningServer
  readonly url: string
  /** ms since 1970. */
  time: number
  readonly now: () => number
  /** Lines of its log, as JSON. */
  readonly logged: readonly string[]
  /** Redirects are not followed. */
  ask(path: string, asked?: Asked): Promise<Response>
  /** The text of the answer. */
  read(path: string, asked?: Asked): Promise<string>
  close(): Promise<void>
}

/** `agent` is what asks, where nothing else is said; `more` is what the web is built with besides. */
export async function openWebPlace({
  time,
  agent: usual = SAFARI,
  more = () => ({}),
}: {
  readonly time: number
  readonly agent?: string
  readonly more?: (place: Pick<WebPlace, 'db' | 'now'>) => Partial<TestWeb>
}): Promise<WebPlace> {
  const now = () => place.time
  const logged: string[] = []
  const log = pino({}, { write: (line: string) => void logged.push(line) })
  const db = await openTestDb()
  const hits = openHits({ db, now })
  const server = await serveTestWeb({ db, keys: KEYS, hits, log, now, ...more({ db, now }) })
  const ask: WebPlace['ask'] = (path, { agent = usual, fields, ...init } = {}) =>
    fetch(server.url + path, {
      redirect: 'manual',
      ...(fields === undefined ? {} : { method: 'POST', body: formOf(fields) }),
      ...init,
      headers: { 'user-agent': agent, ...Object(init.headers) },
    })
  const place: WebPlace = {
    db,
    keys: KEYS,
    hits,
    server,
    url: server.url,
    time,
    now,
    logged,
    ask,
    read: async (path, asked) => (await ask(path, asked)).text(),
    async close() {
      await server.close()
      await hits.close()
      await db.close()
    },
  }
  return place
}

function formOf(fields: NonNullable<Asked['fields']>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])),
  )
}
