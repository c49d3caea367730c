/** What stands where: the parts of each place, and the panels at the right of an issue from above. */

import { ask } from './ask.js'
import { fill, make } from './dom.js'
import { openMarks } from './finding-marks.js'
import { openFindings } from './findings-panel.js'
import { openInboxList } from './inbox-list.js'
import { openInboxMessage } from './inbox-message.js'
import { openLinePick } from './line-pick.js'
import { openReadersPanel } from './readers-panel.js'
import { openReveal } from './reveal.js'
import type { Parts } from './shell.js'
import { openSizeMeter } from './size-meter.js'
import type { StudioPage } from './studio-page.js'

export function openParts(page: StudioPage, stage: HTMLElement): Parts {
  const reveal = openReveal(page)
  const findings = openFindings(page, reveal)
  openMarks(page, findings.focus)
  openLinePick(page)
  return {
    issues: { list: make('div'), centre: openIssueList() },
    issue: { list: openIssueList(), centre: stage },
    inbox: { list: openInboxList(page), centre: openInboxMessage(page) },
    panels: [findings.element, openReadersPanel(page), openSizeMeter(page, reveal)],
  }
}

function openIssueList(): HTMLElement {
  const list = make('ul')
  void ask<readonly { readonly slug: string }[]>('/api/issues').then((issues) =>
    fill(list, ...issues.map(({ slug }) => make('li', {}, make('a', { href: `/issues/${slug}` }, slug)))),
  )
  return list
}
