/**
 * Two lanes side by side for three minutes; one receiver answers 421 for a minute. Draws what each accepted by the second
 * into two-lanes.svg beside this file. `npm run build`, then `node dist/bench/two-lanes.js`.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { SLUG } from './issue.js'
import { diskFolder } from './machine.js'
import { endAll } from './process.js'
import { makeRoot } from './root.js'
import { drawTwoLanes } from './two-lanes-plot.js'
import { startTwoReceivers } from './two-receivers.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const SECONDS = 180
const BAD = { from: 30, until: 90 }
const PER_SECOND = { 'gmail.com': 40, 'example.org': 100 } as const
const LIST = 'both'

const folder = mkdtempSync(path.join(diskFolder(), 'two-lanes-'))
let startedAt = performance.now()
const receiver = await startTwoReceivers({
  domains: Object.keys(PER_SECOND),
  refuses: (domain, sinceMs) =>
    domain === 'gmail.com' && sinceMs >= BAD.from * 1_000 && sinceMs < BAD.until * 1_000,
  startedAt: () => startedAt,
})
try {
  const root = makeRoot(folder, {
    SMTP_URL: `smtp://127.0.0.1:${receiver.port}?ignoreTLS=true&maxConnections=10&maxMessages=100000`,
    PACE: `gmail=${PER_SECOND['gmail.com']}/s; other=${PER_SECOND['example.org']}/s`,
  })
  mkdirSync(root.folder, { recursive: true })
  const file = path.join(root.folder, 'both.csv')
  writeFileSync(file, ['address,name', ...readers()].join('\n'))
  await root.run('subscribers', 'import', file, '--list', LIST, '--create-list')
  await root.start()
  await root.run('send', SLUG, '--list', LIST)
  while (totals() === 0) await wait(20)
  startedAt = performance.now()
  for (const list of receiver.seconds.values()) (list as unknown[]).length = 0
  for (let second = 0; second < SECONDS; second += 15) {
    await wait(15_000)
    process.stdout.write(`${second + 15} s: ${describe(second + 14)}\n`)
  }
  const status = await root.run('status', '1')
  process.stdout.write(status)
  const svg = drawTwoLanes({ seconds: SECONDS, bad: BAD, series: receiver.seconds })
  writeFileSync(path.join(PROJECT, 'bench', 'two-lanes.svg'), svg)
} finally {
  await endAll()
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Enough for the time, the slow lane's first: it stands before the other in every queue. */
function readers(): readonly string[] {
  return Object.entries(PER_SECOND).flatMap(([domain, perSecond]) =>
    Array.from({ length: perSecond * SECONDS }, (_, index) => `reader${index}@${domain},Reader ${index}`),
  )
}

function totals(): number {
  return [...receiver.seconds.values()].flat().reduce((sum, { accepted }) => sum + accepted, 0)
}

function describe(second: number): string {
  return [...receiver.seconds]
    .map(([domain, list]) => {
      const { accepted = 0, refused = 0 } = list[second] ?? {}
      return `${domain} ${accepted} accepted, ${refused} refused`
    })
    .join('; ')
}
