/** Findings as the page tells them: in groups, and counted in words. */

import type { Finding, Severity } from '../api.js'

export interface Group {
  readonly kind: Severity | 'waived'
  /** `2 errors` */
  readonly title: string
  readonly findings: readonly Finding[]
}

const NOUNS = { error: 'error', warn: 'warning', info: 'note' } as const satisfies Record<Severity, string>
const SEVERITIES: readonly Severity[] = ['error', 'warn', 'info']

/** The gravest first, what the editor lets pass last; none that is empty. Each in the order it comes in. */
export function groupFindings(findings: readonly Finding[]): readonly Group[] {
  const open = SEVERITIES.map((kind): Group => {
    const those = findings.filter(({ severity, waived }) => severity === kind && waived === null)
    return { kind, title: counted(those.length, NOUNS[kind]), findings: those }
  })
  const waived = findings.filter((finding) => finding.waived !== null)
  const passed: Group = { kind: 'waived', title: `${waived.length} waived`, findings: waived }
  return [...open, passed].filter((group) => group.findings.length > 0)
}

/** `2 errors, 5 warnings`; '' for neither. Notes want nothing done, and waived ones have had their word. */
export function countWords(findings: readonly Finding[]): string {
  return groupFindings(findings)
    .filter(({ kind }) => kind === 'error' || kind === 'warn')
    .map(({ title }) => title)
    .join(', ')
}

/** The gravest; the first of equals. */
export function gravestOf(findings: readonly Finding[]): Severity {
  return SEVERITIES.find((one) => findings.some(({ severity }) => severity === one)) ?? 'info'
}

/** `Error: the link text says nothing` */
export function sentenceOf({ severity, message }: Finding): string {
  const noun = NOUNS[severity]
  return `${noun[0]?.toUpperCase() ?? ''}${noun.slice(1)}: ${message}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
