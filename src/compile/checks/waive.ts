/** Waivers: an editor's `waive: { ID: reason }` lets the findings of a check pass. One that does nothing is said. */

import type { Waiver } from '../../issue/issue.js'
import { nearest } from '../../issue/nearest.js'
import type { Check, CheckInput, Found } from './check.js'
import type { Finding } from './finding.js'

/** Findings with the editor's reasons, and what is wrong with the waivers, under the id `C09`. */
export function applyWaivers(
  findings: readonly Finding[],
  checks: readonly Check[],
  { issue, isLive }: Pick<CheckInput, 'issue' | 'isLive'>,
): readonly Finding[] {
  const reasons = new Map(
    issue.waive
      .filter(({ id }) => checks.some((check) => check.id === id && check.isWaivable))
      .map(({ id, reason }) => [id, reason]),
  )
  const waived = findings.map((finding) => ({ ...finding, waived: reasons.get(finding.id) ?? null }))
  const idle = issue.waive.flatMap((waiver) => findIdle(waiver, { findings, checks, isLive }))
  return [...waived, ...idle.map((found) => ({ ...found, id: 'C09', file: issue.file, waived: null }))]
}

interface Ran {
  readonly findings: readonly Finding[]
  readonly checks: readonly Check[]
  readonly isLive: boolean
}

/** What is wrong with a waiver; none when it lets something pass. */
function findIdle({ id, line }: Waiver, { findings, checks, isLive }: Ran): readonly Found[] {
  const check = checks.find((one) => one.id === id)
  if (check === undefined) {
    const ids = checks.map((one) => one.id)
    const near = nearest(id, ids)
    const hint = near === null ? 'issues/README.md lists the checks' : `did you mean ${near}?`
    return [{ severity: 'error', message: `there is no check ${id} to waive`, hint, line }]
  }
  if (!check.isWaivable) {
    const message = `${id} cannot be waived (${check.title})`
    return [{ severity: 'error', message, hint: 'mend what it finds', line }]
  }
  if (findings.some((finding) => finding.id === id)) return []
  // On a machine that sends nothing, what only a live one minds is not found.
  const severity = isLive ? 'error' : 'warn'
  return [{ severity, message: `${id} finds nothing here`, hint: 'take its waiver out', line }]
}
