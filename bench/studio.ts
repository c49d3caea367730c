/**
 * The studio: an issue of twelve Sections is saved again and again, and each time it is measured when the studio's event
 * is there and when Chromium has painted the new picture; in turns with a bare call of mjml on the same MJML. In a process
 * of its own, since mjml and the browser's driver stay in memory; the studio is the command, in another.
 */

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeTwelve } from './issue.js'
import { runProgram } from './process.js'
import { makeRoot } from './root.js'

/** Medians of all edits. */
export interface StudioRound {
  readonly edits: number
  /** mjml alone. */
  readonly bareMs: number
  /** From before the file is written to the server-sent event. */
  readonly eventMs: number
  /** … to two frames after the new picture has loaded. */
  readonly screenMs: number
  /** … to the event with its findings. */
  readonly findingsMs: number
  /** One in twenty takes longer than that. */
  readonly event95Ms: number
  readonly screen95Ms: number
}

export interface StudioRequest {
  readonly root: string
  readonly slug: string
  readonly edits: number
  readonly rounds: number
}

const SLUG = '2026-12-02-twelve'

export async function measureStudio(
  folder: string,
  { edits, rounds }: Pick<StudioRequest, 'edits' | 'rounds'>,
): Promise<readonly StudioRound[]> {
  const root = makeRoot(folder, {})
  const source = writeTwelve()
    .replace('date: 2026-12-01', 'date: 2026-12-02')
    .replace('number: 1', 'number: 3')
  writeFileSync(path.join(root.folder, 'issues', `${SLUG}.md`), source)
  const child = fileURLToPath(new URL('studio-child.js', import.meta.url))
  const request: StudioRequest = { root: root.folder, slug: SLUG, edits, rounds }
  return JSON.parse(
    await runProgram(process.execPath, [child, JSON.stringify(request)], {
      cwd: root.folder,
      env: root.env,
    }),
  )
}
