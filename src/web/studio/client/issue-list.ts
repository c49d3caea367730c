/** All issues as a narrow list, beside the one that is open. */

import type { IssueLine } from '../api.js'
import { make } from './dom.js'
import { makeDay, makeFindings, makeState, moveBetweenLinks, openRows } from './issue-parts.js'
import { matches } from './issue-words.js'
import type { IssuesFeed } from './issues-feed.js'
import type { StudioPage } from './studio-page.js'

export function openIssueList({ store }: StudioPage, feed: IssuesFeed, openNew: () => void): HTMLElement {
  const filter = make('input', {
    type: 'search',
    'aria-label': 'Filter the issues',
    placeholder: 'Filter',
    oninput: () => show(),
  })
  const list = make('ul')
  const rows = openRows(list, rowOf)
  const none = make('p', { class: 'none', hidden: true }, 'No issue has that in its title, number or state.')
  const element = make(
    'nav',
    { class: 'issue-list', 'aria-label': 'Issues', onkeydown: moveBetweenLinks },
    make(
      'search',
      {},
      filter,
      make('button', { title: 'New issue (n)', 'aria-label': 'New issue', onclick: openNew }, 'New'),
    ),
    list,
    none,
  )

  function show(): void {
    const shown = feed.get()?.filter((issue) => matches(issue, filter.value)) ?? []
    rows.show(shown)
    none.hidden = shown.length > 0 || feed.get() === null
    markOpen()
  }

  function markOpen(): void {
    const { place } = store.get()
    const path = place.kind === 'issue' ? `/issues/${encodeURIComponent(place.slug)}` : ''
    for (const link of list.querySelectorAll('a')) {
      if (link.getAttribute('href') === path) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
  }

  feed.on(show)
  store.on((state, before) => {
    if (state.place !== before.place) markOpen()
  })
  show()
  return element
}

function rowOf(issue: IssueLine): HTMLElement {
  const { slug, title, number, date } = issue
  return make(
    'li',
    {},
    make(
      'a',
      { class: 'issue', href: `/issues/${encodeURIComponent(slug)}` },
      make('span', { class: 'title', dir: 'auto' }, title ?? slug),
      make(
        'span',
        { class: 'facts' },
        number === null ? null : make('span', {}, `No. ${number}`),
        date === null ? null : makeDay(date),
      ),
      make('span', { class: 'facts' }, makeState(issue), hasFindings(issue) ? makeFindings(issue) : null),
    ),
  )
}

/** That there are none needs no words here. */
function hasFindings({ findings, problems }: IssueLine): boolean {
  return problems.length > 0 || (findings !== null && findings.errors + findings.warnings > 0)
}
