/** Every check, and running them. To add one: in the file of its group, whose list stands here. */

import { ACCESSIBILITY_CHECKS } from './accessibility.js'
import type { Check, CheckInput, Found } from './check.js'
import { CLIENT_CHECKS } from './clients.js'
import { CONTENT_CHECKS } from './content.js'
import type { Finding } from './finding.js'
import { IMAGE_CHECKS } from './images.js'
import { INBOX_CHECKS } from './inbox.js'
import { LANGUAGE_CHECKS } from './language.js'
import { LINK_CHECKS } from './links.js'
import { SIZE_CHECKS } from './size.js'
import { TEXT_CHECKS } from './text-part.js'
import { applyWaivers } from './waive.js'

/** A letter a group: Content, Size, Inbox, Links, iMages, Accessibility, Klients, Text part, laNguage. */
export const CHECKS: readonly Check[] = [
  ...CONTENT_CHECKS,
  ...SIZE_CHECKS,
  ...INBOX_CHECKS,
  ...LINK_CHECKS,
  ...IMAGE_CHECKS,
  ...ACCESSIBILITY_CHECKS,
  ...CLIENT_CHECKS,
  ...TEXT_CHECKS,
  ...LANGUAGE_CHECKS,
]

/** Every finding, by line and then by id; what is about the whole comes first, what the editor waived is marked. */
export function runChecks(input: CheckInput): readonly Finding[] {
  const findings = CHECKS.flatMap((check) => check.run(input).map((found) => describe(check, found, input)))
  return inOrder(applyWaivers(findings, CHECKS, input))
}

function describe({ id }: Check, found: Found, { issue }: CheckInput): Finding {
  const { severity, message, hint, line, file = issue.file } = found
  return { id, severity, message, hint, file, line, waived: null }
}

/** Other files come after the issue's own. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || compare(a.id, b.id),
  )
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
