/** How the web page of an Issue is shown elsewhere: its picture, and its description for machines. */

import type { Author, Issue, Prose } from '../issue/issue.js'
import type { Publication } from '../issue/publication.js'
import { walk } from '../issue/walk.js'
import type { HtmlMedium } from './html.js'
import { jsonLd } from './json-ld.js'
import { attributeOf, plainText } from './tokens.js'

/** CSS pixels; smaller ones are signs and portraits. */
const MIN_PICTURE_WIDTH = 200

export interface SharedPicture {
  readonly url: string
  readonly alt: string
}

interface Shared {
  readonly issue: Issue
  readonly publication: Publication
  readonly medium: HtmlMedium
}

/** The Issue's first picture of some size, else the logo. */
export function sharedPicture({ issue, publication, medium }: Shared): SharedPicture | null {
  for (const { token } of prosesOf(issue).flatMap((prose) => [...walk(prose)])) {
    if (token.type !== 'image') continue
    const { url, width } = medium.image(attributeOf(token, 'src'), null)
    if (width >= MIN_PICTURE_WIDTH) return { url, alt: plainText(token.children ?? []) }
  }
  const { logo } = publication.brand
  return logo === null ? null : { url: medium.image(logo.file, null).url, alt: publication.name }
}

/** JSON for `<script type="application/ld+json">`; `url` is the web page's own. */
export function describeIssue(
  shared: Shared,
  { description, url }: { description: string; url: string },
): string {
  const { issue, publication, medium } = shared
  const { logo } = publication.brand
  return jsonLd({
    headline: issue.title,
    description,
    date: issue.date,
    lang: issue.lang,
    number: issue.number,
    url,
    imageUrl: sharedPicture(shared)?.url ?? null,
    authors: issue.authors.length > 0 ? issue.authors : storyAuthors(issue),
    publisher: { name: publication.name, logoUrl: logo === null ? null : medium.image(logo.file, null).url },
  })
}

/** Each once, in reading order. */
function storyAuthors({ sections }: Issue): readonly Author[] {
  const authors = sections.flatMap((section) => (section.kind === 'story' ? section.authors : []))
  return [...new Map(authors.map((author) => [author.name, author])).values()]
}

function prosesOf({ opening, sections }: Issue): readonly Prose[] {
  const bodies = sections.flatMap((section) => {
    if (section.kind === 'briefs') return section.items
    if (section.kind === 'commentary') return section.entries.map(({ body }) => body)
    return [section.body]
  })
  return [opening, ...bodies]
}
