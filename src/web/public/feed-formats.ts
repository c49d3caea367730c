/** A feed as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1. `html` escapes for XML as well, and drops what XML can't hold. */

import { type Html, html } from '../page.js'
import type { Feed, FeedEntry } from './feed.js'

export function writeAtom({ title, subtitle, lang, home, updatedAt, entries }: Feed): string {
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${lang}">
<id>${home}/</id>
<title>${title}</title>
${subtitle === null ? null : html`<subtitle>${subtitle}</subtitle>\n`}<updated>${iso(updatedAt)}</updated>
<author><name>${title}</name></author>
<link rel="self" type="application/atom+xml" href="${home}/feed.atom"/>
<link rel="alternate" type="text/html" href="${home}/"/>
${entries.map(atomEntry)}</feed>
`.html
}

function atomEntry(entry: FeedEntry): Html {
  const { id, url, title, lang, summary, html: content, authors, publishedAt, updatedAt } = entry
  return html`<entry xml:lang="${lang}">
<id>${id}</id>
<title>${title}</title>
<link rel="alternate" type="text/html" href="${url}"/>
<published>${iso(publishedAt)}</published>
<updated>${iso(updatedAt)}</updated>
${authors.map((name) => html`<author><name>${name}</name></author>\n`)}${
  summary === '' ? null : html`<summary>${summary}</summary>\n`
}<content type="html">${content}</content>
</entry>
`
}

/** Full text stands in `content:encoded`, several authors in `dc:creator`, the way to itself in `atom:link`. */
export function writeRss({ title, subtitle, lang, home, updatedAt, entries }: Feed): string {
  return html`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>${title}</title>
<link>${home}/</link>
<description>${subtitle ?? title}</description>
<language>${lang}</language>
<lastBuildDate>${rfc822(updatedAt)}</lastBuildDate>
<atom:link rel="self" type="application/rss+xml" href="${home}/feed.rss"/>
${entries.map(rssItem)}</channel>
</rss>
`.html
}

function rssItem({
  id,
  url,
  title,
  summary,
  html: content,
  authors,
  publishedAt,
  updatedAt,
}: FeedEntry): Html {
  return html`<item>
<title>${title}</title>
<link>${url}</link>
<guid isPermaLink="${String(id === url)}">${id}</guid>
<pubDate>${rfc822(publishedAt)}</pubDate>
<atom:updated>${iso(updatedAt)}</atom:updated>
${authors.map((name) => html`<dc:creator>${name}</dc:creator>\n`)}${
  summary === '' ? null : html`<description>${summary}</description>\n`
}<content:encoded>${content}</content:encoded>
</item>
`
}

export function writeJsonFeed({ title, subtitle, lang, home, entries }: Feed): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: `${home}/`,
    feed_url: `${home}/feed.json`,
    ...(subtitle === null ? {} : { description: subtitle }),
    language: lang,
    authors: [{ name: title, url: `${home}/` }],
    items: entries.map((entry) => ({
      id: entry.id,
      url: entry.url,
      title: entry.title,
      content_html: entry.html,
      ...(entry.summary === '' ? {} : { summary: entry.summary }),
      image: `${entry.url}/card.png`,
      date_published: iso(entry.publishedAt),
      date_modified: iso(entry.updatedAt),
      ...(entry.authors.length === 0 ? {} : { authors: entry.authors.map((name) => ({ name })) }),
      language: entry.lang,
    })),
  }
  return `${JSON.stringify(feed)}\n`
}

/** RFC 3339 */
function iso(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

/** RFC 822 section 5, with the year in four digits as RSS allows. */
function rfc822(timeMs: number): string {
  return new Date(timeMs).toUTCString()
}
