/**
 * Clicks: the engine's web alone (`start --only web`), which keeps a Hit of each durably in SQLite before it redirects,
 * against a plain node:http server that answers the same status, headers and body and keeps nothing. Many Tokens, in
 * random order, over the same connections; which of the two goes first changes by the round.
 */

import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore, type Store } from '../src/app/store.js'
import { type Config, readConfig } from '../src/config.js'
import type { Query } from '../src/db/db.js'
import { signToken } from '../src/link/token.js'
import { freezeSend } from '../src/send/freeze.js'
import { beginSend } from './freeze.js'
import { LINKS } from './issue.js'
import { collect, end, launch, readUsage } from './process.js'
import { LIST, makeRoot, type RunningEngine } from './root.js'
import { findWrk, runWrk, type WrkRun } from './wrk.js'

export interface ClickRound {
  readonly connections: number
  readonly deliveries: number
  readonly plain: WrkRun
  readonly pressrun: WrkRun & { readonly cpuMs: number }
}

export interface ClickCourse {
  readonly deliveries: number
  readonly rounds: number
  readonly folder: string
  readonly profileFolder: string | null
}

/** What the plain server answers. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const CONNECTIONS = 64
const SECONDS = 6
const WARM_UP_SECONDS = 3
/** Of node:http itself: both servers say them. */
const BY_NODE = ['date', 'connection', 'keep-alive', 'transfer-encoding']

/** Throws when an answered click is not among the Hits. */
export async function measureClicks({
  deliveries,
  rounds,
  folder,
  profileFolder,
}: ClickCourse): Promise<readonly ClickRound[]> {
  findWrk()
  const root = makeRoot(folder, { SMTP_URL: 'smtp://127.0.0.1:9' })
  await root.importReaders(LIST, deliveries)
  const config = readConfig({ root: root.folder, env: root.env })
  const store = await openStore(config)
  const paths = path.join(root.folder, 'paths')
  const ids = await freezeAll(store, config)
  writeFileSync(paths, ids.map((id) => pathOf(store, id)).join('\n'))
  const profile = profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`]
  const engine = await root.start(profile, ['--only', 'web'])
  const plain = await startPlain(await answerOf(engine.url + pathOf(store, ids[0] ?? 0)))
  const load = { paths, connections: CONNECTIONS }
  const askPlain = (seed: number, seconds: number) => runWrk({ ...load, url: plain.url, seconds, seed })
  const askOurs = (seed: number, seconds: number) =>
    runOurs(engine, store.db.query, { ...load, seconds, seed })
  try {
    await askPlain(0, WARM_UP_SECONDS)
    await askOurs(0, WARM_UP_SECONDS)
    const measured: ClickRound[] = []
    for (let round = 1; round <= rounds; round++) {
      const one = { connections: CONNECTIONS, deliveries, ...(await both(round, askPlain, askOurs)) }
      measured.push(one)
      process.stderr.write(
        `round ${round}: plain ${describe(one.plain)}, pressrun ${describe(one.pressrun)}\n`,
      )
    }
    return measured
  } finally {
    await store.close()
    await engine.end()
    await plain.end()
  }
}

async function both<A, B>(
  round: number,
  askPlain: (seed: number, seconds: number) => Promise<A>,
  askOurs: (seed: number, seconds: number) => Promise<B>,
): Promise<{ plain: A; pressrun: B }> {
  if (round % 2 === 0) {
    const pressrun = await askOurs(round, SECONDS)
    return { pressrun, plain: await askPlain(round, SECONDS) }
  }
  const plain = await askPlain(round, SECONDS)
  return { plain, pressrun: await askOurs(round, SECONDS) }
}

async function runOurs(
  { url, pid }: RunningEngine,
  query: Query,
  load: {
    readonly paths: string
    readonly connections: number
    readonly seconds: number
    readonly seed: number
  },
): Promise<WrkRun & { readonly cpuMs: number }> {
  const [hitsBefore, before] = [await countHits(query), readUsage(pid)]
  const run = await runWrk({ ...load, url })
  const cpuMs = readUsage(pid).cpuMs - before.cpuMs
  const kept = (await countHits(query)) - hitsBefore
  if (kept < run.requests) throw new Error(`${run.requests} clicks were answered, but ${kept} are kept`)
  return { ...run, cpuMs }
}

/** Those beyond what is stored of one Delivery a day are counted in `surplus`. */
export async function countHits(query: Query): Promise<number> {
  const { hits } = await query
    .selectFrom('hit')
    .select(({ fn }) => fn.countAll<number>().as('hits'))
    .executeTakeFirstOrThrow()
  const { surplus } = await query
    .selectFrom('surplus')
    .select(({ fn }) => fn.sum<number | null>('hits').as('surplus'))
    .executeTakeFirstOrThrow()
  return Number(hits) + Number(surplus ?? 0)
}

async function freezeAll(store: Store, config: Config): Promise<readonly number[]> {
  const { db, keys, now } = store
  const sendId = await beginSend(store, config)
  await freezeSend(sendId, { query: db.query, keys, now })
  const rows = await db.query.selectFrom('delivery').select('id').where('send_id', '=', sendId).execute()
  return rows.map(({ id }) => id)
}

/** Each Delivery clicks one Link, all Links are clicked. */
function pathOf({ keys }: Store, id: number): string {
  return `/c/${signToken(keys, 'read', id)}/${id % LINKS}`
}

async function answerOf(url: string): Promise<PlainAnswer> {
  const response = await fetch(url, { redirect: 'manual' })
  const headers = [...response.headers].filter(([name]) => !BY_NODE.includes(name))
  return { status: response.status, headers: Object.fromEntries(headers), body: await response.text() }
}

async function startPlain(answer: PlainAnswer): Promise<{ url: string; end: () => Promise<void> }> {
  const program = fileURLToPath(new URL('clicks-plain.js', import.meta.url))
  const child = launch(process.execPath, [program, JSON.stringify(answer)], { cwd: process.cwd() })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  while (!stdout().includes('\n')) {
    if (child.exitCode !== null) throw new Error(`the plain server ended: ${stderr()}`)
    await Promise.race([child.stdout && once(child.stdout, 'data'), once(child, 'close')])
  }
  return { url: stdout().trim(), end: () => end(child) }
}

function describe({ requests, seconds, p99Ms }: WrkRun): string {
  return `${Math.round(requests / seconds).toLocaleString('en')}/s (p99 ${p99Ms.toFixed(1)} ms)`
}
