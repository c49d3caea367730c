/** What sites answered lately, in a file that may be deleted at any time; what cannot be read is as good as none. */

import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { LinkLook } from '../compile/checks/link-answer.js'
import { makeDataDir } from '../data-dir.js'

export interface RememberedLook {
  readonly askedMs: number
  readonly look: LinkLook
}

const schema = z.record(
  z.string(),
  z.object({
    askedMs: z.number(),
    look: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('answered'), status: z.number() }),
      z.object({ kind: z.literal('refused'), why: z.string() }),
    ]),
  }),
)

export async function readLinkLooks(file: string): Promise<ReadonlyMap<string, RememberedLook>> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(file, 'utf8')))
    return parsed.success ? new Map(Object.entries(parsed.data)) : new Map()
  } catch {
    // Not there, or not ours: everything is asked anew.
    return new Map()
  }
}

export async function writeLinkLooks(
  file: string,
  looks: ReadonlyMap<string, RememberedLook>,
): Promise<void> {
  makeDataDir(path.dirname(file))
  const written = `${file}.${process.pid}.part`
  await writeFile(written, JSON.stringify(Object.fromEntries(looks)), { mode: 0o600 })
  await rename(written, file)
}
