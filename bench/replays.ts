/**
 * Replays: one pixel of one copy, asked again and again over 64 connections while a Send is under way, against the same Send
 * without it. In the first round it is asked 100,000 times in all: one reader has opened it, its Hits take the room of a
 * day's allowance, and everything that was answered is counted.
 */

import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Query } from '../src/db/db.js'
import { KEPT_A_DAY, KEPT_OF_NETWORK } from '../src/event/allowance.js'
import { makeKeys, signToken } from '../src/link/token.js'
import { countHits } from './clicks.js'
import { type Beside, runPressrun } from './pressrun.js'
import { SECRET } from './root.js'
import type { Course, Run } from './run.js'
import { findWrk, runWrk, startWrk } from './wrk.js'

export interface ReplayRound {
  readonly recipients: number
  readonly aloneSeconds: number
  readonly besideSeconds: number
  /** Answered while the Send was under way, and in all. */
  readonly replays: number
  readonly allReplays: number
  /** Rows of Hits after it. */
  readonly rows: number
}

const CONNECTIONS = 64
/** Each gets an answer every half a second at least. */
const MANY_CONNECTIONS = 1_000
const MANY = 100_000
const MANY_SECONDS = 10
const ON_SQLITE = { databaseUrl: null, dkim: 'none' } as const

/** Throws when an answered replay is not counted, too many are kept, or more than one reader has opened. */
export async function measureReplays(course: Course, rounds: number): Promise<readonly ReplayRound[]> {
  findWrk()
  const measured: ReplayRound[] = []
  for (let round = 1; round <= rounds; round++) {
    const replays = replayer({ folder: course.folder, atLeast: round === 1 ? MANY : 0 })
    const alone = () => runPressrun(course, ON_SQLITE)
    const beside = () => runPressrun(course, { ...ON_SQLITE, beside: replays.beside })
    const first = round % 2 === 1 ? await alone() : await beside()
    const second = round % 2 === 1 ? await beside() : await alone()
    const [one, other]: readonly Run[] = round % 2 === 1 ? [first, second] : [second, first]
    if (one === undefined || other === undefined) throw new Error('a round without one of the two')
    measured.push({
      recipients: course.recipients,
      aloneSeconds: one.seconds,
      besideSeconds: other.seconds,
      ...replays.result(),
    })
    process.stderr.write(
      `round ${round}: alone ${one.seconds.toFixed(1)} s, beside ${replays.result().replays} replays ${other.seconds.toFixed(1)} s\n`,
    )
  }
  return measured
}

type Replayed = Pick<ReplayRound, 'replays' | 'allReplays' | 'rows'>

function replayer({ folder, atLeast }: { readonly folder: string; readonly atLeast: number }): {
  readonly beside: Beside
  readonly result: () => Replayed
} {
  let replayed: Replayed | null = null
  const paths = path.join(folder, 'replayed')

  const beside: Beside = async ({ engine: { url }, db: { query } }) => {
    const { id } = await query.selectFrom('delivery').select('id').orderBy('id').executeTakeFirstOrThrow()
    writeFileSync(paths, `/o/${signToken(makeKeys([SECRET]), 'read', id)}.gif`)
    const load = startWrk({ url, paths, connections: CONNECTIONS, seed: 1 })
    return async () => {
      const { requests: replays } = await load.stop()
      let [allReplays, connections] = [replays, CONNECTIONS]
      while (allReplays < atLeast) {
        const more = { url, paths, connections: MANY_CONNECTIONS, seconds: MANY_SECONDS, seed: 1 }
        allReplays += (await runWrk(more)).requests
        connections += MANY_CONNECTIONS
      }
      rmSync(paths)
      replayed = { replays, allReplays, rows: await expectBounded(query, { allReplays, connections }) }
    }
  }

  return {
    beside,
    result() {
      if (replayed === null) throw new Error('nothing was replayed')
      return replayed
    },
  }
}

/** What was cut off before its answer may be counted too: one a connection. */
async function expectBounded(
  query: Query,
  { allReplays, connections }: { readonly allReplays: number; readonly connections: number },
): Promise<number> {
  const counted = await countHits(query)
  if (counted < allReplays || counted > allReplays + connections)
    throw new Error(`${allReplays} replays were answered, ${counted} are counted`)
  const { rows } = await query
    .selectFrom('hit')
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  const most = KEPT_A_DAY + KEPT_OF_NETWORK
  if (Number(rows) > most) throw new Error(`${rows} Hits are kept, more than ${most}`)
  await expectOneOpen(query)
  return Number(rows)
}

/** Numbers trail the requests by about a second. */
async function expectOneOpen(query: Query): Promise<void> {
  for (let look = 0; look < 100; look++) {
    const { opens } = await query
      .selectFrom('reach')
      .select(({ fn }) => fn.sum<number | null>('deliveries').as('opens'))
      .where('kind', '=', 'open')
      .where('sorted', '=', 'all')
      .executeTakeFirstOrThrow()
    if (Number(opens ?? 0) === 1) return
    if (Number(opens ?? 0) > 1) throw new Error(`one copy was opened by ${opens}`)
    await wait(100)
  }
  throw new Error('the replays were not counted as an open')
}
