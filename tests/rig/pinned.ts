/** An issue of a studio's folder, pinned by a Send as it is now, and git that keeps such a folder. */

import { execFileSync } from 'node:child_process'
import { openStore } from '../../src/app/store.js'
import { createList, lookUpList } from '../../src/audience/list.js'
import { compileFor } from '../../src/commands/prepare.js'
import { canonicalJson } from '../../src/compile/canonical.js'
import { readConfig } from '../../src/config.js'
import { createSend } from '../../src/send/create.js'

export interface Pinned {
  readonly sendId: number
  readonly hash: string
}

/** `startedAt`, ms since 1970: when it began to go out; it is finished since. */
export async function pinSend(
  { root, env }: { readonly root: string; readonly env: Readonly<Record<string, string>> },
  slug: string,
  { list, startedAt }: { readonly list: string; readonly startedAt: number },
): Promise<Pinned> {
  // As the studio of the same folder has it, so that both make the same bytes.
  const config = readConfig({ root, env: { STUDIO_PORT: '0', ...env } })
  const { compilation } = await compileFor(config, slug)
  const store = await openStore(config)
  try {
    const { query } = store.db
    const now = startedAt
    const known = await lookUpList(query, list)
    const { id: listId } = known ?? (await createList(query, { name: list, title: list, now }))
    const content = canonicalJson(compilation.compiled)
    const { sendId } = await createSend(query, { compilation, content, listId, now })
    await query
      .updateTable('send')
      .set({ state: 'finished', started_at: startedAt, finished_at: startedAt, audience: 0 })
      .where('id', '=', sendId)
      .execute()
    return { sendId, hash: compilation.hash }
  } finally {
    await store.close()
  }
}

/** What git says, without what this machine has set for it. */
export function git(folder: string, ...command: readonly string[]): string {
  const who = ['user.name=Alice', 'user.email=alice@example.com', 'commit.gpgsign=false']
  const settings = who.flatMap((setting) => ['-c', setting])
  return execFileSync('git', ['-C', folder, ...settings, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  }).trim()
}
