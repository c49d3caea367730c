/** The studio, constructed: its server on this machine alone, and what it may know of the store. */

import type { Config } from '../config.js'
import { writeSampleWire } from '../send/sample-message.js'
import { serve } from '../web/server.js'
import type { IssueSend, StudioContext } from '../web/studio/context.js'
import { openStudio } from '../web/studio/studio.js'
import { withStore } from './look.js'
import type { Store } from './store.js'
import { inboxFolders } from './studio-inboxes.js'
import { findPinned } from './studio-pinned.js'

/** A picture that is still being drawn is for nobody any more. */
const CLOSE_PATIENCE_MS = 300

export interface RunningStudio {
  /** `http://127.0.0.1:4322` */
  readonly url: string
  close(): Promise<void>
}

/** What its commands do for it. */
export type StudioTasks = Pick<
  StudioContext,
  'draw' | 'check' | 'newIssue' | 'revisions' | 'testSend' | 'log'
>

/** Throws InputError when the port cannot be had. */
export async function startStudio(config: Config, tasks: StudioTasks): Promise<RunningStudio> {
  const { root, editorUrl, studioPort } = config
  const studio = openStudio({
    ...tasks,
    root,
    editorUrl,
    inboxFolders: inboxFolders(config),
    now: Date.now,
    writeWire: writeSampleWire,
    readSends: async () => (await withStore(config, readSends)) ?? [],
    findPinned: (prefix) => findPinned(config, prefix),
  })
  const server = await serve({
    web: { app: studio.app, door: (_request, _response, goOn) => goOn() },
    host: '127.0.0.1',
    port: studioPort,
    portVariable: 'STUDIO_PORT',
    patienceMs: CLOSE_PATIENCE_MS,
  }).catch(async (error: unknown) => {
    await studio.close()
    throw error
  })
  return {
    url: server.url,
    async close() {
      await studio.close()
      await server.close()
    },
  }
}

async function readSends({ db }: Store): Promise<readonly IssueSend[]> {
  const rows = await db.query
    .selectFrom('send')
    .innerJoin('issue', 'issue.id', 'send.issue_id')
    .innerJoin('list', 'list.id', 'send.list_id')
    .select([
      'send.id',
      'issue.slug',
      'send.compiled_hash as hash',
      'list.name as list',
      'send.state',
      'send.reason',
      'send.created_at as createdAt',
      'send.scheduled_at as scheduledAt',
      'send.started_at as startedAt',
      'send.finished_at as finishedAt',
    ])
    .orderBy('send.id', 'desc')
    .execute()
  return rows
}
