/** The process of `studio`: its first argument is a StudioRequest, it prints its rounds. */

import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { openEars } from '../tests/rig/studio-ears.js'
import { prepareBare } from './bare-mjml.js'
import { median } from './bars.js'
import { collect, end, launch } from './process.js'
import { CLI } from './root.js'
import type { StudioRequest, StudioRound } from './studio.js'
import { openScreen } from './studio-screen.js'

/** V8 and Chromium have then seen all of it. */
const WARM_UP = 12

type Times = Readonly<Record<'bareMs' | 'eventMs' | 'screenMs' | 'findingsMs', number>>

// Written by studio.ts.
const request = JSON.parse(process.argv[2] ?? '{}') as StudioRequest
process.stdout.write(JSON.stringify(await measure(request)))
process.exit()

async function measure({ root, slug, edits, rounds }: StudioRequest): Promise<readonly StudioRound[]> {
  const bare = await prepareBare(root, slug)
  const studio = await startStudio(root)
  const ears = await openEars(studio.url, slug)
  const file = path.join(root, 'issues', `${slug}.md`)
  const source = readFileSync(file, 'utf8')
  let edit = 0
  let { version } = (await ears.hear('findings')).draft
  const screen = await openScreen(`${studio.url}/issues/${slug}`)
  try {
    for (let time = 0; time < WARM_UP; time++) await editOnce()
    const measured: StudioRound[] = []
    for (let round = 0; round < rounds; round++) {
      const times: Times[] = []
      for (let time = 0; time < edits; time++) times.push(await editOnce())
      measured.push(summarize(times))
    }
    return measured
  } finally {
    ears.close()
    await screen.close()
    await studio.end()
  }

  /** In turns, so that what else the machine does meets both. The next edit waits for the findings of the one before. */
  async function editOnce(): Promise<Times> {
    const bareBegan = now()
    await bare()
    const bareMs = now() - bareBegan
    const words = `This is edit ${++edit} of many.`
    const drawn = ears.hear('draft', ({ draft }) => draft.version > version)
    const found = ears.hear('findings', ({ draft }) => draft.version > version)
    const painted = screen.shows(words)
    const savedAt = now()
    writeFileSync(file, source.replace('\n## ', `\n${words}\n\n## `))
    const [eventAt, screenAt, findingsAt] = await Promise.all([drawn.then(now), painted, found.then(now)])
    version = (await drawn).draft.version
    const [eventMs, screenMs, findingsMs] = [eventAt - savedAt, screenAt - savedAt, findingsAt - savedAt]
    return { bareMs, eventMs, screenMs, findingsMs }
  }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

function summarize(times: readonly Times[]): StudioRound {
  const of = (name: keyof Times) => times.map((one) => one[name])
  return {
    edits: times.length,
    bareMs: median(of('bareMs')),
    eventMs: median(of('eventMs')),
    screenMs: median(of('screenMs')),
    findingsMs: median(of('findingsMs')),
    event95Ms: slowest(of('eventMs')),
    screen95Ms: slowest(of('screenMs')),
  }
}

/** The 95th percentile. */
function slowest(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN
}

async function startStudio(root: string) {
  const child = launch(process.execPath, [CLI, '--root', root, 'preview', '--port', '0'], { cwd: root })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  while (!stdout().includes('\n')) {
    if (child.exitCode !== null) throw new Error(`the studio ended with ${child.exitCode}: ${stderr()}`)
    await Promise.race([child.stdout && once(child.stdout, 'data'), once(child, 'close')])
  }
  return { url: new URL(stdout().trim()).origin, end: () => end(child) }
}
