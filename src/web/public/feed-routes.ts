/** `/feed.atom`, `/feed.rss`, `/feed.json`: written anew only when an Issue, the publication or the public URL has changed. */

import { Hono } from 'hono'
import { type Archive, newestOf } from '../archive.js'
import { answerCached } from '../cached.js'
import type { WebEnv } from '../env.js'
import { type FaceOf, plainFace } from '../face.js'
import { openRecent } from '../recent.js'
import { type Feed, type FeedContext, readFeed } from './feed.js'
import { writeAtom, writeJsonFeed, writeRss } from './feed-formats.js'
import { FEEDS } from './feed-links.js'

const MAX_AGE_S = 300
/** The three of now, and those that are on their way while something changes. */
const MAX_BODIES = 6

const WRITERS = { '/feed.atom': writeAtom, '/feed.rss': writeRss, '/feed.json': writeJsonFeed } as const

export interface FeedRoutesContext extends Pick<FeedContext, 'readings' | 'issueOf'> {
  readonly archive: Archive
  readonly face: FaceOf
  readonly publicUrl: () => Promise<string>
  readonly timeZone: () => Promise<string | null>
}

/** What a feed's body depends on. */
interface FeedKey extends Pick<Feed, 'title' | 'subtitle' | 'lang' | 'home'> {
  readonly path: keyof typeof WRITERS
  readonly timeZone: string | null
  /** Of the archive. */
  readonly print: string
}

export function feedRoutes(context: FeedRoutesContext): Hono<WebEnv> {
  const { archive, readings, issueOf, face, publicUrl, timeZone } = context
  const bodies = openRecent(MAX_BODIES, async (key) => {
    // Written below.
    const { path, timeZone: zone, print: _print, ...about } = JSON.parse(key) as FeedKey
    const { issues } = await archive.shelf()
    const feed = await readFeed(issues, about, { readings, issueOf, timeZone: zone })
    return { body: WRITERS[path](feed), updatedAt: feed.updatedAt }
  })
  const routes = new Hono<WebEnv>()

  for (const { path, type } of FEEDS)
    routes.get(path, async (c) => {
      const { issues, print } = await archive.shelf()
      const [newest] = issues
      const known =
        (await face()) ?? plainFace(newest ? (await issueOf(newestOf(newest).hash)).publication : '')
      const home = await publicUrl()
      const { name, tagline, lang } = known
      // A feed must have a title.
      const title = name === '' ? new URL(home).host : name
      const key: FeedKey = { path, title, subtitle: tagline, lang, home, timeZone: await timeZone(), print }
      const { body, updatedAt } = await bodies(JSON.stringify(key))
      // Any page may read what any reader may.
      c.header('Access-Control-Allow-Origin', '*')
      return answerCached(c, {
        body,
        type: `${type}; charset=utf-8`,
        maxAgeS: MAX_AGE_S,
        changedAt: updatedAt,
      })
    })

  return routes
}
