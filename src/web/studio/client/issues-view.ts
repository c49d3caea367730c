/** All issues in a table, the newest first: how far each is, whom it went to, and what was found. */

import type { IssueLine } from '../api.js'
import { fill, make } from './dom.js'
import { makeDay, makeFindings, makeMoment, makeState, moveBetweenLinks, openRows } from './issue-parts.js'
import { listWords, matches } from './issue-words.js'
import type { IssuesFeed } from './issues-feed.js'
import { placeLink } from './places.js'

/** What a person reads of what is wrong, before they open it. */
const MAX_PROBLEMS = 2

export function openIssuesView(feed: IssuesFeed, openNew: () => void): HTMLElement {
  const filter = make('input', {
    type: 'search',
    'aria-label': 'Filter the issues',
    placeholder: 'Filter by title, number, state or list',
    oninput: () => show(),
    onkeydown: (event) => {
      if (event instanceof KeyboardEvent && event.key === 'Enter') firstLink()?.click()
    },
  })
  const counted = make('span', { class: 'counted', role: 'status' })
  const body = make('tbody', { onclick: openRow })
  const rows = openRows(body, rowOf)
  const heads = [
    ['number', 'No.'],
    ['day', 'Date'],
    ['title', 'Issue'],
    ['state', 'State'],
    ['lists', 'Lists'],
    ['findings', 'Findings'],
  ] as const
  const table = make(
    'table',
    { 'aria-label': 'Issues, the newest first' },
    make(
      'thead',
      {},
      make('tr', {}, ...heads.map(([name, words]) => make('th', { scope: 'col', class: name }, words))),
    ),
    body,
  )
  const empty = make('div', { class: 'empty' })
  const view = make(
    'section',
    { class: 'issues-view', 'aria-label': 'Issues', onkeydown: moveBetweenLinks },
    make('search', {}, filter, counted, make('button', { class: 'primary', onclick: openNew }, 'New issue')),
    table,
    empty,
  )

  function show(): void {
    const issues = feed.get()
    if (issues === null) return
    const shown = issues.filter((issue) => matches(issue, filter.value))
    rows.show(shown)
    // Before the first Send the column would be empty.
    table.classList.toggle(
      'unsent',
      issues.every(({ sends }) => sends.length === 0),
    )
    counted.textContent = countWords(shown.length, issues.length)
    table.hidden = shown.length === 0
    empty.hidden = !table.hidden
    if (issues.length === 0)
      fill(empty, make('p', {}, 'There is no issue yet; a new one is a file in issues/.'))
    else fill(empty, make('p', {}, `No issue has “${filter.value}” in its title, number, state or lists.`))
  }

  function firstLink(): HTMLAnchorElement | null {
    return body.querySelector('a.issue')
  }

  feed.on(show)
  show()
  return view
}

/** Wherever it is clicked; a link in it leads where it says. */
function openRow({ target }: Event): void {
  if (!(target instanceof Element) || target.closest('a') !== null) return
  if (getSelection()?.isCollapsed === false) return
  target.closest('tr')?.querySelector<HTMLAnchorElement>('a.issue')?.click()
}

function rowOf(issue: IssueLine): HTMLElement {
  const { slug, title, subject, number, date, sends, problems } = issue
  const [newest] = sends
  return make(
    'tr',
    {},
    make('td', { class: 'number' }, number === null ? '' : String(number)),
    make('td', { class: 'day' }, date === null ? '' : makeDay(date)),
    make(
      'td',
      { class: 'title' },
      make('a', { class: 'issue', href: `/issues/${encodeURIComponent(slug)}`, dir: 'auto' }, title ?? slug),
      subject === null || subject === title ? null : make('p', { class: 'subject', dir: 'auto' }, subject),
      ...problems
        .slice(0, MAX_PROBLEMS)
        .map(({ where, line, message }) =>
          make('p', { class: 'problem' }, placeLink(where || issue.file, line), ` ${message}`),
        ),
      problems.length > MAX_PROBLEMS
        ? make('p', { class: 'problem' }, `and ${problems.length - MAX_PROBLEMS} more`)
        : null,
    ),
    make('td', { class: 'state' }, makeState(issue), newest === undefined ? null : makeMoment(newest.at)),
    make('td', { class: 'lists' }, listWords(issue)),
    make('td', { class: 'findings' }, makeFindings(issue)),
  )
}

function countWords(shown: number, all: number): string {
  if (all === 0) return ''
  const words = `${all.toLocaleString('en')} ${all === 1 ? 'issue' : 'issues'}`
  return shown === all ? words : `${shown.toLocaleString('en')} of ${words}`
}
