/** Ways on from an Issue's page: home, to the issues before and after it, to a subscription. */

import { directionOf } from '../../issue/language.js'
import { readerLanguage } from '../../issue/reader-language.js'
import { type Html, html } from '../page.js'
import type { SentIssue } from '../sent-issues.js'
import { ARCHIVE_WORDS } from '../words/archive.js'
import type { IssueAbout } from './issue-head.js'

/** Above the masthead; `href` leads to the index. */
export function wayHome({ reading, face }: IssueAbout, href: string): Html {
  const words = ARCHIVE_WORDS[readerLanguage(reading.issue.lang)]
  const subscribe = face?.subscribe ?? null
  return html`<nav class="pr pr-home" aria-label="${words.archive}" ${tongueOf(reading.issue)}>
<a href="${href}">${words.allIssues}</a>
<a href="${href}search">${words.search}</a>
${subscribe && html`<a href="${subscribe}">${words.subscribe}</a>\n`}</nav>
`
}

/** Below all else; nothing where there are neither. */
export function neighbourLinks(
  { reading }: IssueAbout,
  { newer, older }: { readonly newer: SentIssue | null; readonly older: SentIssue | null },
): Html | null {
  if (newer === null && older === null) return null
  const words = ARCHIVE_WORDS[readerLanguage(reading.issue.lang)]
  const link = (which: string, issue: SentIssue, rel: string) =>
    html`<li class="pr-${rel}"><a href="${encodeURIComponent(issue.slug)}" rel="${rel}">${which}<b ${titleTongue(issue)}>${issue.title}</b></a></li>\n`
  return html`<nav class="pr pr-ways" aria-label="${words.neighbours}" ${tongueOf(reading.issue)}>
<ul>
${older && link(words.previous, older, 'prev')}${newer && link(words.next, newer, 'next')}</ul>
</nav>
`
}

/** Our words stand in a page that may be in a language we don't speak. */
export function tongueOf({ lang }: SentIssue): Html {
  return html`lang="${readerLanguage(lang)}" dir="ltr"`
}

function titleTongue({ lang }: SentIssue): Html {
  return html`lang="${lang}" dir="${directionOf(lang)}"`
}
