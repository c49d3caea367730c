import { expect, test } from 'vitest'
import { judge, median, warnOfLoad } from './bars.js'
import type { Run } from './run.js'

function run(seconds: number, cpuMs: number | null = null, peakBytes: number | null = null): Run {
  return { messages: 1_000, seconds, cpuMs, peakBytes }
}

test('the middle of the rounds is compared, each round in itself', () => {
  const rounds = [
    { ceiling: run(1), pressrun: run(1) },
    // The machine was busy: both were slow.
    { ceiling: run(10), pressrun: run(12) },
    { ceiling: run(1), pressrun: run(4) },
  ]

  const [bar] = judge({ rounds })

  expect(bar).toMatchObject({ promise: 'rate, pressrun ÷ ceiling', limit: 0.8, met: true })
  expect(bar?.figure).toBeCloseTo(10 / 12)
  expect([bar?.least, bar?.most]).toEqual([0.25, 1])
})

test('a bar that is not reached is not met, and what did not run has none', () => {
  const bars = judge({
    rounds: [{ socket: run(1, 500), pressrun: run(2, 400, 301e6), script: run(15) }],
  })

  expect(bars.map(({ promise, met }) => `${promise}: ${met}`)).toEqual([
    'rate, pressrun ÷ script: false',
    'CPU a message, pressrun ÷ socket: false',
    'peak memory of the engine, MB: false',
  ])
})

test('the median of an even number lies between the two in the middle', () => {
  expect(median([4, 1, 2, 100])).toBe(3)
})

test('a machine that has other work is said to be busy', () => {
  expect(warnOfLoad({ load: 0.3, cores: 2 })).toBeNull()
  expect(warnOfLoad({ load: 13, cores: 2 })).toMatch(/busy .* \(load 13 on 2 cores\)/)
})

test('memory that grows with the audience is told from memory that does not', () => {
  const round = { pressrun: run(1, null, 200e6) }

  const promises = (peak: number) =>
    judge({ rounds: [round], big: run(50, null, peak) }).filter(({ promise }) =>
      promise.startsWith('peak memory, many'),
    )

  expect(promises(230e6)).toMatchObject([{ met: true }])
  expect(promises(260e6)).toMatchObject([{ met: false }])
})

test('a freeze that takes three times as long as the bare statement is at a third of its rate', () => {
  const [bar] = judge({ rounds: [], freeze: [{ people: 1, bareSeconds: 2, freezeSeconds: 6 }] })

  expect(bar).toMatchObject({ promise: expect.stringContaining('freeze'), limit: 0.3, met: true })
  expect(bar?.figure).toBeCloseTo(1 / 3)
})

test('compiling is held against bare mjml, checks against compiling, the second build against the first', () => {
  const rounds = [{ bareMs: 30, compileMs: 45, checksMs: 180, firstMs: 250, secondMs: 5 }]

  const bars = judge({ rounds: [], compile: rounds })

  expect(bars.map(({ promise, figure, met }) => `${promise}: ${figure.toFixed(2)} ${met}`)).toEqual([
    'time, compile ÷ bare mjml: 1.50 true',
    'time, all checks ÷ compile: 4.00 false',
    'time, second build ÷ first: 0.02 true',
  ])
})

test('an import is held against the bare insert of its own round, and to its memory', () => {
  const round = {
    rows: 1_000,
    bareSeconds: 1,
    importSeconds: 3,
    importPeakBytes: 310e6,
    undoSeconds: 1,
    undoPeakBytes: 1,
  }

  expect(judge({ rounds: [], imports: [round] })).toMatchObject([
    { promise: 'rate, import ÷ csv-parse into a bare insert', figure: 1 / 3, met: true },
    { promise: 'peak memory of the import, MB', figure: 310, met: false },
  ])
})

test('clicks are held against the plain server of their own round, in rate and in waiting', () => {
  const asked = (requests: number, p99Ms: number) => ({ requests, seconds: 2, p50Ms: 1, p99Ms })
  const round = {
    connections: 64,
    deliveries: 1_000,
    plain: asked(10_000, 4),
    pressrun: { ...asked(4_000, 22), cpuMs: 100 },
  }

  expect(judge({ rounds: [], clicks: [round] })).toMatchObject([
    { promise: 'rate, clicks kept ÷ plain node:http', figure: 0.4, met: true },
    { promise: 'p99, clicks kept ÷ plain node:http', figure: 5.5, met: false },
  ])
})

test('a Report is held against a page of its size, and a large one against a small one', () => {
  const report = {
    deliveries: 1_000,
    fillSeconds: 1,
    hits: 10_000,
    ingestSeconds: 1,
    tallySeconds: 1,
    rebuildSeconds: null,
    peakBytes: 1,
    size: { rows: 10, bytes: 1_000 },
    rounds: [{ largeMs: 3, smallMs: 1, pageMs: 2 }],
  }

  expect(judge({ rounds: [], report })).toMatchObject([
    { promise: 'time, report ÷ page by primary key of its size', figure: 1.5, met: true },
    { promise: 'time, report, large Send ÷ small', figure: 3, met: false },
  ])
})

test('a Send beside replays is held against the one without in its own round', () => {
  const round = { recipients: 1, replays: 5_000, allReplays: 5_000, rows: 200, aloneSeconds: 10 }
  const replays = [12, 11, 10.5].map((besideSeconds) => ({ ...round, besideSeconds }))

  expect(judge({ rounds: [], replays })).toMatchObject([
    { promise: 'time of a Send, beside replays ÷ alone', figure: 1.1, most: 1.2, met: true },
  ])
})

test('the studio is held against bare mjml in its own round: its event, and what is on screen', () => {
  const round = {
    edits: 50,
    bareMs: 30,
    eventMs: 90,
    screenMs: 480,
    findingsMs: 500,
    event95Ms: 100,
    screen95Ms: 500,
  }

  expect(judge({ rounds: [], studio: [round] })).toMatchObject([
    { promise: 'time, save → event of the studio ÷ bare mjml', figure: 3, limit: 4, met: true },
    { promise: 'time, save → on screen ÷ bare mjml', figure: 16, limit: 15, met: false },
  ])
})
