/** Findings as an editor reads them: one a line, `issues/x.md:12: error S05: what is wrong; what would be right`. */

import { type Finding, isBlocking, LEVELS } from '../compile/checks/finding.js'
import { escapeText } from '../compile/escape.js'

type Level = (typeof LEVELS)[keyof typeof LEVELS] | 'waived'

/** SGR colours (ECMA-48), as `pressrun doctor` has them. */
const COLOURS: Readonly<Record<Level, string>> = { error: '31', warning: '33', note: '90', waived: '35' }
const LEVEL_WIDTH = 'warning'.length

export interface Look {
  readonly hasColour: boolean
}

/** `hasColors` honours NO_COLOR. */
export function lookOf(stream: { readonly isTTY?: boolean; readonly hasColors?: () => boolean }): Look {
  return { hasColour: stream.isTTY === true && stream.hasColors?.() === true }
}

/** In their order; '' for none. Places and levels stand in columns, a file's findings together. */
export function printFindings(findings: readonly Finding[], look: Look): string {
  const files = [...new Set(findings.map(({ file }) => file))]
  return files
    .map((file) =>
      printFile(
        findings.filter((finding) => finding.file === file),
        look,
      ),
    )
    .join('\n')
}

function printFile(findings: readonly Finding[], look: Look): string {
  const places = findings.map(({ file, line }) => `${file}:${line === null ? '' : `${line}:`}`)
  const width = Math.max(...places.map(({ length }) => length))
  return findings
    .map((finding, index) => `${(places[index] ?? '').padEnd(width)} ${printOne(finding, look)}\n`)
    .join('')
}

function printOne({ id, severity, message, hint, waived }: Finding, { hasColour }: Look): string {
  const level = waived === null ? LEVELS[severity] : 'waived'
  const word = level.padEnd(LEVEL_WIDTH)
  const shown = hasColour ? `\x1b[${COLOURS[level]}m${word}\x1b[0m` : word
  const advice = waived === null ? hint : `waived: ${waived}`
  return `${shown} ${id}: ${escapeText(advice === '' ? message : `${message}; ${advice}`)}`
}

/** `2 errors to mend before sending, 1 warning to look at`; what only is worth knowing is not counted. */
export function countFindings(findings: readonly Finding[]): string {
  const errors = findings.filter(isBlocking).length
  const warnings = findings.filter(({ severity, waived }) => severity === 'warn' && waived === null).length
  const waived = findings.filter((finding) => finding.waived !== null).length
  const parts = [
    errors === 0 ? 'fit to send' : `${count(errors, 'error')} to mend before sending`,
    ...(warnings === 0 ? [] : [`${count(warnings, 'warning')} to look at`]),
    ...(waived === 0 ? [] : [`${waived} waived`]),
  ]
  return parts.join(', ')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
