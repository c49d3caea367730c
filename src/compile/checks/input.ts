/** Puts together what the checks look at; everything that costs time is done once, here. */

import type { Issue } from '../../issue/issue.js'
import type { Publication } from '../../issue/publication.js'
import type { Trace } from '../compile.js'
import type { Compilation, CompiledIssue } from '../compiled.js'
import type { KnowsWord } from '../dictionary.js'
import type { IssueImages } from '../images.js'
import { dropIssueLines, readIssueLines } from '../issue-lines.js'
import type { MarkedText } from '../template-lines.js'
import type { CheckInput, Copy, PastIssue, WriteWire } from './check.js'
import { parsePage, parseStyles } from './page.js'
import { sampleCopies } from './samples.js'

export interface Checkable {
  readonly issue: Issue
  readonly publication: Publication
  readonly compilation: Compilation
  readonly trace: Trace
  /** The same issue compiled once more; the same object where nobody doubts it. */
  readonly again: CompiledIssue
  readonly images: IssueImages
  readonly past: readonly PastIssue[]
  readonly words: readonly string[]
  readonly dictionaries: ReadonlyMap<string, KnowsWord>
  readonly isLive: boolean
  readonly writeWire: WriteWire
}

/** Throws what `writeWire` throws. */
export function buildCheckInput(checkable: Checkable): CheckInput {
  const { compilation, trace, writeWire, ...given } = checkable
  const { issue } = given
  const { compiled } = compilation
  const lined = sampleCopies({ compiled, preheader: trace.preheader, html: trace.html }).map((copy) => ({
    copy,
    read: readIssueLines(copy.html),
  }))
  const copies = lined.map(({ copy, read }): Copy => ({ ...copy, html: read.text }))
  const worstIndex = indexOfLongest(copies)
  const [worst, worstRead] = [copies[worstIndex], lined[worstIndex]?.read]
  if (worst === undefined || worstRead === undefined) throw new Error('there is no sample copy')
  const page = parsePage(worstRead)
  return {
    ...given,
    source: issue.source,
    lineOf: (key) => lineOfKey(issue.source, key),
    compiled,
    mjml: trace.mjml,
    placeOf: placeIn(trace.poured),
    accepted: trace.accepted,
    copies,
    worst,
    page,
    styles: parseStyles(page),
    wire: writeWire(compilation, worst.values),
  }
}

function indexOfLongest(copies: readonly Copy[]): number {
  const sizes = copies.map(({ html }) => Buffer.byteLength(html))
  return sizes.indexOf(Math.max(...sizes))
}

/** Where a key of the front matter stands; null when the editor left it out. */
export function lineOfKey(source: string, key: string): number | null {
  const lines = source.split('\n')
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---')
  const index = lines.slice(0, end).findIndex((line) => line.startsWith(`${key}:`))
  return index === -1 ? null : index + 1
}

/** The text is made ready when a check first asks. */
function placeIn({ text, originOf }: MarkedText): CheckInput['placeOf'] {
  let plain: string | null = null
  return (written) => {
    plain ??= dropIssueLines(text)
    const at = plain.indexOf(written)
    if (at === -1) return null
    const { where, line } = originOf(plain.slice(0, at).split('\n').length)
    return { file: where, line }
  }
}
