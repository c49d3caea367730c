/** Links of a mail: their words, where they lead and what a click does. Nothing here follows one by itself. */

import type { MailLink } from '../inbox/api.js'
import { make } from './dom.js'
import { writtenOut } from './inbox-words.js'

/** What a person may open in another tab; the rest is only shown. */
const OPENS: ReadonlySet<MailLink['kind']> = new Set(['web', 'click', 'leave', 'notice'])

export function linksView(links: readonly MailLink[]): HTMLElement {
  if (links.length === 0) return make('p', { class: 'none' }, 'No link stands in it.')
  return make('ol', { class: 'links' }, ...links.map((link) => make('li', {}, linkFacts(link))))
}

export function linkFacts(link: MailLink): HTMLElement {
  const { what, kind } = link
  const [words, url] = [writtenOut(link.words), writtenOut(link.url)]
  const leadsTo = link.leadsTo === null ? null : writtenOut(link.leadsTo)
  return make(
    'div',
    { class: 'link' },
    make('p', { class: 'words', dir: 'auto' }, words || 'No words'),
    make('p', { class: 'url' }, leadsTo ?? url),
    leadsTo === null ? null : make('p', { class: 'url through' }, `through ${url}`),
    make('p', { class: 'what' }, writtenOut(what), OPENS.has(kind) ? ' ' : null, opener(link)),
  )
}

function opener({ kind, url, words }: MailLink): HTMLElement | null {
  if (!OPENS.has(kind)) return null
  return make(
    'a',
    {
      href: url,
      target: '_blank',
      rel: 'noreferrer noopener',
      'aria-label': `Open in a new tab: ${writtenOut(words || url)}`,
    },
    'Open in a new tab',
  )
}
