/** What a corrected Issue says above its article and below it. Nothing of one that never was. */

import { dayOf, writeDate } from '../../issue/date.js'
import { readerLanguage } from '../../issue/reader-language.js'
import type { PublishedVersion } from '../../send/published.js'
import { type Html, html } from '../page.js'
import { VERSION_WORDS } from '../words/versions.js'
import type { IssueAbout } from './issue-head.js'
import { tongueOf } from './issue-ways.js'

/** Above the newest version: when it was corrected, and what. */
export function correctionNote(about: IssueAbout): Html | null {
  const { editions, issue } = about.reading
  const newest = editions.at(-1)
  if (newest === undefined || editions.length === 1) return null
  const words = VERSION_WORDS[readerLanguage(issue.lang)]
  const when = html`<strong>${words.corrected(day(newest, about))}</strong>`
  return html`<aside class="pr pr-note" ${tongueOf(issue)}>
<p>${when}${newest.note === null ? null : html`: ${newest.note}`} <a href="#versions">${words.heading}</a></p>
</aside>
`
}

/** Above an earlier one, which is not what the Issue says now. */
export function earlierNote(about: IssueAbout, version: PublishedVersion): Html {
  const { issue } = about.reading
  const words = VERSION_WORDS[readerLanguage(issue.lang)]
  return html`<aside class="pr pr-note" ${tongueOf(issue)}>
<p><strong>${words.earlier(day(version, about))}</strong> <a href="../../${encodeURIComponent(issue.slug)}">${words.toNewest}</a></p>
</aside>
`
}

/** Every version, newest first. `shown` is the hash of the one that this page is; links lead there from it. */
export function versionHistory(
  about: IssueAbout,
  { shown, href }: { readonly shown: string; readonly href: (hash: string) => string },
): Html | null {
  const { editions, issue } = about.reading
  if (editions.length === 1) return null
  const words = VERSION_WORDS[readerLanguage(issue.lang)]
  const entries = editions.map((edition, index) => {
    const { hash, note } = edition
    const what = index === 0 ? words.published(day(edition, about)) : words.corrected(day(edition, about))
    const linked = hash === shown ? html`${what} (${words.shown})` : html`<a href="${href(hash)}">${what}</a>`
    return html`<li>${linked}${note === null ? null : html`: ${note}`}</li>\n`
  })
  return html`<section class="pr pr-versions" id="versions" ${tongueOf(issue)}>
<h2>${words.heading}</h2>
<ol reversed>
${entries.reverse()}</ol>
</section>
`
}

function day({ since }: PublishedVersion, { reading, timeZone }: IssueAbout): string {
  return writeDate(dayOf(since, timeZone), readerLanguage(reading.issue.lang))
}
