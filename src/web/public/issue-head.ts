/** What the head of an Issue's page says for search engines, feed readers and other sites, and the looks of our slots. */

import { type Face, type Html, html, iconLink } from '../page.js'
import type { SentIssue } from '../sent-issues.js'
import { CARD_HEIGHT, CARD_WIDTH } from './card.js'
import { feedLinks } from './feed-links.js'
import type { Reading } from './reading.js'

/** What every slot of a page is made from. */
export interface IssueAbout {
  readonly reading: Reading
  /** The public URL. */
  readonly home: string
  readonly face: Face | null
  /** IANA name; null: the machine's. */
  readonly timeZone: string | null
}

interface Head extends IssueAbout {
  readonly newer: SentIssue | null
  readonly older: SentIssue | null
  readonly kind?: 'earlier'
}

/**
 * The card stands in for whatever picture the page named: it has the size that others want, and a title. Pictures of the
 * Issue's own stay in its JSON-LD.
 */
export function issueHead({ reading, home, face, newer, older, kind }: Head): Html {
  const { published, issue } = reading
  const url = issueUrl(home, issue)
  const name = face?.name ?? issue.publication
  const isHidden = !published.isPublic || kind === 'earlier'
  const card = `${url}/card.png`
  return html`<link rel="canonical" href="${url}">${iconLink(face)}
${isHidden ? html`<meta name="robots" content="noindex">\n` : feedLinks(home, name)}<meta property="og:url" content="${url}">
<meta property="og:image" content="${card}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="${CARD_WIDTH}">
<meta property="og:image:height" content="${CARD_HEIGHT}">
<meta property="og:image:alt" content="${issue.title} · ${name}">
<meta name="twitter:card" content="summary_large_image">
${older && html`<link rel="prev" href="${issueUrl(home, older)}">\n`}${
  newer && html`<link rel="next" href="${issueUrl(home, newer)}">\n`
}<style>${{ html: SLOT_STYLE }}</style>
`
}

export function issueUrl(home: string, { slug }: { readonly slug: string }): string {
  return `${home}/issues/${encodeURIComponent(slug)}`
}

/** Colours are those of the page, where its template has set them. */
const SLOT_STYLE = `
.pr { max-width: 44rem; margin: 0 auto; font: 15px/1.6 var(--sans, sans-serif); color: var(--quiet, inherit); }
.pr a { color: inherit; text-decoration-color: var(--accent, currentColor); }
.pr-home { display: flex; flex-wrap: wrap; gap: 4px 22px; padding: 18px 24px 0; }
.pr-note { margin: 32px 0; padding: 12px 18px; border-inline-start: 3px solid var(--accent, currentColor); background: var(--ground, transparent); }
.pr-note p { margin: 0; }
.pr-versions, .pr-ways { margin-top: 64px; padding-top: 18px; border-top: 1px solid var(--line, currentColor); }
.pr h2 { margin: 0 0 8px; font: 600 13px/1.5 var(--sans, sans-serif); letter-spacing: 0.09em; text-transform: uppercase; color: var(--accent, inherit); }
.pr ol { margin: 0; padding: 0; list-style: none; }
.pr-comments { margin-top: 64px; padding-top: 18px; border-top: 1px solid var(--line, currentColor); }
.pr-comments article { margin: 20px 0 28px; }
.pr-comments p { margin: 0; overflow-wrap: anywhere; }
.pr-said p { margin: 0 0 8px; font: 18px/1.6 var(--text, serif); color: var(--ink, inherit); }
.pr-comments b { font-weight: 600; color: var(--ink, inherit); }
.pr-ways ul { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; margin: 0 0 28px; padding: 0; list-style: none; }
.pr-ways li { margin: 0; }
.pr-ways li.pr-next { grid-column: 2; text-align: end; }
.pr-ways b { display: block; margin-top: 4px; font: 700 20px/1.3 var(--heading, serif); color: var(--ink, inherit); text-wrap: balance; }
.pr-ways ul a { display: block; text-decoration: none; }
.pr-ways ul a:hover b { text-decoration: underline; text-decoration-color: var(--accent, currentColor); text-decoration-thickness: 1px; }
.pr-ways p { display: flex; flex-wrap: wrap; gap: 6px 22px; margin: 0; }
@media (max-width: 480px) {
  .pr-ways ul { grid-template-columns: 1fr; }
  .pr-ways li.pr-next { grid-column: 1; text-align: start; }
}
.pr-home + .masthead { padding-top: 32px; }
@media print { .pr-home, .pr-ways { display: none; } }
`
