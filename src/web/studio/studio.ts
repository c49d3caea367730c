/** The studio: the local preview. One page, what it asks, and what stands in its frames. */

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { InputError } from '../../errors.js'
import { aboutRoutes } from './about-routes.js'
import type { StudioContext } from './context.js'
import { draftRoutes } from './draft-routes.js'
import { openDrafts } from './drafts.js'
import type { StudioEnv } from './env.js'
import { eventRoutes } from './event-routes.js'
import { frameRoutes } from './frame-routes.js'
import { guard } from './guard.js'
import { inboxRoutes } from './inbox/inbox-routes.js'
import { openInboxes } from './inbox/inboxes.js'
import { watchInboxes } from './inbox/watch-inboxes.js'
import { openCounts } from './issue-counts.js'
import { openIndex } from './issue-index.js'
import { issueRoutes } from './issue-routes.js'
import { openListNews } from './list-news.js'
import { NO_PAGE } from './page.js'
import { pageRoutes } from './page-routes.js'
import { readerRoutes } from './reader-routes.js'
import { testRoutes } from './test-routes.js'
import { versionRoutes } from './versions/version-routes.js'
import { openVersions } from './versions/versions.js'
import { watchFiles } from './watch.js'

/** The largest that any page sends of what a person has typed. */
const MAX_BODY_BYTES = 100_000

export interface Studio {
  readonly app: Hono<StudioEnv>
  /** Nothing is watched, drawn or told any more; what is under way tells nobody. */
  close(): Promise<void>
}

export function openStudio(context: StudioContext): Studio {
  const drafts = openDrafts({ ...context, look: () => watch.look() })
  const list = openListNews(drafts.live)
  const watch = watchFiles(context.root, {
    onChange(change) {
      drafts.change(change)
      counts.change()
      list.change(change)
    },
    now: context.now,
  })
  const inboxWatch = watchInboxes(
    context.inboxFolders.map(({ folder }) => folder),
    () => void drafts.live.emit('inbox', {}),
  )
  const versions = openVersions(context)
  const counts = openCounts({ ...context, drafts })
  const events = eventRoutes({ drafts })
  const app = new Hono<StudioEnv>()
  app.use(guard)
  // What two pictures say is longer than what anyone types, and has a limit of its own.
  app.route('/', versionRoutes({ drafts, versions }))
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES }))
  app.route('/', pageRoutes())
  app.route('/', aboutRoutes(context))
  app.route('/', events.routes)
  app.route('/', issueRoutes({ ...context, index: openIndex({ ...context, counts }) }))
  app.route('/', draftRoutes({ ...context, drafts }))
  app.route('/', readerRoutes({ ...context, drafts }))
  app.route('/', testRoutes({ ...context, drafts }))
  app.route('/', frameRoutes({ drafts, versions }))
  app.route('/', inboxRoutes({ inboxes: openInboxes(context) }))
  // Frames and what scripts ask are looked at by nobody.
  app.notFound((c) =>
    /^\/(?:api|frame|client)\//.test(c.req.path) ? c.text('404 Not Found', 404) : c.html(NO_PAGE, 404),
  )
  app.onError((error, c) => {
    if (error instanceof HTTPException)
      return c.json(
        { problems: [{ where: '', line: null, message: 'this is more than the studio takes' }] },
        error.status,
      )
    if (error instanceof InputError) return c.json({ problems: error.problems }, 422)
    context.log.error({ err: error }, 'studio request failed')
    return c.json({ problems: [{ where: '', line: null, message: error.message }] }, 500)
  })
  return {
    app,
    async close() {
      counts.close()
      watch.close()
      list.close()
      drafts.close()
      events.close()
      inboxWatch.close()
    },
  }
}
