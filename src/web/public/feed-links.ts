/** Where the feeds are, and links to them in a page's head for feed readers. */

import { type Html, html } from '../page.js'

export const FEEDS = [
  { path: '/feed.atom', type: 'application/atom+xml', name: 'Atom' },
  { path: '/feed.rss', type: 'application/rss+xml', name: 'RSS' },
  { path: '/feed.json', type: 'application/feed+json', name: 'JSON Feed' },
] as const

export function feedLinks(home: string, publication: string): Html {
  const links = FEEDS.map(
    ({ path, type, name }) =>
      html`<link rel="alternate" type="${type}" title="${publication} (${name})" href="${home}${path}">\n`,
  )
  return html`${links}`
}
