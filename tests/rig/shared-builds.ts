/** A folder where roots of one ring keep what they compile: the templates and samples are the same in all of them. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly buildsFolder: string
  }
}

export default function setUp(project: TestProject): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-builds-'))
  project.provide('buildsFolder', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
