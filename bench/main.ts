/**
 * `npm run bench`: every contestant sends the same issue to the same receiver, one after the other, round by round.
 * README.md beside this file says what each does and what the options are. Exits 1 when someone is not accounted for;
 * a bar that is not met is printed, and no failure of the run.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startPostgres } from '../tests/rig/postgres.js'
import { runCeiling } from './ceiling.js'
import { measureClicks } from './clicks.js'
import { measureCompile } from './compile.js'
import { measureFreeze } from './freeze.js'
import { measureImport } from './import.js'
import { describeMachine, diskFolder, readLoad } from './machine.js'
import { prepareMaterial } from './material.js'
import { runPressrun } from './pressrun.js'
import { endAll, killAll } from './process.js'
import { startReceiver } from './receiver.js'
import { measureReplays } from './replays.js'
import { measureReport } from './report.js'
import { type Course, type Run, withinTime } from './run.js'
import { runScript } from './script.js'
import { runSocket } from './socket.js'
import { measureStudio } from './studio.js'
import { printReport, type Report, writeMarkdown } from './table.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const HELP = `npm run bench -- [options]
  --rounds N        how often everyone runs (5)
  --recipients N    messages a run (20000)
  --connections N   of everyone to the receiver (32)
  --only A,B        ceiling, socket, pressrun, pressrun+dkim, pressrun postgres, script, compile, import, clicks,
                    report, replays, studio
  --big N           and once pressrun with so many, for its memory (500000 takes minutes)
  --rows N          of the imported file (1000000)
  --deliveries N    that are clicked in (100000), that are reported (1000000)
  --hits N          of those that are reported (10000000)
  --rebuild         and their numbers are made anew: as long again
  --freeze N        and freezing so many beside a bare INSERT … SELECT (500000 takes minutes)
  --edits N         of an issue that the studio shows (50)
  --cpu-prof DIR    profiles of pressrun's engine
  --json FILE       where the runs are kept (bench/results/DATE.json); - prints them
`

const CONTESTANTS = ['ceiling', 'socket', 'pressrun', 'pressrun+dkim', 'pressrun postgres', 'script'] as const
type Contestant = (typeof CONTESTANTS)[number]
/** Sends nothing: what it takes to make a mail of an issue. */
const COMPILE = 'compile'
/** Nor does this: a file of people onto a List, and off it again. */
const IMPORT = 'import'
/** Nor this: redirects. */
const CLICKS = 'clicks'
/** Nor this: a large Send that was read by many, and its Report. */
const REPORT = 'report'
/** A Send beside which one pixel is asked again and again. */
const REPLAYS = 'replays'
/** An issue that is saved before the eyes of Chromium. */
const STUDIO = 'studio'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    recipients: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string' },
    big: { type: 'string' },
    freeze: { type: 'string' },
    rows: { type: 'string', default: '1000000' },
    deliveries: { type: 'string' },
    hits: { type: 'string', default: '10000000' },
    rebuild: { type: 'boolean', default: false },
    edits: { type: 'string', default: '50' },
    'cpu-prof': { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) process.stdout.write(HELP)
else await bench()

async function bench(): Promise<void> {
  const [rounds, recipients, connections] = [
    readCount('rounds', values.rounds),
    readCount('recipients', values.recipients),
    readCount('connections', values.connections),
  ]
  const bigCount = values.big === undefined ? null : readCount('big', values.big)
  const freezeCount = values.freeze === undefined ? null : readCount('freeze', values.freeze)
  const folder = mkdtempSync(path.join(diskFolder(), 'pressrun-bench-'))
  process.once('exit', () => {
    killAll()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void endAll())

  const load = readLoad()
  const machine = describeMachine(folder)
  const names = chosen([...CONTESTANTS, COMPILE, IMPORT, CLICKS, REPORT, REPLAYS, STUDIO])
  const senders = CONTESTANTS.filter((name) => names.includes(name))
  const withReplays = names.includes(REPLAYS)
  const sending = { folder, senders, rounds, recipients, connections, bigCount, withReplays }
  const isSending = senders.length > 0 || bigCount !== null || withReplays
  const sent: Sent = isSending ? await send(sending) : { rounds: [], message: null, big: null, replays: [] }
  const compile = names.includes(COMPILE) ? await measureCompile(folder, rounds) : []
  const rows = readCount('rows', values.rows)
  const imports = names.includes(IMPORT) ? await measureImport({ rows, rounds, folder }) : []
  const deliveries = (usual: number) => readCount('deliveries', values.deliveries ?? String(usual))
  const hits = readCount('hits', values.hits)
  const clicks = names.includes(CLICKS)
    ? await measureClicks({ deliveries: deliveries(100_000), rounds, folder, profileFolder: profileFolder() })
    : []
  const report = names.includes(REPORT)
    ? await measureReport({
        deliveries: deliveries(1_000_000),
        hits,
        rounds,
        isRebuilt: values.rebuild,
        folder,
      })
    : null
  const edits = readCount('edits', values.edits)
  const studio = names.includes(STUDIO) ? await measureStudio(folder, { edits, rounds }) : []
  const freeze = freezeCount === null ? [] : await measureFreeze({ people: freezeCount, rounds, folder })
  keep({
    date: new Date().toISOString(),
    machine,
    recipients,
    connections,
    load,
    ...sent,
    freeze,
    compile,
    imports,
    clicks,
    report,
    studio,
  })
}

function profileFolder(): string | null {
  return values['cpu-prof'] === undefined ? null : path.resolve(values['cpu-prof'])
}

interface Sending {
  readonly folder: string
  readonly senders: readonly Contestant[]
  readonly rounds: number
  readonly recipients: number
  readonly connections: number
  readonly bigCount: number | null
  readonly withReplays: boolean
}

type Sent = Pick<Report, 'rounds' | 'message' | 'big' | 'replays'>

async function send({
  folder,
  senders,
  rounds,
  recipients,
  connections,
  bigCount,
  withReplays,
}: Sending): Promise<Sent> {
  const material = await prepareMaterial(folder)
  const receiver = await startReceiver(folder)
  const course: Course = {
    receiverPort: receiver.port,
    connections,
    recipients,
    folder,
    messageFile: material.messageFile,
    profileFolder: profileFolder(),
  }
  const all = contestants(course, material.templateFile)
  const ran: Record<string, Run>[] = []
  for (let round = 1; round <= rounds; round++) {
    const results: Record<string, Run> = {}
    for (const name of senders) {
      const run = await orderly(name, recipients, all[name]())
      results[name] = run
      const rate = Math.round(run.messages / run.seconds)
      process.stderr.write(`round ${round}: ${name} ${rate}/s (load ${readLoad()})\n`)
    }
    ran.push(results)
  }
  const big = bigCount === null ? null : await runBig({ ...course, recipients: bigCount })
  const replays = withReplays ? await measureReplays(course, rounds) : []
  await receiver.stop()
  const { htmlBytes, textBytes, messageBytes } = material
  return { rounds: ran, message: { htmlBytes, textBytes, messageBytes }, big, replays }
}

function runBig(course: Course): Promise<Run> {
  return orderly('pressrun', course.recipients, runPressrun(course, { databaseUrl: null, dkim: 'none' }))
}

/** Late or not, what was started is ended by those who started it. */
async function orderly(name: string, messages: number, work: Promise<Run>): Promise<Run> {
  try {
    return await withinTime(name, messages, work)
  } catch (error) {
    await endAll()
    await work.catch(() => {})
    throw error
  }
}

function contestants(course: Course, templateFile: string): Readonly<Record<Contestant, () => Promise<Run>>> {
  return {
    ceiling: () => runCeiling(course),
    socket: () => runSocket(course),
    pressrun: () => runPressrun(course, { databaseUrl: null, dkim: 'none' }),
    'pressrun+dkim': () => runPressrun(course, { databaseUrl: null, dkim: 'rsa' }),
    'pressrun postgres': () =>
      onPostgres((databaseUrl) => runPressrun(course, { databaseUrl, dkim: 'none' })),
    script: () => runScript(course, templateFile),
  }
}

/** A private cluster as it comes, fsync and synchronous_commit on. */
async function onPostgres(work: (databaseUrl: string) => Promise<Run>): Promise<Run> {
  const cluster = await startPostgres(diskFolder())
  try {
    return await work(cluster.url)
  } finally {
    await cluster.stop()
  }
}

function keep(report: Report): void {
  if (values.json === '-') {
    process.stdout.write(`${JSON.stringify(report)}\n`)
    return
  }
  const file =
    values.json ?? path.join(PROJECT, 'bench', 'results', `${report.date.slice(0, 16).replace(':', '')}.json`)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`)
  writeFileSync(`${file.replace(/\.json$/, '')}.md`, writeMarkdown(report))
  process.stdout.write(`\n${printReport(report)}\nkept in ${path.relative(process.cwd(), file)}\n`)
}

function chosen(all: readonly string[]): readonly string[] {
  if (values.only === undefined) return all
  const wanted = values.only.split(',').map((name) => name.trim())
  const unknown = wanted.filter((name) => !all.includes(name))
  if (unknown.length > 0) return fail(`--only: no ${unknown.join(', ')}; there are ${all.join(', ')}`)
  return all.filter((name) => wanted.includes(name))
}

function readCount(option: string, text: string): number {
  const count = Number(text)
  return Number.isInteger(count) && count > 0
    ? count
    : fail(`--${option}: "${text}" is no whole number above 0`)
}

function fail(message: string): never {
  process.stderr.write(`bench: ${message}\n`)
  process.exit(2)
}
