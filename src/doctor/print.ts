/** An examination as text for people: one line a finding, wrapped where a terminal ends; never colour alone. */

import { escapeText } from '../compile/escape.js'
import { wrapText } from '../compile/wrap.js'
import { CHECKS, type CheckName, type Finding, type Level } from './finding.js'

export interface Examination {
  /** A relay is set: messages would leave this machine. */
  readonly isLive: boolean
  /** Whether a live Send would go out and not be refused. */
  readonly isReady: boolean
  readonly findings: readonly Finding[]
}

export interface Look {
  /** Columns of the terminal; null: lines are not wrapped. */
  readonly columns: number | null
  readonly hasColour: boolean
}

const GROUPS: readonly (readonly [heading: string, checks: readonly CheckName[]])[] = [
  ['Sender', ['from', 'spf', 'dkim', 'dmarc', 'alignment', 'mx']],
  ['Relay', ['relay', 'ptr', 'pace']],
  ['Web', ['web', 'one-click']],
  ['Machine', ['clock', 'redis', 'database', 'secret', 'disk']],
]

/** SGR colours (ECMA-48), those of the states in a Send's bar. */
const COLOURS: Readonly<Record<Level, string>> = {
  ok: '32',
  note: '90',
  warning: '33',
  unasked: '35',
  error: '31',
}

const LEVEL_WIDTH = 'warning'.length
const CHECK_WIDTH = Math.max(...CHECKS.map(({ length }) => length))
const INDENT = 2 + LEVEL_WIDTH + 2 + CHECK_WIDTH + 2
const MAX_COLUMNS = 120

export function printExamination(examination: Examination, look: Look): string {
  const { findings } = examination
  const groups = GROUPS.map(([heading, checks]) => ({
    heading,
    findings: checks.flatMap((check) => findings.filter((finding) => finding.check === check)),
  })).filter((group) => group.findings.length > 0)
  const sections = groups.map((group) =>
    [group.heading, ...group.findings.map((finding) => writeFinding(finding, look))].join('\n'),
  )
  return `${[...sections, summarise(examination)].join('\n\n')}\n`
}

function writeFinding({ check, level, message }: Finding, { columns, hasColour }: Look): string {
  const word = level.padEnd(LEVEL_WIDTH)
  const shown = hasColour ? `\x1b[${COLOURS[level]}m${word}\x1b[0m` : word
  const clean = escapeText(message)
  const width = columns === null ? null : Math.max(30, Math.min(MAX_COLUMNS, columns) - INDENT - 1)
  const text = width === null ? clean : wrapText(clean, width).replaceAll('\n', `\n${' '.repeat(INDENT)}`)
  return `  ${shown}  ${check.padEnd(CHECK_WIDTH)}  ${text}`
}

function summarise({ isLive, findings }: Examination): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  const [errors, unasked, warnings] = [count('error'), count('unasked'), count('warning')]
  const counts = [
    ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'}`] : []),
    ...(unasked > 0 ? [`${unasked} without an answer`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ].join(', ')
  const fit = counts === '' ? 'fit' : `${counts}; fit`
  if (!isLive)
    return errors > 0
      ? `${counts}: a Send would not go on here`
      : `${fit} to send to the inbox of this machine; the notes say what a live Send needs`
  if (errors > 0) return `${counts}: a live Send would be refused by large providers, or not go out`
  return unasked > 0 ? `${counts}: whether a live Send would be taken is not known` : `${fit} for a live Send`
}

/** Nothing is against sending, and nobody failed to answer. */
export function isSound(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level !== 'error' && level !== 'unasked')
}
