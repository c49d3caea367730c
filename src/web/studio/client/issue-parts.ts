/** What both lists of issues are made of: a day, a state, findings; and rows that stay where they are when others change. */

import type { IssueLine } from '../api.js'
import { make } from './dom.js'
import { dayWords, exactDay, exactMoment, findingWords, momentWords, STATE_WORDS } from './issue-words.js'

export function makeDay(day: string): HTMLElement {
  return makeTime(day, dayWords(day, new Date()), exactDay(day))
}

export function makeMoment(at: number): HTMLElement {
  return makeTime(new Date(at).toISOString(), momentWords(at, new Date()), exactMoment(at))
}

/** The exact one is shown while a person is at the row. */
function makeTime(datetime: string, words: string, exact: string): HTMLElement {
  return make(
    'time',
    { datetime, title: exact },
    make('span', { class: 'about' }, words),
    make('span', { class: 'exact' }, exact),
  )
}

export function makeState({ state, sends: [newest] }: IssueLine): HTMLElement {
  return make(
    'span',
    { class: 'state', 'data-state': state, title: newest?.reason ?? null },
    STATE_WORDS[state],
  )
}

/** '' while nothing is to be said. */
export function makeFindings({ findings, problems, isCounted }: IssueLine): HTMLElement {
  if (problems.length > 0)
    return make('span', { class: 'findings', 'data-worst': 'error' }, 'Cannot be compiled')
  if (findings === null) return make('span', { class: 'findings' }, isCounted ? '' : 'Looking')
  const worst = findings.errors > 0 ? 'error' : findings.warnings > 0 ? 'warn' : null
  return make('span', { class: 'findings', 'data-worst': worst }, findingWords(findings) || 'None')
}

export interface KeyedRows {
  show(issues: readonly IssueLine[]): void
}

/** Only what is another is made anew; the focus stays on the issue that has it. */
export function openRows(container: HTMLElement, makeRow: (issue: IssueLine) => HTMLElement): KeyedRows {
  let rows = new Map<string, { readonly told: string; readonly row: HTMLElement }>()
  return {
    show(issues) {
      const focused = [...rows].find(([, { row }]) => row.contains(document.activeElement))?.[0]
      const before = rows
      rows = new Map(
        issues.map((issue) => {
          const told = JSON.stringify(issue)
          const known = before.get(issue.slug)
          return [issue.slug, known?.told === told ? known : { told, row: makeRow(issue) }]
        }),
      )
      const wanted = [...rows.values()].map(({ row }) => row)
      for (const child of [...container.children]) if (!wanted.some((row) => row === child)) child.remove()
      for (const [index, row] of wanted.entries())
        if (container.children[index] !== row) container.insertBefore(row, container.children[index] ?? null)
      const row = focused === undefined ? undefined : rows.get(focused)?.row
      if (row !== undefined && !row.contains(document.activeElement)) row.querySelector('a')?.focus()
    },
  }
}

/** Up and down from row to row. */
export function moveBetweenLinks(event: Event): void {
  if (!(event instanceof KeyboardEvent) || !(event.currentTarget instanceof Element)) return
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (by === 0) return
  const links: readonly (Element | null)[] = [...event.currentTarget.querySelectorAll('a.issue')]
  const at = links.indexOf(document.activeElement)
  const next = links[at + by]
  if (!(next instanceof HTMLElement)) return
  event.preventDefault()
  next.focus()
}
