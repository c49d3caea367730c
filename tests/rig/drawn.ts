/** Pictures of issues as the studio draws them, in this process: those of the project, of the fixtures, and one a test writes. */

import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { drawIssue } from '../../src/compile/build.js'
import type { Picture } from '../../src/compile/picture.js'

const REPOSITORY = path.join(import.meta.dirname, '../..')

export interface Drawable {
  /** Where `issues/` lies; templates are the project's. */
  readonly from: string
  readonly slug: string
}

/** Every issue of the project and of the fixtures. */
export const DRAWABLES: readonly Drawable[] = [
  REPOSITORY,
  path.join(REPOSITORY, 'tests/fixtures/press'),
].flatMap((from) =>
  readdirSync(path.join(from, 'issues'))
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .map((name) => ({ from, slug: name.replace(/\.md$/, '') })),
)

/** `source`: of an issue that does not lie there yet. */
export async function draw({ from, slug }: Drawable, source?: string): Promise<Picture> {
  const root = mkdtempSync(path.join(tmpdir(), 'pressrun-drawn-'))
  try {
    cpSync(path.join(from, 'issues'), path.join(root, 'issues'), { recursive: true })
    cpSync(path.join(REPOSITORY, 'templates'), path.join(root, 'templates'), { recursive: true })
    if (source !== undefined) writeFileSync(path.join(root, 'issues', `${slug}.md`), source)
    const local = {
      publicUrl: 'http://127.0.0.1:1',
      from: { name: 'The Tide', address: 'tide@example.org' },
    }
    const input = { root, slugOrPath: slug, publicUrl: null, local, version: '0.0.0', wireModule: '' }
    return await drawIssue(input, { onTemplate: () => {} })
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** Beside the project's own issues. */
export function drawSource(source: string): Promise<Picture> {
  return draw({ from: REPOSITORY, slug: '2026-12-01-written' }, source)
}
