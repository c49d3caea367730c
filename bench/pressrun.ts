/** pressrun: the built command as its users run it; a warm engine, every record durable. */

import { setTimeout as wait } from 'node:timers/promises'
import { readConfig } from '../src/config.js'
import type { Db } from '../src/db/db.js'
import { openDb } from '../src/db/open.js'
import { readStatus } from '../src/report/status.js'
import { SLUG } from './issue.js'
import { readUsage } from './process.js'
import { type BenchRoot, LIST, makeRoot, type RunningEngine, WARM_UP_LIST, WARM_UP_SLUG } from './root.js'
import type { Course, Run } from './run.js'

const WARM_UP = 5_000
/** Of issues/newsletter.yaml. */
const FROM_DOMAIN = 'harbour.example.com'
const POLL_MS = 100

export interface PressrunOptions {
  /** An empty database of a Postgres server; null: SQLite in the root. */
  readonly databaseUrl: string | null
  /** `rsa`: each message gets a DKIM signature by a key of 2,048 bits. */
  readonly dkim: 'none' | 'rsa'
  /** What else the engine has to do during the measured Send. */
  readonly beside?: Beside
}

/** Begins when all is warm; what it returns ends it, after the Send. */
export type Beside = (place: Place) => Promise<() => Promise<void>>

/** Throws when anyone is not sent to, or `verify` finds anything. */
export async function runPressrun(
  course: Course,
  { databaseUrl, dkim, beside }: PressrunOptions,
): Promise<Run> {
  const { receiverPort, connections, recipients, folder, profileFolder } = course
  const root = makeRoot(folder, {
    SMTP_URL: `smtp://127.0.0.1:${receiverPort}?ignoreTLS=true&maxConnections=${connections}&maxMessages=1000000`,
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  })
  await root.importReaders(WARM_UP_LIST, Math.min(WARM_UP, recipients))
  await root.importReaders(LIST, recipients)
  if (dkim === 'rsa') await root.run('dkim', 'new', FROM_DOMAIN, '--bits', '2048')
  const profile = profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`]
  const engine = await root.start(profile)
  const db = await openDb(readConfig({ root: root.folder, env: root.env }))
  const place = { root, engine, db }
  try {
    expectSigning(engine, dkim)
    await sendAll(place, { slug: WARM_UP_SLUG, list: WARM_UP_LIST })
    const endBeside = await beside?.(place)
    const before = readUsage(engine.pid)
    const commanded = Date.now()
    const sendId = await sendAll(place, { slug: SLUG, list: LIST })
    const { cpuMs, peakBytes } = readUsage(engine.pid)
    await endBeside?.()
    await expectAllSent(root, db, { sendId, recipients })
    const { startedAt, finishedAt, wireMs } = await readTimes(db, sendId)
    return {
      messages: recipients,
      seconds: (finishedAt - startedAt) / 1_000,
      cpuMs: cpuMs - before.cpuMs,
      peakBytes,
      extra: {
        'from the command on, s': (finishedAt - commanded) / 1_000,
        'first intent to last reply, s': wireMs / 1_000,
      },
    }
  } finally {
    await db.close()
    await engine.end()
  }
}

export interface Place {
  readonly root: BenchRoot
  readonly engine: RunningEngine
  readonly db: Db
}

/** A figure for signed mail that was not signed, or the other way round, would be worse than none. */
function expectSigning({ stderr }: RunningEngine, dkim: PressrunOptions['dkim']): void {
  const signs = stderr().includes('messages from this domain are signed')
  if (signs !== (dkim === 'rsa')) throw new Error(`DKIM is to be ${dkim}, but the engine says:\n${stderr()}`)
}

/** `pressrun send`; resolves with the Send's id when it is finished. */
async function sendAll(
  { root, engine, db: { query } }: Place,
  { slug, list }: { readonly slug: string; readonly list: string },
): Promise<number> {
  const sendId = Number(await root.run('send', slug, '--list', list))
  for (;;) {
    const send = query.selectFrom('send').select(['state', 'reason']).where('id', '=', sendId)
    const { state, reason } = await send.executeTakeFirstOrThrow()
    if (state === 'finished') return sendId
    if (state === 'paused' || state === 'cancelled') throw new Error(`Send ${sendId} is ${state}: ${reason}`)
    if (!engine.isRunning()) throw new Error(`the engine ended: ${engine.stderr()}`)
    await wait(POLL_MS)
  }
}

async function expectAllSent(
  root: BenchRoot,
  { query }: Db,
  { sendId, recipients }: { readonly sendId: number; readonly recipients: number },
): Promise<void> {
  const { sent, audience, alarm } = await readStatus(query, sendId)
  if (sent !== recipients || audience !== recipients || alarm !== null)
    throw new Error(`${sent} of ${audience} are sent, not ${recipients}; alarm: ${alarm}`)
  // Exits 1, which rejects, when the books do not hold.
  await root.run('verify', String(sendId))
}

async function readTimes({ query }: Db, sendId: number) {
  const send = await query
    .selectFrom('send')
    .select(['started_at', 'finished_at'])
    .where('id', '=', sendId)
    .executeTakeFirstOrThrow()
  const wire = await query
    .selectFrom('attempt')
    .select(({ fn }) => [fn.min('intended_at').as('first'), fn.max('replied_at').as('last')])
    .where('send_id', '=', sendId)
    .executeTakeFirstOrThrow()
  if (send.started_at === null || send.finished_at === null) throw new Error(`Send ${sendId} has no times`)
  return {
    startedAt: send.started_at,
    finishedAt: send.finished_at,
    wireMs: Number(wire.last) - Number(wire.first),
  }
}
