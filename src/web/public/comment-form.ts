/**
 * `/issues/SLUG/comment/TOKEN`: a subscriber writes a comment, through the link in their copy. The Token is the
 * credential, and it may have been forwarded: see track/comment.ts for what follows.
 */

import { type Context, Hono } from 'hono'
import type { Db } from '../../db/db.js'
import { unreachable } from '../../errors.js'
import type { Publication } from '../../issue/publication.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'
import type { Keys } from '../../link/token.js'
import { leaveComment } from '../../track/comment.js'
import { readCommentWords } from '../../track/comment-text.js'
import { type Commenter, findCommenter } from '../../track/commenter.js'
import { maskAddress } from '../../track/mask.js'
import { sayAddress } from '../address.js'
import type { Archive } from '../archive.js'
import type { WebEnv } from '../env.js'
import type { FaceOf } from '../face.js'
import { badLinkPage } from '../failure.js'
import { languageOf } from '../language.js'
import { answerPage, type Html, html } from '../page.js'
import type { SentIssue } from '../sent-issues.js'
import { type HitContext, recordHit, whoAsks } from '../track/hit.js'
import { COMMENT_WORDS } from '../words/comments.js'
import { type CommentFormState, commentForm } from './comment-page.js'
import { type CommentsState, commentsState } from './comments-state.js'
import type { Readings } from './reading.js'

export interface CommentFormContext extends HitContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly archive: Archive
  readonly readings: Readings
  readonly face: FaceOf
  readonly publication: () => Promise<Publication | null>
  readonly now: () => number
}

const PATH = '/issues/:slug/comment/:token'

export function commentRoutes(context: CommentFormContext): Hono<WebEnv> {
  const { db, keys, archive, readings, face, publication, now } = context
  const routes = new Hono<WebEnv>()

  routes.use(PATH, async (c, next) => {
    c.header('Cache-Control', 'no-store, private')
    c.header('X-Robots-Tag', 'noindex')
    await next()
  })

  routes.get(PATH, async (c) => {
    const place = await readPlace(c)
    if (place === null) return badLinkPage(c)
    const refused = refusalOf(place)
    if (refused !== null) return answer(c, place, { ...refused, status: 200 })
    return answerForm(c, place, { name: place.commenter.shownName, text: '', problems: [] })
  })

  routes.post(PATH, async (c) => {
    const place = await readPlace(c)
    if (place === null) return badLinkPage(c)
    const refused = refusalOf(place)
    if (refused !== null) return answer(c, place, { ...refused, status: 403 })
    const typed = await readTyped(c)
    const { name, text, problems } = readCommentWords(typed)
    if (problems.length > 0) return answerForm(c, place, { ...typed, problems, status: 422 })
    const { commenter, issue, issueId, lang } = place
    const words = COMMENT_WORDS[lang]
    const comment = { issueId, title: issue.title, commenter, name, text, lang, ...whoAsks(c) }
    const { kind } = await leaveComment(db, comment, { keys, now: now() })
    const { deliveryId } = commenter
    if (kind === 'held' || kind === 'asked')
      await recordHit(c, { kind: 'form', deliveryId, link: null }, context)
    switch (kind) {
      case 'gone':
        return badLinkPage(c)
      case 'tooMany':
        return answerForm(c, place, { ...typed, problems: ['tooMany'], status: 429 })
      case 'held':
        return answer(c, place, { heading: words.held, text: words.heldWhat, status: 200 })
      case 'asked': {
        const what = sayAddress(words.askedWhat, maskAddress(commenter.address))
        return answer(c, place, { heading: words.asked, text: what, status: 200 })
      }
      default:
        return unreachable(kind)
    }
  })

  /** Null: the Token and the Issue do not belong together, or there is neither. */
  async function readPlace(c: Context<WebEnv>): Promise<Place | null> {
    const published = (await archive.shelf()).bySlug.get(c.req.param('slug') ?? '')
    if (published === undefined) return null
    const token = c.req.param('token') ?? ''
    const commenter = await findCommenter(db.query, { keys, token, issueId: published.id })
    if (commenter === null) return null
    const reading = await readings.of(published)
    return {
      issueId: published.id,
      issue: reading.issue,
      commenter,
      state: commentsState(reading, { publication: await publication(), now: now() }),
      lang: languageOf(c, { chosen: commenter.lang, subject: reading.issue.lang }),
    }
  }

  async function answerForm(
    c: Context<WebEnv>,
    { issue, lang }: Place,
    { status = 200, ...form }: CommentFormState & { readonly status?: 200 | 422 | 429 },
  ): Promise<Response> {
    const heading = COMMENT_WORDS[lang].question(issue.title)
    const body = html`${commentForm(form, lang)}${wayBack(issue, lang)}`
    return answerPage(c, { lang, face: await face(), heading, body, languages: 'offered' }, status)
  }

  async function answer(
    c: Context<WebEnv>,
    { issue, lang }: Place,
    { heading, text, status }: Said & { readonly status: 200 | 403 },
  ): Promise<Response> {
    const body = html`<p class="lead">${text}</p>\n${wayBack(issue, lang)}`
    return answerPage(c, { lang, face: await face(), heading, body, languages: 'offered' }, status)
  }

  return routes
}

interface Place {
  readonly issueId: number
  readonly issue: SentIssue
  readonly commenter: Commenter
  readonly state: CommentsState
  readonly lang: ReaderLanguage
}

interface Said {
  readonly heading: string
  readonly text: string | Html
}

/** Null: this person may comment here. */
function refusalOf({ state, commenter, lang }: Place): Said | null {
  const words = COMMENT_WORDS[lang]
  if (state === 'off') return { heading: words.notHere, text: words.notHereWhat }
  if (state === 'private') return { heading: words.privateHeading, text: words.privateWhat }
  if (state === 'closed') return { heading: words.closedHeading, text: words.closedWhat }
  if (!commenter.isSubscribed) return { heading: words.onlySubscribers, text: words.onlySubscribersWhat }
  return null
}

/** Files and repeated fields are nothing typed. */
async function readTyped(c: Context<WebEnv>): Promise<{ readonly name: string; readonly text: string }> {
  const body = await c.req.parseBody().catch(() => ({}) as Readonly<Record<string, unknown>>)
  const typed = (field: string) => {
    const value = body[field]
    return typeof value === 'string' ? value : ''
  }
  return { name: typed('name'), text: typed('text') }
}

function wayBack({ slug }: SentIssue, lang: ReaderLanguage): Html {
  return html`<p><a href="../../${encodeURIComponent(slug)}">${COMMENT_WORDS[lang].back}</a></p>\n`
}
