/**
 * The process that counts: ingests all Hits, tallies, then reads the Report in turns with a page of a table by its primary
 * key that is as many rows and bytes. Reads its request from the first argument, prints what it took.
 */

import { type KyselyPlugin, sql } from 'kysely'
import { openStore } from '../src/app/store.js'
import { readConfig } from '../src/config.js'
import { readRows } from '../src/db/rows.js'
import { ingestOnce } from '../src/event/ingest.js'
import { rejudge } from '../src/event/rejudge.js'
import { readReport } from '../src/report/report.js'
import { readTally } from '../src/report/settled.js'
import { median } from './bars.js'
import { readUsage } from './process.js'
import type { ReportFigures, ReportRequest } from './report.js'

/** Of each in one round. */
const TIMES = 30
const PAGES = 200

// Written by report.ts.
const { root, env, largeSend, smallSend, rounds, isRebuilt } = JSON.parse(
  process.argv[2] ?? '{}',
) as ReportRequest
const store = await openStore(readConfig({ root, env }))
const { query } = store.db

const ingestSeconds = await time(() => ingestOnce({ db: store.db, now: store.now }))
const hits = await countJudged()
const tallySeconds = await time(() => readTally(query, largeSend))
const rebuildSeconds = isRebuilt ? await time(() => rebuild()) : null
const size = await sizeOf(largeSend)
await makePages(size)
const measured = []
for (let round = 0; round < rounds; round++) {
  const times = { largeMs: [] as number[], smallMs: [] as number[], pageMs: [] as number[] }
  for (let turn = 0; turn < TIMES; turn++) {
    times.largeMs.push(1_000 * (await time(() => readReport(query, largeSend))))
    times.pageMs.push(1_000 * (await time(() => readPage(round * TIMES + turn))))
    times.smallMs.push(1_000 * (await time(() => readReport(query, smallSend))))
  }
  measured.push({
    largeMs: median(times.largeMs),
    smallMs: median(times.smallMs),
    pageMs: median(times.pageMs),
  })
}
const { peakBytes } = readUsage(process.pid)
await store.close()
const figures: ReportFigures = {
  hits,
  ingestSeconds,
  tallySeconds,
  rebuildSeconds,
  peakBytes,
  size,
  rounds: measured,
}
process.stdout.write(JSON.stringify(figures))

/** Throws when one was passed over. */
async function countJudged(): Promise<number> {
  const [row] = await readRows(
    query,
    sql<{ hits: number; judged: number }>`
      select (select count(*) from hit) as hits, (select count(*) from classification) as judged`,
  )
  if (row === undefined || row.hits !== row.judged)
    throw new Error(`${row?.judged} of ${row?.hits} Hits are judged`)
  return row.hits
}

async function rebuild(): Promise<void> {
  const { differing, drifted } = await rejudge(query, largeSend, { now: store.now })
  if (differing + drifted > 0)
    throw new Error(`made anew, ${differing} numbers and ${drifted} verdicts are others`)
}

/** What all statements of a Report give back. */
async function sizeOf(sendId: number): Promise<{ readonly rows: number; readonly bytes: number }> {
  let [rows, bytes] = [0, 0]
  const weighing: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      rows += result.rows.length
      for (const row of result.rows) bytes += Object.values(row).join('').length
      return result
    },
  }
  await readReport(query.withPlugin(weighing), sendId)
  return { rows, bytes }
}

async function makePages({ rows, bytes }: { readonly rows: number; readonly bytes: number }): Promise<void> {
  await sql`create table page (id integer primary key, content text not null)`.execute(query)
  const width = Math.ceil(bytes / rows)
  await sql`
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows * PAGES})
    insert into page (id, content) select i, substr(hex(randomblob(${width})), 1, ${width}) from n`.execute(
    query,
  )
}

async function readPage(turn: number): Promise<void> {
  const after = (turn % PAGES) * size.rows
  const page = await readRows(
    query,
    sql`select id, content from page where id > ${after} order by id limit ${size.rows}`,
  )
  if (page.length !== size.rows) throw new Error(`a page of ${page.length} rows, not ${size.rows}`)
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1_000
}
