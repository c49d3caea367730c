/** The public web: tracking, unsubscribe, images, the pages of sent Issues. Every answer has the same guards. */

import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { methodNotAllowed } from 'hono/method-not-allowed'
import type { Db } from '../db/db.js'
import type { Hits } from '../event/hit.js'
import type { Publication } from '../issue/publication.js'
import type { Keys } from '../link/token.js'
import type { Log } from '../log.js'
import { openArchive } from './archive.js'
import { clientAddress, type IsProxy } from './client-address.js'
import type { WebEnv } from './env.js'
import { faceOf } from './face.js'
import { errorPage, methodPage, missingPage, tooLargePage } from './failure.js'
import { GUARDS } from './guards.js'
import { healthRoutes, type Ills } from './health.js'
import { MAX_HOOK_BYTES } from './hooks/hook.js'
import { type HookContext, hookRoutes } from './hooks/routes.js'
import { openOutageLog } from './outage.js'
import { moveFromAct, moveToAct } from './public/act-move.js'
import { eraseAct, exportAct } from './public/act-own-data.js'
import { cardRoutes } from './public/card-route.js'
import { commentAct } from './public/comment-act.js'
import { commentRoutes } from './public/comment-form.js'
import { commentsOf } from './public/comments.js'
import { confirmAct } from './public/confirm-act.js'
import { feedRoutes } from './public/feed-routes.js'
import { iconRoutes } from './public/icon.js'
import { indexRoutes } from './public/index-page.js'
import { issueRoutes } from './public/issue-page.js'
import { noticeRoutes } from './public/notice.js'
import { preferencesRoutes } from './public/preferences.js'
import { openReadings } from './public/reading.js'
import { searchRoutes } from './public/search.js'
import { sitemapRoutes } from './public/sitemap.js'
import { subscribeRoutes } from './public/subscribe.js'
import { sameSite } from './same-site.js'
import { openSentIssues } from './sent-issues.js'
import { openAnswerer } from './track/answer.js'
import { type Door, openDoor } from './track/door.js'
import { imageRoutes } from './track/image.js'
import { openPace } from './track/pace.js'
import { trackRoutes } from './track/routes.js'
import { openTargets } from './track/targets.js'
import { unsubscribeRoutes } from './track/unsubscribe.js'

/** A one-click POST has 26 bytes of body. */
const MAX_BODY_BYTES = 16_384
/** 5,000 characters of four bytes, each byte written as `%F0`, and a name. */
const MAX_COMMENT_BYTES = 65_536
const HOOK_PATH = /^\/hooks\//
const COMMENT_PATH = /^\/issues\/[^/]+\/comment\/[^/]+$/

export interface WebContext {
  readonly db: Db
  readonly keys: Keys
  readonly hits: Hits
  readonly log: Log
  readonly now: () => number
  /** As the root's file says now, else as it was last read; null: never. */
  readonly publication: () => Promise<Publication | null>
  /** Where readers reach this web: absolute, without a trailing slash. */
  readonly publicUrl: () => Promise<string>
  readonly isProxy: IsProxy
  readonly ills: () => Promise<Ills>
  /** What providers that send for us may report here. */
  readonly hooks: Pick<HookContext, 'settings' | 'rules' | 'fetchText'>
}

export interface Web {
  readonly app: Hono<WebEnv>
  /** What is asked most goes through here first. */
  readonly door: Door
}

export function buildWeb(context: WebContext): Web {
  const { db, keys, hits, log, now, publication, publicUrl, isProxy, ills, hooks } = context
  const outage = openOutageLog({ log, now })
  const issues = openSentIssues(db.query)
  const archive = openArchive(db.query)
  const readings = openReadings(issues, publicUrl)
  const face = faceOf({ query: db.query, publication, publicUrl })
  const timeZone = async () => (await publication())?.timeZone ?? null
  const targets = openTargets(db.query)
  const answer = openAnswerer({ keys, targets, hits, outage, pace: openPace(), publication, publicUrl })
  const app = new Hono<WebEnv>()
  app.use(guard)
  app.use(async (c, next) => {
    c.set('face', face)
    c.set('client', clientAddress(getConnInfo(c).remote.address, c.req.header('x-forwarded-for'), isProxy))
    await next()
  })
  app.use(methodNotAllowed({ app, onMethodNotAllowed: methodPage }))
  app.use(boundedBody)
  app.use(sameSite({ publicUrl }))
  app.route('/', trackRoutes(answer))
  app.route('/', unsubscribeRoutes({ db, keys, issues, face, hits, outage, now }))
  app.route('/', preferencesRoutes({ db, keys, issues, face, publication, hits, outage, now }))
  const acts = {
    confirm: confirmAct({ db, keys, face, now }),
    comment: commentAct({ db, face, now }),
    moveFrom: moveFromAct({ db, keys, face, now }),
    moveTo: moveToAct({ db, keys, face, now }),
    export: exportAct({ db, keys, now }),
    erase: eraseAct({ db, keys, face, now }),
  }
  app.route('/', noticeRoutes({ db, keys, face, now, acts }))
  app.route('/', subscribeRoutes({ db, keys, log, now, face, publicUrl }))
  app.route('/', imageRoutes({ query: db.query }))
  const shown = { archive, readings, issueOf: issues.ofHash, face, publicUrl, timeZone }
  app.route('/', indexRoutes(shown))
  app.route('/', issueRoutes({ ...shown, comments: commentsOf({ query: db.query, publication, now }) }))
  app.route('/', commentRoutes({ db, keys, archive, readings, face, publication, hits, outage, now }))
  app.route('/', cardRoutes(shown))
  app.route('/', feedRoutes(shown))
  app.route('/', sitemapRoutes(shown))
  app.route('/', searchRoutes(shown))
  app.route('/', iconRoutes({ face }))
  app.route('/', hookRoutes({ db, keys, log, now, ...hooks }))
  app.route('/', healthRoutes({ ills, keys }))
  app.notFound((c) => missingPage(c, 'missing'))
  app.onError((error, c) => {
    outage.report('request failed', error)
    return errorPage(c, error)
  })
  return { app, door: openDoor(answer, isProxy) }
}

const usualLimit = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLargePage })
const commentLimit = bodyLimit({ maxSize: MAX_COMMENT_BYTES, onError: tooLargePage })

const hookLimit = bodyLimit({ maxSize: MAX_HOOK_BYTES, onError: tooLargePage })

const boundedBody: MiddlewareHandler<WebEnv> = (c, next) => {
  if (HOOK_PATH.test(c.req.path)) return hookLimit(c, next)
  return (COMMENT_PATH.test(c.req.path) ? commentLimit : usualLimit)(c, next)
}

/** Set before a route runs, which may say otherwise. */
const guard: MiddlewareHandler<WebEnv> = async (c, next) => {
  for (const [name, value] of Object.entries(GUARDS)) c.header(name, value)
  await next()
}
