/** What the web page of an Issue says about itself to machines: a schema.org NewsArticle, as JSON for a <script>. */

import type { Author } from '../issue/issue.js'

export interface Described {
  readonly headline: string
  readonly description: string
  /** `YYYY-MM-DD` */
  readonly date: string
  readonly lang: string
  readonly number: number | null
  readonly url: string
  /** Absolute URLs; null when there is none. */
  readonly imageUrl: string | null
  readonly authors: readonly Author[]
  readonly publisher: { readonly name: string; readonly logoUrl: string | null }
}

/** JSON in which nothing can end the <script> that it stands in. */
export function jsonLd(described: Described): string {
  const { headline, description, date, lang, number, url, imageUrl, authors, publisher } = described
  const organisation = {
    '@type': 'Organization',
    name: publisher.name,
    ...(publisher.logoUrl === null ? {} : { logo: { '@type': 'ImageObject', url: publisher.logoUrl } }),
  }
  const article = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline,
    description,
    datePublished: date,
    inLanguage: lang,
    url,
    mainEntityOfPage: url,
    ...(imageUrl === null ? {} : { image: [imageUrl] }),
    author: authors.length === 0 ? organisation : authors.map(person),
    publisher: organisation,
    isPartOf: {
      '@type': 'PublicationIssue',
      ...(number === null ? {} : { issueNumber: number }),
      isPartOf: { '@type': 'Periodical', name: publisher.name },
    },
  }
  // With line breaks, so that no two braces stand together as they do in a template.
  return JSON.stringify(article, null, 1).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function person({ name, url }: Author) {
  return { '@type': 'Person', name, ...(url === null ? {} : { url }) }
}
