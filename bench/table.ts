/** The figures as a table: for the terminal, and as Markdown for the README. */

import { type Bar, cpuOf, judge, median, perSecond, type Rounds, rateOf, warnOfLoad } from './bars.js'
import type { ClickRound } from './clicks.js'
import type { CompileRound } from './compile.js'
import type { FreezeRound } from './freeze.js'
import type { ImportRound } from './import.js'
import type { Machine } from './machine.js'
import type { ReplayRound } from './replays.js'
import type { ReportMeasure, ReportRound } from './report.js'
import type { Run } from './run.js'
import type { StudioRound } from './studio.js'

export interface Report {
  /** ISO 8601. */
  readonly date: string
  readonly machine: Machine
  readonly recipients: number
  readonly connections: number
  /** Null when nothing was sent. */
  readonly message: {
    readonly htmlBytes: number
    readonly textBytes: number
    readonly messageBytes: number
  } | null
  /** Load average before the first run. */
  readonly load: number
  readonly rounds: Rounds
  /** `--big`: one run of pressrun with many more; null when it was not asked for. */
  readonly big: Run | null
  /** `--freeze`: empty when it was not asked for. */
  readonly freeze: readonly FreezeRound[]
  /** Empty when it was left out. */
  readonly compile: readonly CompileRound[]
  /** Empty when it was left out. */
  readonly imports: readonly ImportRound[]
  /** Empty when it was left out. */
  readonly clicks: readonly ClickRound[]
  /** Null when it was left out. */
  readonly report: ReportMeasure | null
  /** Empty when it was left out. */
  readonly replays: readonly ReplayRound[]
  /** Empty when it was left out. */
  readonly studio: readonly StudioRound[]
}

type Cells = readonly string[]

const HEAD: Cells = ['', 'messages/s', 'of ceiling', 'CPU a message', 'peak memory']

export function printReport(report: Report): string {
  const { rounds, big } = report
  const warning = warnOfLoad({ load: report.load, cores: report.machine.cores })
  const extras = contestants(rounds).flatMap((name) => extraLines(name, rounds))
  return [
    describe(report),
    ...(warning === null ? [] : [warning]),
    ...(rounds.length === 0 ? [] : ['', align([HEAD, ...rows(rounds)])]),
    ...(big === null ? [] : ['', describeBig(big)]),
    ...(report.freeze.length === 0 ? [] : ['', describeFreeze(report.freeze)]),
    ...(report.compile.length === 0 ? [] : ['', describeCompile(report.compile)]),
    ...(report.imports.length === 0 ? [] : ['', describeImports(report.imports)]),
    ...(report.clicks.length === 0 ? [] : ['', describeClicks(report.clicks)]),
    ...(report.report === null ? [] : ['', describeReport(report.report)]),
    ...(report.replays.length === 0 ? [] : ['', describeReplays(report.replays)]),
    ...(report.studio.length === 0 ? [] : ['', describeStudio(report.studio)]),
    ...(extras.length === 0 ? [] : ['', ...extras]),
    '',
    align(judge(report).map(barCells)),
    '',
  ].join('\n')
}

export function writeMarkdown(report: Report): string {
  const warning = warnOfLoad({ load: report.load, cores: report.machine.cores })
  const line = (cells: Cells) => `| ${cells.join(' | ')} |`
  const head = [line(HEAD), line(HEAD.map((_, index) => (index === 0 ? '---' : '--:')))]
  const bars = judge(report).map((bar) => `- ${barCells(bar).join(' ')}`)
  return [
    ...(report.rounds.length === 0 ? [] : [...head, ...rows(report.rounds).map(line), '']),
    describe(report),
    ...(warning === null ? [] : ['', warning]),
    ...(report.big === null ? [] : ['', describeBig(report.big)]),
    ...(report.freeze.length === 0 ? [] : ['', describeFreeze(report.freeze)]),
    ...(report.compile.length === 0 ? [] : ['', describeCompile(report.compile)]),
    ...(report.imports.length === 0 ? [] : ['', describeImports(report.imports)]),
    ...(report.clicks.length === 0 ? [] : ['', describeClicks(report.clicks)]),
    ...(report.report === null ? [] : ['', describeReport(report.report)]),
    ...(report.replays.length === 0 ? [] : ['', describeReplays(report.replays)]),
    ...(report.studio.length === 0 ? [] : ['', describeStudio(report.studio)]),
    '',
    ...bars,
    '',
  ].join('\n')
}

function describe({ date, machine, recipients, connections, message, rounds }: Report): string {
  const { cpu, cores, memoryGb, kernel, node, fileSystem, syncMs } = machine
  const kb = (bytes: number) => `${Math.round(bytes / 1_000)} KB`
  const place =
    `${date.slice(0, 10)}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}, Node ${node.slice(1)}, ${fileSystem} ` +
    `(write and fdatasync ${syncMs.toFixed(2)} ms).`
  if (message === null) return place
  return (
    `${place} ${recipients.toLocaleString('en')} recipients, ` +
    `${connections} connections, a message of ${kb(message.messageBytes)} (HTML ${kb(message.htmlBytes)}, ` +
    `text ${kb(message.textBytes)}); ${rounds.length === 1 ? 'one round' : `medians of ${rounds.length} interleaved rounds`}.`
  )
}

function describeBig({ messages, seconds, peakBytes }: Run): string {
  const peak = peakBytes === null ? 'unknown' : `${Math.round(peakBytes / 1e6)} MB`
  return `pressrun to ${messages.toLocaleString('en')}: ${Math.round(messages / seconds)}/s, peak memory ${peak}.`
}

function describeFreeze(freeze: readonly FreezeRound[]): string {
  const people = freeze[0]?.people ?? 0
  const middle = (seconds: readonly number[]) => median(seconds).toFixed(1)
  return (
    `Freezing ${people.toLocaleString('en')}: ${middle(freeze.map(({ freezeSeconds }) => freezeSeconds))} s, ` +
    `the bare statement ${middle(freeze.map(({ bareSeconds }) => bareSeconds))} s.`
  )
}

function describeCompile(compile: readonly CompileRound[]): string {
  const middle = (of: (round: CompileRound) => number) => `${median(compile.map(of)).toFixed(1)} ms`
  return (
    `An issue of twelve Sections, warm: mjml alone ${middle(({ bareMs }) => bareMs)}, ` +
    `compiled ${middle(({ compileMs }) => compileMs)}, checked ${middle(({ checksMs }) => checksMs)}; ` +
    `a whole build ${middle(({ firstMs }) => firstMs)}, unchanged ${middle(({ secondMs }) => secondMs)}.`
  )
}

function describeImports(imports: readonly ImportRound[]): string {
  const middle = (of: (round: ImportRound) => number) => median(imports.map(of))
  const rate = (of: (round: ImportRound) => number) =>
    `${Math.round(middle(({ rows: count, ...round }) => count / of({ rows: count, ...round }))).toLocaleString('en')}/s`
  const mb = (of: (round: ImportRound) => number) => `${Math.round(middle(of) / 1e6)} MB`
  return (
    `A file of ${(imports[0]?.rows ?? 0).toLocaleString('en')} rows, 1 % of them broken: imported at ` +
    `${rate(({ importSeconds }) => importSeconds)} (${middle(({ importSeconds }) => importSeconds).toFixed(1)} s, peak ` +
    `${mb(({ importPeakBytes }) => importPeakBytes)}), undone in ${middle(({ undoSeconds }) => undoSeconds).toFixed(1)} s ` +
    `(peak ${mb(({ undoPeakBytes }) => undoPeakBytes)}); csv-parse into a bare insert ` +
    `${rate(({ bareSeconds }) => bareSeconds)} (${middle(({ bareSeconds }) => bareSeconds).toFixed(1)} s).`
  )
}

function describeClicks(clicks: readonly ClickRound[]): string {
  const middle = (of: (round: ClickRound) => number) => median(clicks.map(of))
  const rate = (of: (round: ClickRound) => number) => `${Math.round(middle(of)).toLocaleString('en')}/s`
  const ms = (of: (round: ClickRound) => number) => `${middle(of).toFixed(1)} ms`
  return (
    `Clicks in ${(clicks[0]?.deliveries ?? 0).toLocaleString('en')} Deliveries, ${clicks[0]?.connections ?? 0} connections: ` +
    `kept and redirected ${rate(({ pressrun }) => perSecond(pressrun))} (p50 ${ms(({ pressrun }) => pressrun.p50Ms)}, ` +
    `p99 ${ms(({ pressrun }) => pressrun.p99Ms)}, CPU ${middle(({ pressrun }) => (pressrun.cpuMs / pressrun.requests) * 1_000).toFixed(0)} µs a click); ` +
    `a plain node:http server ${rate(({ plain }) => perSecond(plain))} (p50 ${ms(({ plain }) => plain.p50Ms)}, ` +
    `p99 ${ms(({ plain }) => plain.p99Ms)}).`
  )
}

function describeReport(report: ReportMeasure): string {
  const { deliveries, hits, ingestSeconds, tallySeconds, rebuildSeconds, peakBytes, size, rounds } = report
  const middle = (of: (round: ReportRound) => number) => `${median(rounds.map(of)).toFixed(1)} ms`
  const rate = Math.round(hits / ingestSeconds).toLocaleString('en')
  const anew = rebuildSeconds === null ? '' : `, all made anew in ${rebuildSeconds.toFixed(0)} s`
  return (
    `The Report of ${deliveries.toLocaleString('en')} Deliveries, ${hits.toLocaleString('en')} Hits in all: ` +
    `${middle(({ largeMs }) => largeMs)}, of a Send to a thousand ${middle(({ smallMs }) => smallMs)}; a page by primary key ` +
    `of as many rows and bytes (${size.rows}, ${Math.round(size.bytes / 1_000)} KB) ${middle(({ pageMs }) => pageMs)}. ` +
    `Hits were counted at ${rate}/s (${ingestSeconds.toFixed(0)} s), Deliveries in ${tallySeconds.toFixed(1)} s${anew}; peak memory ${Math.round(peakBytes / 1e6)} MB.`
  )
}

function describeReplays(replays: readonly ReplayRound[]): string {
  const middle = (of: (round: ReplayRound) => number) => median(replays.map(of))
  const most = Math.max(...replays.map(({ allReplays }) => allReplays))
  return (
    `A Send to ${(replays[0]?.recipients ?? 0).toLocaleString('en')}: ` +
    `${middle(({ aloneSeconds }) => aloneSeconds).toFixed(1)} s, ` +
    `${middle(({ besideSeconds }) => besideSeconds).toFixed(1)} s while one pixel was asked ` +
    `${Math.round(middle(({ replays: count }) => count)).toLocaleString('en')} times; asked ${most.toLocaleString('en')} times it is ` +
    `one open, ${Math.max(...replays.map(({ rows: kept }) => kept))} Hits, and all are counted.`
  )
}

function describeStudio(studio: readonly StudioRound[]): string {
  const ms = (of: (round: StudioRound) => number) => `${Math.round(median(studio.map(of)))} ms`
  return (
    `The studio, an issue of twelve Sections saved ${studio[0]?.edits ?? 0} times a round: the event after ` +
    `${ms(({ eventMs }) => eventMs)} (p95 ${ms(({ event95Ms }) => event95Ms)}), painted by Chromium after ` +
    `${ms(({ screenMs }) => screenMs)} (p95 ${ms(({ screen95Ms }) => screen95Ms)}), all checks after ` +
    `${ms(({ findingsMs }) => findingsMs)}; mjml alone ${ms(({ bareMs }) => bareMs)}.`
  )
}

function rows(rounds: Rounds): readonly Cells[] {
  return contestants(rounds).map((name) => {
    const runs = runsOf(name, rounds)
    const share = rounds.flatMap((round) => {
      const [own, ceiling] = [rateOf(round[name]), rateOf(round.ceiling)]
      return own === null || ceiling === null ? [] : [own / ceiling]
    })
    const cpu = runs.map(cpuOf).filter((ms) => ms !== null)
    const peak = runs.map(({ peakBytes }) => peakBytes).filter((bytes) => bytes !== null)
    return [
      name,
      Math.round(median(runs.map((run) => run.messages / run.seconds))).toLocaleString('en'),
      share.length === 0 ? '' : median(share).toFixed(2),
      cpu.length === 0 ? '' : `${median(cpu).toFixed(2)} ms`,
      peak.length === 0 ? '' : `${Math.round(median(peak) / 1e6)} MB`,
    ]
  })
}

/** In the order of their first run. */
function contestants(rounds: Rounds): readonly string[] {
  return [...new Set(rounds.flatMap((round) => Object.keys(round)))]
}

function runsOf(name: string, rounds: Rounds): readonly Run[] {
  return rounds.flatMap((round) => round[name] ?? [])
}

function extraLines(name: string, rounds: Rounds): readonly string[] {
  const runs = runsOf(name, rounds)
  return Object.keys(runs[0]?.extra ?? {}).map((what) => {
    const values = runs.map(({ extra }) => extra?.[what]).filter((value) => value !== undefined)
    return `${name}, ${what}: ${median(values).toFixed(2)}`
  })
}

function barCells({ promise, figure, least, most, limit, kind, met }: Bar): Cells {
  const digits = limit >= 8 ? 1 : 2
  const [middle, low, high] = [figure, least, most].map((value) => value.toFixed(digits))
  return [met ? 'met' : 'NOT MET', promise, `${middle}`, `(${low}-${high})`, `${kind} ${limit}`]
}

function align(lines: readonly Cells[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  )
  const pad = (cell: string, column: number) => cell.padEnd(widths[column] ?? 0)
  return lines.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n')
}
