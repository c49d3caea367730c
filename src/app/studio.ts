/** The studio, constructed: its server on this machine alone, and what it may know of the store. */

import type { Config } from '../config.js'
import { readIssueSends } from '../send/issue-sends.js'
import { writeSampleWire } from '../send/sample-message.js'
import { serve } from '../web/server.js'
import type { StudioContext } from '../web/studio/context.js'
import { openStudio } from '../web/studio/studio.js'
import { withStore } from './look.js'
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
    readSends: async () => (await withStore(config, ({ db }) => readIssueSends(db.query))) ?? [],
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
