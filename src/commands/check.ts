/** `pressrun check`: every issue named, or all of them, compiled and checked; nothing is sent or written. */

import type { Config } from '../config.js'
import { InputError, type Problem } from '../errors.js'
import { listIssues, resolveIssueFile } from '../issue/read.js'
import { compileFor } from './prepare.js'

export interface CheckedFinding {
  readonly file: string
  readonly line: number | null
  /** Of a check, or `issue` for what keeps the file from being one. */
  readonly id: string
  readonly severity: 'error' | 'warning'
  readonly message: string
}

export interface CheckAnswer {
  readonly issues: number
  readonly findings: readonly CheckedFinding[]
}

/** Throws InputError when something named is no issue at all. */
export async function checkIssues(
  names: readonly string[],
  { config }: { readonly config: Config },
): Promise<CheckAnswer> {
  const wanted = names.length > 0 ? names : (await listIssues(config.root)).map(({ slug }) => slug)
  if (wanted.length === 0) throw new InputError('issues/ holds no issue; write issues/YYYY-MM-DD-slug.md')
  for (const name of wanted) await resolveIssueFile(config.root, name)
  const findings: CheckedFinding[] = []
  for (const name of wanted) findings.push(...(await checkOne(name, config)))
  return { issues: wanted.length, findings }
}

async function checkOne(name: string, config: Config): Promise<readonly CheckedFinding[]> {
  try {
    const { file, findings, warnings } = await compileFor(config, name)
    return [
      ...findings.map(({ id, line, message, hint, severity, ...place }) => ({
        file: place.file,
        line,
        id,
        severity: severity === 'error' ? ('error' as const) : ('warning' as const),
        message: hint === '' ? message : `${message}; ${hint}`,
      })),
      ...warnings.map(({ line, message }) => ({
        file,
        line,
        id: 'issue',
        severity: 'warning' as const,
        message,
      })),
    ]
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems.map((problem) => toFinding(problem, name))
  }
}

function toFinding({ where, line, message }: Problem, name: string): CheckedFinding {
  return { file: where === '' ? name : where, line, id: 'issue', severity: 'error', message }
}

export function isBlocked({ findings }: CheckAnswer): boolean {
  return findings.some(({ severity }) => severity === 'error')
}

export function printCheck(answer: CheckAnswer): string {
  const lines = answer.findings.map(({ file, line, id, severity, message }) => {
    const place = line === null ? file : `${file}:${line}`
    return `${place}: ${severity}${id === 'issue' ? '' : ` ${id}`}: ${message}`
  })
  const count = (severity: string) =>
    answer.findings.filter((finding) => finding.severity === severity).length
  const issues = `${answer.issues} ${answer.issues === 1 ? 'issue' : 'issues'}`
  const verdict = isBlocked(answer)
    ? `${count('error')} to mend before sending`
    : count('warning') > 0
      ? `fit to send, ${count('warning')} to look at`
      : 'fit to send'
  return [...lines, `${issues}: ${verdict}`, ''].join('\n')
}
