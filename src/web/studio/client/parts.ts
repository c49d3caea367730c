/** What stands where: the parts of each place, and the panels at the right of an issue from above. */

import { openComparePanel } from './compare-panel.js'
import { make } from './dom.js'
import { openMarks } from './finding-marks.js'
import { openFindings } from './findings-panel.js'
import { openInboxList } from './inbox-list.js'
import { openInboxMessage } from './inbox-message.js'
import { openIssueList } from './issue-list.js'
import { openIssuesFeed } from './issues-feed.js'
import { openIssuesView } from './issues-view.js'
import { openLinePick } from './line-pick.js'
import { openNewIssue } from './new-issue.js'
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
  const issues = openIssuesFeed(page.live)
  const newIssue = openNewIssue(page, issues)
  document.body.append(newIssue.element)
  return {
    issues: { list: make('div'), centre: openIssuesView(issues, newIssue.open) },
    issue: { list: openIssueList(page, issues, newIssue.open), centre: stage },
    inbox: { list: openInboxList(page), centre: openInboxMessage(page) },
    panels: [findings.element, openReadersPanel(page), openComparePanel(page), openSizeMeter(page, reveal)],
  }
}
