/** Bars: what the rounds come to, and whether that is what was promised. */

import type { ClickRound } from './clicks.js'
import type { CompileRound } from './compile.js'
import type { FreezeRound } from './freeze.js'
import type { ImportRound } from './import.js'
import type { ReplayRound } from './replays.js'
import type { ReportMeasure, ReportRound } from './report.js'
import type { Run } from './run.js'
import type { StudioRound } from './studio.js'

export type Rounds = readonly Readonly<Record<string, Run>>[]

/** With more than this much of the cores at work for others, figures say little. */
const QUIET_LOAD_PER_CORE = 0.25

export interface Measured {
  readonly rounds: Rounds
  readonly big?: Run | null
  readonly freeze?: readonly FreezeRound[]
  readonly compile?: readonly CompileRound[]
  readonly imports?: readonly ImportRound[]
  readonly clicks?: readonly ClickRound[]
  readonly report?: ReportMeasure | null
  readonly replays?: readonly ReplayRound[]
  readonly studio?: readonly StudioRound[]
}

export interface Bar {
  readonly promise: string
  /** The middle one of the rounds' figures; each compares what ran in the same round. */
  readonly figure: number
  readonly least: number
  readonly most: number
  readonly limit: number
  readonly kind: 'at least' | 'at most'
  readonly met: boolean
}

interface Promised<Round> extends Pick<Bar, 'promise' | 'limit' | 'kind'> {
  /** Null: not to be told from this round. */
  readonly figureOf: (round: Round) => number | null
}

type SendRound = Rounds[number]

const SENDS: readonly Promised<SendRound>[] = [
  rates('pressrun', 'ceiling', 0.8),
  rates('pressrun+dkim', 'ceiling', 0.6),
  rates('pressrun postgres', 'ceiling', 0.5),
  rates('pressrun', 'script', 8),
  {
    promise: 'CPU a message, pressrun ÷ socket',
    limit: 0.6,
    kind: 'at most',
    figureOf: (round) => quotient(cpuOf(round.pressrun), cpuOf(round.socket)),
  },
  {
    promise: 'peak memory of the engine, MB',
    limit: 300,
    kind: 'at most',
    figureOf: ({ pressrun }) => (pressrun?.peakBytes == null ? null : pressrun.peakBytes / 1e6),
  },
]

const FREEZE: readonly Promised<FreezeRound>[] = [
  {
    promise: 'rate, freeze ÷ bare INSERT … SELECT',
    limit: 0.3,
    kind: 'at least',
    figureOf: ({ bareSeconds, freezeSeconds }) => bareSeconds / freezeSeconds,
  },
]

const COMPILE: readonly Promised<CompileRound>[] = [
  {
    promise: 'time, compile ÷ bare mjml',
    limit: 2,
    kind: 'at most',
    figureOf: ({ compileMs, bareMs }) => compileMs / bareMs,
  },
  {
    promise: 'time, all checks ÷ compile',
    limit: 3,
    kind: 'at most',
    figureOf: ({ checksMs, compileMs }) => checksMs / compileMs,
  },
  {
    promise: 'time, second build ÷ first',
    limit: 0.2,
    kind: 'at most',
    figureOf: ({ secondMs, firstMs }) => secondMs / firstMs,
  },
]

const IMPORT: readonly Promised<ImportRound>[] = [
  {
    promise: 'rate, import ÷ csv-parse into a bare insert',
    limit: 0.25,
    kind: 'at least',
    figureOf: ({ bareSeconds, importSeconds }) => bareSeconds / importSeconds,
  },
  {
    promise: 'peak memory of the import, MB',
    limit: 300,
    kind: 'at most',
    figureOf: ({ importPeakBytes }) => importPeakBytes / 1e6,
  },
]

const CLICKS: readonly Promised<ClickRound>[] = [
  {
    promise: 'rate, clicks kept ÷ plain node:http',
    limit: 0.3,
    kind: 'at least',
    figureOf: ({ plain, pressrun }) => perSecond(pressrun) / perSecond(plain),
  },
  {
    promise: 'p99, clicks kept ÷ plain node:http',
    limit: 5,
    kind: 'at most',
    figureOf: ({ plain, pressrun }) => pressrun.p99Ms / plain.p99Ms,
  },
]

const REPORT: readonly Promised<ReportRound>[] = [
  {
    promise: 'time, report ÷ page by primary key of its size',
    limit: 2,
    kind: 'at most',
    figureOf: ({ largeMs, pageMs }) => largeMs / pageMs,
  },
  {
    promise: 'time, report, large Send ÷ small',
    limit: 2,
    kind: 'at most',
    figureOf: ({ largeMs, smallMs }) => largeMs / smallMs,
  },
]

const REPLAYS: readonly Promised<ReplayRound>[] = [
  {
    promise: 'time of a Send, beside replays ÷ alone',
    limit: 1.15,
    kind: 'at most',
    figureOf: ({ aloneSeconds, besideSeconds }) => besideSeconds / aloneSeconds,
  },
]

const STUDIO: readonly Promised<StudioRound>[] = [
  {
    promise: 'time, save → event of the studio ÷ bare mjml',
    limit: 4,
    kind: 'at most',
    figureOf: ({ eventMs, bareMs }) => eventMs / bareMs,
  },
  {
    promise: 'time, save → on screen ÷ bare mjml',
    limit: 15,
    kind: 'at most',
    figureOf: ({ screenMs, bareMs }) => screenMs / bareMs,
  },
]

/** `big`: one run with many more recipients. */
export function judge({
  rounds,
  big = null,
  freeze = [],
  compile = [],
  imports = [],
  clicks = [],
  report = null,
  replays = [],
  studio = [],
}: Measured): readonly Bar[] {
  return [
    ...bars(big === null ? SENDS : [...SENDS, ...flatMemory(big)], rounds),
    ...bars(FREEZE, freeze),
    ...bars(COMPILE, compile),
    ...bars(IMPORT, imports),
    ...bars(CLICKS, clicks),
    ...bars(REPORT, report?.rounds ?? []),
    ...bars(REPLAYS, replays),
    ...bars(STUDIO, studio),
  ]
}

/** Of each promise that any round can tell of. */
function bars<Round>(promises: readonly Promised<Round>[], rounds: readonly Round[]): readonly Bar[] {
  return promises.flatMap(({ promise, limit, kind, figureOf }) => {
    const figures = rounds.map(figureOf).filter((figure) => figure !== null)
    if (figures.length === 0) return []
    const figure = median(figures)
    const met = kind === 'at least' ? figure >= limit : figure <= limit
    return [{ promise, figure, least: Math.min(...figures), most: Math.max(...figures), limit, kind, met }]
  })
}

function flatMemory(big: Run): readonly Promised<SendRound>[] {
  const { peakBytes } = big
  return [
    {
      promise: 'peak memory with the many, MB',
      limit: 300,
      kind: 'at most',
      figureOf: () => (peakBytes === null ? null : peakBytes / 1e6),
    },
    {
      promise: 'peak memory, many ÷ few',
      limit: 1.2,
      kind: 'at most',
      figureOf: ({ pressrun }) => quotient(peakBytes, pressrun?.peakBytes ?? null),
    },
  ]
}

function rates(name: string, other: string, limit: number): Promised<SendRound> {
  return {
    promise: `rate, ${name} ÷ ${other}`,
    limit,
    kind: 'at least',
    figureOf: (round) => quotient(rateOf(round[name]), rateOf(round[other])),
  }
}

/** A sentence when the machine had other work before the first run; null when it was quiet. */
export function warnOfLoad({
  load,
  cores,
}: {
  readonly load: number
  readonly cores: number
}): string | null {
  if (load / cores <= QUIET_LOAD_PER_CORE) return null
  return `The machine was busy with other work (load ${load} on ${cores} cores): these figures say little.`
}

export function rateOf(run: Run | undefined): number | null {
  return run === undefined ? null : run.messages / run.seconds
}

/** Answers a second. */
export function perSecond({
  requests,
  seconds,
}: {
  readonly requests: number
  readonly seconds: number
}): number {
  return requests / seconds
}

/** ms a message. */
export function cpuOf(run: Run | undefined): number | null {
  return run === undefined || run.cpuMs === null ? null : run.cpuMs / run.messages
}

function quotient(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a / b
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
