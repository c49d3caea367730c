/** What stands where: the parts of each place, and the panels at the right of an issue from above. */

import { ask } from './ask.js'
import { fill, make } from './dom.js'
import { openInboxList } from './inbox-list.js'
import { openInboxMessage } from './inbox-message.js'
import { openReadersPanel } from './readers-panel.js'
import type { Parts } from './shell.js'
import type { StudioPage } from './studio-page.js'

export function openParts(page: StudioPage, stage: HTMLElement): Parts {
  return {
    issues: { list: make('div'), centre: openIssueList() },
    issue: { list: openIssueList(), centre: stage },
    inbox: { list: openInboxList(page), centre: openInboxMessage(page) },
    panels: [openReadersPanel(page)],
  }
}

function openIssueList(): HTMLElement {
  const list = make('ul')
  void ask<readonly { readonly slug: string }[]>('/api/issues').then((issues) =>
    fill(list, ...issues.map(({ slug }) => make('li', {}, make('a', { href: `/issues/${slug}` }, slug)))),
  )
  return list
}
