/** What is known while a tree is read: where things point, on which line they stand, whom to tell what is lost. */

import type { Block, Marks, Note } from './flow.js'
import type { FootnoteMarks } from './footnotes.js'
import { type Element, lineOf, type Node } from './html-tree.js'
import { cleanText } from './runs.js'

export interface FlowContext {
  /** The page's own URL, null when it is not known. */
  readonly base: string | null
  /** Where an element's line is told: in the tree, or by the marks that were left in it (`lineMark`). */
  readonly lines: 'written' | 'marked' | 'none'
  readonly note: (note: Note) => void
}

export interface Flow extends FlowContext {
  readonly footnotes: FootnoteMarks
  /** The notes that were read. */
  readonly notes: Block[]
  /** URLs of links that look like buttons. */
  readonly buttons: Set<string>
  /** The line that the last mark named. */
  markedLine: number | null
}

/** What an element hands down to what stands in it. */
export interface Setting {
  readonly marks: Marks
  readonly link: string | null
  /** Lists and quotes around it. */
  readonly depth: number
  /** Whether it stands in a footnote, which cannot have one. */
  readonly isNote: boolean
}

/** Of words named in a note. */
const MAX_SHOWN = 60

/** A comment that tells the line of what follows it, for HTML that was written from another source. */
export function lineMark(line: number): string {
  return `<!--pressrun:${line}-->`
}

/** The line a comment tells, null when it is any other. */
export function readMark(comment: string): number | null {
  const line = /^pressrun:(\d{1,9})$/.exec(comment)?.[1]
  return line === undefined ? null : Number(line)
}

export function lineAt(node: Node, flow: Flow): number | null {
  if (flow.lines === 'none') return null
  return flow.lines === 'marked' ? flow.markedLine : lineOf(node)
}

export function noteAt(element: Element, flow: Flow, message: string): void {
  flow.note({ line: lineAt(element, flow), message })
}

/** `written` without what cannot be sent; that there was some is told. */
export function keepSendable(written: string, line: number | null, flow: Flow): string {
  const { text, isCut } = cleanText(written)
  if (isCut) flow.note({ line, message: 'characters that cannot be sent were taken out' })
  return text
}

/** Words for a note, cut to a line. */
export function quoted(words: string): string {
  const { text } = cleanText(words.replace(/\s+/g, ' ').trim())
  const short = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1).trimEnd()}…` : text
  return `“${short}”`
}
