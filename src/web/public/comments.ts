/** What stands below an Issue's article from its readers: the comments that an editor has shown, or how to write one. */

import type { Query } from '../../db/db.js'
import { dayOf, writeDate } from '../../issue/date.js'
import { directionOf } from '../../issue/language.js'
import type { Publication } from '../../issue/publication.js'
import { readerLanguage } from '../../issue/reader-language.js'
import { findShown, type ShownComment } from '../../track/moderate.js'
import { type Html, html } from '../page.js'
import { COMMENT_WORDS } from '../words/comments.js'
import { commentsState } from './comments-state.js'
import type { IssueAbout } from './issue-head.js'
import { tongueOf } from './issue-ways.js'

/** More would make a page that nobody reads to its end. */
const MAX_SHOWN = 200

export interface CommentsContext {
  readonly query: Query
  readonly publication: () => Promise<Publication | null>
  readonly now: () => number
}

/** Null: nothing. An Issue that went to private Lists alone has none. */
export type CommentsOf = (about: IssueAbout) => Promise<Html | null>

export function commentsOf({ query, publication, now }: CommentsContext): CommentsOf {
  return async (about) => {
    const { published, issue } = about.reading
    const state = commentsState(about.reading, { publication: await publication(), now: now() })
    if (state === 'off' || state === 'private') return null
    const { count, comments } = await findShown(query, published.id, MAX_SHOWN)
    if (state === 'closed' && count === 0) return null
    const words = COMMENT_WORDS[readerLanguage(issue.lang)]
    const earlier = count - comments.length
    const hint = state === 'closed' ? words.closed : words.how
    return html`<section class="pr pr-comments" id="comments" ${tongueOf(issue)}>
<h2>${count === 0 ? words.heading : words.count(count)}</h2>
${earlier > 0 ? html`<p>${words.earlier(earlier)}</p>\n` : null}${comments.map((comment) => entry(comment, about))}<p>${
      count === 0 ? html`${words.none} ` : null
    }${hint}</p>
</section>
`
  }
}

/** In whatever language it is; most likely in the Issue's. */
function entry({ id, name, text, at }: ShownComment, { reading, timeZone }: IssueAbout): Html {
  const { lang } = reading.issue
  const day = writeDate(dayOf(at, timeZone), readerLanguage(lang))
  return html`<article id="comment-${id}">
<div class="pr-said" lang="${lang}" dir="${directionOf(lang)}">${paragraphs(text)}</div>
<p><b dir="auto">${name}</b>, <time datetime="${new Date(at).toISOString()}">${day}</time></p>
</article>
`
}

/** Plain text as paragraphs; nothing in it is mark-up, and no link is live. */
export function paragraphs(text: string): readonly Html[] {
  return text.split(/\n{2,}/).map((paragraph) => {
    const lines = paragraph.split('\n').map((line, index) => html`${index === 0 ? null : html`<br>`}${line}`)
    return html`<p dir="auto">${lines}</p>`
  })
}
