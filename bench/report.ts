/**
 * The Report of a Send to a million whose readers have opened and clicked ten million times: how fast what they do is counted,
 * and what the Report then costs, against a page of a table of as many rows and bytes, by its primary key. On SQLite.
 */

import { rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '../src/app/store.js'
import { readConfig } from '../src/config.js'
import { beginSend } from './freeze.js'
import { LINKS } from './issue.js'
import { runProgram } from './process.js'
import { fill } from './report-fill.js'
import { LIST, makeRoot } from './root.js'

/** What the child that counts and reads is asked for. */
export interface ReportRequest {
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly largeSend: number
  readonly smallSend: number
  readonly rounds: number
  /** Whether all of it is made anew, too. */
  readonly isRebuilt: boolean
}

/** What it answers. */
export interface ReportFigures {
  /** Counted, those of the small Sends too. */
  readonly hits: number
  readonly ingestSeconds: number
  readonly tallySeconds: number
  /** Made anew from its Hits, with the same numbers; null when that was not asked for. */
  readonly rebuildSeconds: number | null
  /** Of the process, after all of it. */
  readonly peakBytes: number
  /** What all statements of the Report give back. */
  readonly size: { readonly rows: number; readonly bytes: number }
  readonly rounds: readonly ReportRound[]
}

/** Milliseconds, the middle of many. */
export interface ReportRound {
  readonly largeMs: number
  /** Of a Send to a thousand. */
  readonly smallMs: number
  readonly pageMs: number
}

export interface ReportMeasure extends ReportFigures {
  readonly deliveries: number
  readonly fillSeconds: number
}

export interface ReportCourse {
  readonly deliveries: number
  readonly hits: number
  readonly rounds: number
  readonly isRebuilt: boolean
  readonly folder: string
}

/** Throws when not every Hit was counted, or a rebuild comes to other numbers. */
export async function measureReport(course: ReportCourse): Promise<ReportMeasure> {
  const { deliveries, hits, rounds, isRebuilt, folder } = course
  // Nothing is sent to this relay.
  const root = makeRoot(folder, { SMTP_URL: 'smtp://127.0.0.1:9' })
  try {
    await root.importReaders(LIST, 1)
    const config = readConfig({ root: root.folder, env: root.env })
    const store = await openStore(config)
    const sendId = await beginSend(store, config).finally(() => store.close())
    const file = path.join(config.dataDir, 'pressrun.db')
    const began = performance.now()
    const sends = fill({ file, sendId, deliveries, hits, links: LINKS })
    const fillSeconds = (performance.now() - began) / 1_000
    process.stderr.write(`filled in ${fillSeconds.toFixed(0)} s\n`)
    const request: ReportRequest = { root: root.folder, env: root.env, ...sends, rounds, isRebuilt }
    const child = fileURLToPath(new URL('report-child.js', import.meta.url))
    const answer = await runProgram(process.execPath, [child, JSON.stringify(request)], {
      cwd: root.folder,
      env: root.env,
    })
    // Written by report-child.ts.
    return { deliveries, fillSeconds, ...(JSON.parse(answer) as ReportFigures) }
  } finally {
    rmSync(root.folder, { recursive: true, force: true })
  }
}
