/** The checks as issues/README.md lists them for editors. */

import type { Check } from './check.js'
import { LEVELS } from './finding.js'

/** A Markdown table, a check a line, groups in their order; ends with a line break. */
export function describeChecks(checks: readonly Check[]): string {
  const groups = [...new Set(checks.map(groupOf))]
  const inOrder = groups.flatMap((group) => checks.filter((check) => groupOf(check) === group).sort(byId))
  const rows = inOrder.map(({ id, title, severities, isWaivable }) => {
    const wanted = title.charAt(0).toUpperCase() + title.slice(1)
    const found = severities.map((severity) => LEVELS[severity]).join(', ')
    return `| ${id} | ${wanted.replaceAll('<', '\\<')} | ${found} | ${isWaivable ? 'yes' : ''} |`
  })
  return ['| | what it wants | finds | waive |', '|---|---|---|---|', ...rows, ''].join('\n')
}

function groupOf({ id }: Check): string {
  return id.charAt(0)
}

function byId(one: Check, other: Check): number {
  return one.id < other.id ? -1 : 1
}
