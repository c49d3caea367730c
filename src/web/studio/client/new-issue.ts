/** A new issue: its title and day, asked for in a sheet; the file is written by the server and opened here. */

import type { NewIssueView } from '../api.js'
import { ask, Refused } from './ask.js'
import { make } from './dom.js'
import type { IssuesFeed } from './issues-feed.js'
import type { StudioPage } from './studio-page.js'

export interface NewIssue {
  readonly element: HTMLElement
  open(): void
}

export function openNewIssue(page: StudioPage, feed: IssuesFeed): NewIssue {
  const title = make('input', { name: 'title', required: true, autocomplete: 'off' })
  const date = make('input', { name: 'date', type: 'date', required: true })
  const trouble = make('p', { class: 'trouble', role: 'alert' })
  const begin = make('button', { type: 'submit', class: 'primary' }, 'Begin the issue')
  const sheet = make(
    'dialog',
    { class: 'new-issue', 'aria-labelledby': 'new-issue-heading' },
    make(
      'form',
      { onsubmit: write },
      make('h2', { id: 'new-issue-heading' }, 'New issue'),
      make('label', {}, 'Title', title),
      make('label', {}, 'Date', date),
      make(
        'p',
        { class: 'facts' },
        'It is a file in issues/ with the next number, to be written in your editor.',
      ),
      trouble,
      make(
        'div',
        { class: 'acts' },
        make('button', { type: 'button', onclick: () => sheet.close() }, 'Cancel'),
        begin,
      ),
    ),
  )

  function open(): void {
    title.value = ''
    date.value = today()
    trouble.textContent = ''
    sheet.showModal()
    title.focus()
  }

  async function write(event: Event): Promise<void> {
    event.preventDefault()
    begin.disabled = true
    trouble.textContent = ''
    try {
      const { slug, file } = await ask<NewIssueView>('/api/issues', { title: title.value, date: date.value })
      sheet.close()
      page.say(`${file} is there.`)
      void feed.askAnew()
      page.store.set({ place: { kind: 'issue', slug }, compareWith: null })
    } catch (error) {
      trouble.textContent = error instanceof Refused ? error.message : 'The studio does not answer.'
      title.focus()
    } finally {
      begin.disabled = false
    }
  }

  sheet.addEventListener('click', (event) => {
    if (event.target === sheet) sheet.close()
  })
  page.key('n', 'New issue', open)
  return { element: sheet, open }
}

/** Where the editor is. */
function today(): string {
  const now = new Date()
  const two = (number: number) => String(number).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
