/** `pressrun check`: every issue named, or all of them, compiled and checked; nothing is sent or written. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { findSegment } from '../audience/segment/segment.js'
import { type Finding, findingOf, isBlocking } from '../compile/checks/finding.js'
import type { Config } from '../config.js'
import { InputError } from '../errors.js'
import { PUBLICATION_FILE, type Publication } from '../issue/publication.js'
import { listIssues, readPublication, resolveIssueFile } from '../issue/read.js'
import { READERS_FILE, readReaders } from '../web/studio/readers-file.js'
import type { LinksContext } from './check-links.js'
import { countFindings, type Look, printFindings } from './findings.js'
import { compileFor } from './prepare.js'

export interface CheckAnswer {
  readonly issues: number
  /** By issue, then by line. */
  readonly findings: readonly Finding[]
}

/** `links` null: no site is asked. Throws InputError when something named is no issue at all. */
export async function checkIssues(
  names: readonly string[],
  { config, links }: { readonly config: Config; readonly links: LinksContext | null },
): Promise<CheckAnswer> {
  const wanted = names.length > 0 ? names : (await listIssues(config.root)).map(({ slug }) => slug)
  if (wanted.length === 0) throw new InputError('issues/ holds no issue; write issues/YYYY-MM-DD-slug.md')
  for (const name of names) await resolveIssueFile(config.root, name)
  const findings: Finding[] = []
  for (const name of wanted) findings.push(...(await checkOne(name, config)))
  findings.push(...(await checkSegments(config.root)))
  findings.push(...(await checkReaders(config.root)))
  const asked = links === null ? [] : await askLinks(wanted, links)
  return { issues: wanted.length, findings: listFindings([...findings, ...asked]) }
}

/** What asks sites is loaded when they are asked. */
async function askLinks(wanted: readonly string[], links: LinksContext): Promise<readonly Finding[]> {
  const { checkLinks } = await import('./check-links.js')
  return checkLinks(wanted, links)
}

/** What keeps the file from being an issue is a finding as any other. */
async function checkOne(name: string, config: Config): Promise<readonly Finding[]> {
  try {
    return (await compileFor(config, name)).findings
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems.map((problem) => findingOf(problem, name))
  }
}

/** Each once, as they are told. */
export function listFindings(findings: readonly Finding[]): readonly Finding[] {
  return byLine(withoutDoubles(findings))
}

/** Filters of newsletter.yaml, none of which a Send may have used yet. */
export async function checkSegments(root: string): Promise<readonly Finding[]> {
  const publication = await publicationOf(root)
  if (publication === null) return []
  return publication.segments.flatMap(({ name }) => {
    try {
      findSegment(name, publication)
      return []
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return error.problems.map((problem) => findingOf(problem, PUBLICATION_FILE))
    }
  })
}

/** Sample readers of the team's: warnings, since every issue is compiled and sent without them. */
async function checkReaders(root: string): Promise<readonly Finding[]> {
  const publication = await publicationOf(root)
  if (publication === null) return []
  const { problems } = await readReaders(root, publication.attributes)
  return problems.map((problem) => ({ ...findingOf(problem, READERS_FILE), severity: 'warn' }))
}

/** Null where there is none, or a broken one: what is wrong with that file, each issue tells. */
async function publicationOf(root: string): Promise<Publication | null> {
  if (!existsSync(path.join(root, PUBLICATION_FILE))) return null
  return readPublication(root).catch((error: unknown) => {
    if (error instanceof InputError) return null
    throw error
  })
}

/** Within each file; files stand in the order of their first finding. */
function byLine(findings: readonly Finding[]): readonly Finding[] {
  const files = [...new Set(findings.map(({ file }) => file))]
  return files.flatMap((file) =>
    findings.filter((finding) => finding.file === file).sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  )
}

/** A template's mistake is one, however many issues are poured into it. */
function withoutDoubles(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()]
}

export function isBlocked({ findings }: CheckAnswer): boolean {
  return findings.some(isBlocking)
}

export function printCheck({ issues, findings }: CheckAnswer, look: Look): string {
  const list = printFindings(findings, look)
  const checked = `${issues} ${issues === 1 ? 'issue' : 'issues'}: ${countFindings(findings)}\n`
  return list === '' ? checked : `${list}\n${checked}`
}
