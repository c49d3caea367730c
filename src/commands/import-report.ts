/** What an import did, as an editor reads it: files on stdout, everything else on stderr. */

import { formatProblem } from '../errors.js'
import type { ImportedPost, ImportReport, ImportResult } from './import.js'

/** Notes of one post that are shown; --json has all. */
const MAX_NOTES = 12

/** The paths of what was written, a line each; of a dry run a line for each post. */
export function printFiles({ posts }: ImportReport): string {
  const lines = posts.flatMap(({ file, result, title, name }) => {
    if (result === 'written' || result === 'broken') return [file ?? '']
    return result === 'listed' ? [`${(file ?? '').replace(/^.*[\\/]|\.md$/g, '')}  ${title ?? name}`] : []
  })
  return lines.map((line) => `${line}\n`).join('')
}

/** For the person: what each post lost, why one failed, and the sum. */
export function printReport(report: ImportReport): string {
  return [...report.posts.flatMap(describePost), summarise(report)].join('\n')
}

function describePost(post: ImportedPost): readonly string[] {
  const { where, result, notes, downloads, problems, file } = post
  if (result === 'there') return [`${where}: ${file} is there already and was left alone`]
  if (result === 'left') return notes.map(({ message }) => `${where}: ${message}`)
  const failure =
    result === 'failed' && file !== null
      ? [`${where}: would be no valid issue; mend it, or write it with --keep-broken and mend the issue`]
      : []
  const shown = notes.slice(0, MAX_NOTES).map(({ line, message }) => formatProblem({ where, line, message }))
  const more =
    notes.length > MAX_NOTES ? [`${where}: and ${notes.length - MAX_NOTES} notes more; --json has all`] : []
  const images = downloads.map((url) => `${where}: to be downloaded into issues/images/: ${url}`)
  return [...failure, ...problems.map(formatProblem), ...shown, ...more, ...images]
}

function summarise({ kind, posts }: ImportReport): string {
  const count = (result: ImportResult) => posts.filter((post) => post.result === result).length
  const parts: readonly [ImportResult, string][] = [
    ['written', 'written'],
    ['broken', 'written, though no valid issue yet'],
    ['listed', 'would be written'],
    ['there', 'there already'],
    ['left', 'left out'],
    ['failed', 'failed'],
  ]
  const said = parts.flatMap(([result, words]) => (count(result) > 0 ? [`${count(result)} ${words}`] : []))
  return `${kind}: ${said.join(', ') || 'no posts'}`
}
