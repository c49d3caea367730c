/** The process of `compile`: its first argument is a CompileRequest, it prints its rounds. Everything in one thread. */

import { rmSync } from 'node:fs'
import path from 'node:path'
import type { BuildInput } from '../src/compile/build.js'
import { buildCached } from '../src/compile/cached-build.js'
import { runChecks } from '../src/compile/checks/checks.js'
import { buildCheckInput, type Checkable } from '../src/compile/checks/input.js'
import { compileIssue } from '../src/compile/compile.js'
import { languagesOf, openDictionaries } from '../src/compile/dictionary.js'
import { readImages } from '../src/compile/images.js'
import { openPast } from '../src/compile/past.js'
import { readTemplate } from '../src/compile/template.js'
import { loadWriteWire } from '../src/compile/wire.js'
import { readIssue, readPublication } from '../src/issue/read.js'
import { prepareBare } from './bare-mjml.js'
import { median } from './bars.js'
import type { CompileRequest, CompileRound } from './compile.js'

/** V8 has then seen all of it often enough to compile it. */
const WARM_UP = 12
const TIMES = 7

// Written by compile.ts.
const request = JSON.parse(process.argv[2] ?? '{}') as CompileRequest
process.stdout.write(JSON.stringify(await measure(request)))

async function measure({ root, slug, rounds }: CompileRequest): Promise<readonly CompileRound[]> {
  const work = await prepare(root, slug)
  for (let time = 0; time < WARM_UP; time++) for (const step of Object.values(work)) await step()
  const measured: CompileRound[] = []
  for (let round = 0; round < rounds; round++) {
    const times: Record<keyof CompileRound, number[]> = {
      bareMs: [],
      compileMs: [],
      checksMs: [],
      firstMs: [],
      secondMs: [],
    }
    // In turns, so that what else the machine does meets all of them.
    for (let time = 0; time < TIMES; time++) {
      times.bareMs.push(await clock(work.bare))
      times.compileMs.push(await clock(work.compile))
      times.checksMs.push(await clock(work.check))
      work.forget()
      times.firstMs.push(await clock(work.build))
      times.secondMs.push(await clock(work.build))
    }
    const { bareMs, compileMs, checksMs, firstMs, secondMs } = times
    measured.push({
      bareMs: median(bareMs),
      compileMs: median(compileMs),
      checksMs: median(checksMs),
      firstMs: median(firstMs),
      secondMs: median(secondMs),
    })
  }
  return measured
}

async function prepare(root: string, slug: string) {
  const publication = await readPublication(root)
  const issue = await readIssue(root, slug)
  const images = await readImages(root, issue, publication)
  const template = await readTemplate(root, issue.template)
  const from = { name: 'The Bench', address: 'bench@example.com' }
  const place = { from, publicUrl: 'https://news.example.com', version: '0.0.0' }
  const { trace, ...compilation } = await compileIssue({
    issue,
    publication,
    images,
    template,
    ...place,
  })
  const wireModule = path.join(import.meta.dirname, '../src/send/sample-message.js')
  const writeWire = await loadWriteWire(wireModule)
  const checkable: Omit<Checkable, 'again'> = {
    issue,
    publication,
    images,
    compilation,
    trace,
    past: [],
    words: [],
    dictionaries: await openDictionaries(languagesOf(issue)),
    isLive: true,
    writeWire,
  }
  const cacheFolder = path.join(root, 'cache')
  const input: BuildInput = {
    root,
    slugOrPath: path.join(root, 'issues', `${slug}.md`),
    publicUrl: place.publicUrl,
    local: null,
    version: place.version,
    wireModule,
  }
  const readPast = openPast()
  return {
    bare: await prepareBare(root, slug),
    compile: () => compileIssue({ issue, publication, images, template, ...place }),
    // The second compile, whose bytes must be the same, is a part of checking.
    check: async () => {
      const { compiled: again } = await compileIssue({ issue, publication, images, template, ...place })
      return runChecks(buildCheckInput({ ...checkable, again }))
    },
    build: () => buildCached({ ...input, cacheFolder }, { readPast, onTemplate: () => {} }),
    forget: () => rmSync(cacheFolder, { recursive: true, force: true }),
  }
}

async function clock(step: () => unknown): Promise<number> {
  const began = performance.now()
  await step()
  return performance.now() - began
}
