/** `npm run demo`: the whole way once, with real servers on this machine, from an issue file to a verified report. */

import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Engine } from '../app/engine.js'
import type { Store } from '../app/store.js'
import { createList, type List } from '../audience/list.js'
import { findSubscriber } from '../audience/subscriber.js'
import { type Config, readConfig } from '../config.js'
import { makeDataDir } from '../data-dir.js'
import { ingestOnce } from '../event/ingest.js'
import { listIssues } from '../issue/read.js'
import { NO_LIMIT } from '../issue/tracking.js'
import { openBar } from '../report/bar.js'
import { printReport } from '../report/print-report.js'
import { readReport } from '../report/report.js'
import { unsubscribe } from '../track/unsubscribe.js'
import { writeBuild } from './build.js'
import { ALICE, CHARLIE, ERIN, FRANK, GRACE, receive, writeCast } from './demo-cast.js'
import { click, findMessage, open, scan, unsubscribeByOneClick } from './demo-reader.js'
import { writeReportFile } from './report.js'
import { awaitSend, sendIssue } from './send.js'
import { aborted } from './start.js'
import { importFile } from './subscribers-import.js'
import { suppressAddress } from './subscribers-suppress.js'
import type { Terminal } from './terminal.js'
import { printVerification, verifyCommand } from './verify.js'

const AUDIENCE = 1_000
const LIST = 'readers'
const READING_MS = 6_000

export interface DemoOptions {
  /** Its web stays up to be looked at, until it is told to end. */
  readonly stays: boolean
}

/** Throws when any step does not come out as it should; writes only below `.data/demo`. */
export async function demo(
  { config: { root }, log, signal, say, sayFindings }: Terminal,
  { stays }: DemoOptions,
): Promise<void> {
  const config = demoConfig(root)
  await rm(config.dataDir, { recursive: true, force: true })
  makeDataDir(path.dirname(config.dataDir))
  makeDataDir(config.dataDir)
  const { startEngine } = await import('../app/engine.js')
  const engine = await startEngine(config, { log, onRecipient: receive })
  try {
    const slug = await newestIssue(root)
    await gatherReaders(engine, config, say)
    const { sendId, outDir } = await sendTo(engine, { config, slug, log, say, sayFindings, signal })
    await readSome(engine, say)
    const { db } = engine.store
    process.stdout.write(`\n${printReport(await readReport(db.query, sendId))}\n`)
    await prove(sendId, engine)
    pointOut(engine, { slug, outDir, sendId })
    await keepReport(engine, { config, sendId })
    if (stays) await look(engine, signal)
  } finally {
    await engine.close()
  }
}

/** Its own data, its own port, its own keys, nobody's limits: a demo never reaches a real relay, and asks no DNS. */
function demoConfig(root: string): Config {
  const config = readConfig({ root, env: { PORT: '0', RETRY_SCHEDULE: '1s,2s,4s', LOG_LEVEL: 'warn' } })
  const dataDir = path.join(config.dataDir, 'demo')
  const alone = { databaseUrl: null, redisUrl: null, smtpUrl: null, publicUrl: null, secrets: null }
  return { ...config, ...alone, dataDir, dkimFolder: path.join(dataDir, 'dkim'), pace: '', mxLookup: false }
}

async function newestIssue(root: string): Promise<string> {
  const issues = await listIssues(root)
  const newest = issues.filter(({ kind }) => kind === 'issue').at(-1)
  if (newest === undefined) throw new Error('issues/ holds no issue that can be sent')
  return newest.slug
}

type Say = Terminal['say']

async function gatherReaders(engine: Engine, config: Config, say: Say): Promise<void> {
  const { db, keys, now } = engine.store
  const list = await openToAll(engine)
  const file = path.join(config.dataDir, 'readers.csv')
  await writeFile(file, writeCast(AUDIENCE))
  const result = await importFile({ file, list: LIST, missingList: 'refuse', how: 'write', db, keys, now })
  say(`imported ${result.added.toLocaleString('en')} subscribers`)
  const charlie = await findSubscriber(db.query, CHARLIE)
  const { id } = await db.query
    .selectFrom('subscription')
    .select('id')
    .where('list_id', '=', list.id)
    .where('subscriber_id', '=', charlie?.id ?? 0)
    .executeTakeFirstOrThrow()
  await unsubscribe(db, { subscriptionId: id, how: 'page', now: now() })
  await suppressAddress({ address: FRANK, reason: 'complained', by: 'demo', db, keys, now })
  say('Charlie has unsubscribed, Frank is suppressed, Bob’s mailbox is gone, Dora’s server greylists')
}

/** In the archive, and with a page to subscribe on. */
function openToAll({ store: { db, now } }: Engine): Promise<List> {
  return createList(db.query, {
    name: LIST,
    title: 'Readers',
    description: 'Every second Tuesday, for whoever lives by the water.',
    isPublic: true,
    isOpen: true,
    now: now(),
  })
}

async function sendTo(
  engine: Engine,
  {
    config,
    slug,
    log,
    say,
    sayFindings,
    signal,
  }: { config: Config; slug: string } & Pick<Terminal, 'log' | 'say' | 'sayFindings' | 'signal'>,
): Promise<{ readonly sendId: number; readonly outDir: string }> {
  say(`compiling ${slug}`)
  const context = { config, log, say, sayFindings, localUrl: engine.url }
  const sent = await sendIssue(
    {
      slugOrPath: slug,
      listName: LIST,
      segment: null,
      schedule: null,
      uncertainPolicy: 'hold',
      tracking: NO_LIMIT,
    },
    engine.store,
    context,
  )
  if (sent.kind !== 'frozen') throw new Error(`the demo's Send is ${sent.kind}`)
  const outDir = path.join(config.dataDir, 'issue')
  await writeBuild(sent.build, { outDir, commit: null })
  const bar = openBar(process.stderr)
  const status = await awaitSend(sent.sendId, engine.store, { signal, onStatus: bar.draw }).finally(bar.close)
  if (status.state !== 'finished') throw new Error(`the demo's Send is ${status.state}`)
  return { sendId: sent.sendId, outDir }
}

/** One opens and clicks, one unsubscribes, and a machine asks for everything; over HTTP, as mail programs do. */
async function readSome({ store, inboxFolder }: Engine, say: Say): Promise<void> {
  const inbox = inboxFolder ?? ''
  const alice = await findMessage(inbox, ALICE)
  await awaitReader(store)
  await open(alice)
  const target = await click(alice, 3)
  await unsubscribeByOneClick(await findMessage(inbox, ERIN))
  await scan(await findMessage(inbox, GRACE))
  await ingestOnce({ db: store.db, now: store.now })
  say(`Alice opened and clicked ${target}; Erin unsubscribed; a scanner asked for all of Grace’s links`)
}

/** Whoever clicks within seconds of the reply is hardly a reader; Alice takes her time. */
async function awaitReader({ db, now }: Store): Promise<void> {
  const { at } = await db.query
    .selectFrom('attempt')
    .innerJoin('delivery', 'delivery.id', 'attempt.delivery_id')
    .select(({ fn }) => fn.max('attempt.replied_at').as('at'))
    .where('delivery.address', '=', ALICE)
    .executeTakeFirstOrThrow()
  await wait(Math.max(0, Number(at) + READING_MS - now()))
}

async function prove(sendId: number, { store, inboxFolder }: Engine): Promise<void> {
  const ledgerFile = path.join(inboxFolder ?? '', 'ledger.jsonl')
  const verification = await verifyCommand(sendId, { store, ledgerFile })
  process.stdout.write(printVerification(verification))
  if (!verification.isClean) throw new Error('the record does not hold')
}

function pointOut(
  { inboxFolder }: Engine,
  { slug, outDir, sendId }: { readonly slug: string; readonly outDir: string; readonly sendId: number },
): void {
  const show = (file: string) => path.relative(process.cwd(), file)
  const lines = [
    '',
    'Look at it:',
    `  the issue file      issues/${slug}.md`,
    `  the rendered issue  ${show(path.join(outDir, 'email.html'))}`,
    `  its text part       ${show(path.join(outDir, 'email.txt'))}`,
    `  its web page        ${show(path.join(outDir, 'web.html'))}`,
    `  a raw message       ${show(path.join(inboxFolder ?? '', '000001.eml'))}`,
    `  who got it          ${show(path.join(inboxFolder ?? '', 'ledger.jsonl'))} (Send ${sendId})`,
    '',
  ]
  process.stdout.write(lines.join('\n'))
}

/** The Report as a page. */
async function keepReport(
  { store: { db, now } }: Engine,
  { config, sendId }: { readonly config: Config; readonly sendId: number },
): Promise<void> {
  const file = path.join(config.dataDir, 'report.html')
  await writeReportFile({ sendId, form: { kind: 'html' }, file, replaces: true }, { query: db.query, now })
  process.stdout.write(`  the report          ${path.relative(process.cwd(), file)}\n`)
}

async function look({ url }: Engine, signal: AbortSignal): Promise<void> {
  const lines = [
    'The web of the demo, until Ctrl-C:',
    `  the archive         ${url}/`,
    `  subscribe           ${url}/subscribe/${LIST}`,
    `  a feed              ${url}/feed.atom`,
    '',
  ]
  process.stdout.write(lines.join('\n'))
  await aborted(signal)
}
