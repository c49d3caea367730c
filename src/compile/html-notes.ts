/**
 * Footnotes as HTML: a plain list, numbered as the references are. In the email neither is a link (few mail readers
 * jump within a mail); on the web page both are.
 */

import type { Token } from 'markdown-it'
import { markOf } from '../issue/footnotes.js'
import type { Prose } from '../issue/issue.js'
import { escapeHtml } from './escape.js'
import type { HtmlMedium, ProseOptions } from './html.js'

/** A colon, which no id of a Section has. */
const NOTE_ID = 'note:'
const REFERENCE_ID = 'ref:'

/** Only the first reference to a note is where its way back leads. */
export function writeNoteReference(token: Token, { linksNotes }: HtmlMedium): string {
  const number = numberOf(token)
  if (!linksNotes) return `<sup>${number}</sup>`
  const id = markOf(token)?.isFirst ? ` id="${REFERENCE_ID}${number}"` : ''
  return `<sup><a href="#${NOTE_ID}${number}"${id} role="doc-noteref">${number}</a></sup>`
}

export function writeNotesOpen(start: number, { words }: ProseOptions): string {
  const label = words === undefined ? '' : ` aria-label="${escapeHtml(words.notes)}"`
  return `<ol class="notes" start="${start}"${label}>`
}

/** A note of a conditional passage stands there, so that numbers may have gaps. */
export function writeNoteOpen(
  number: number,
  { isNext, medium }: { isNext: boolean; medium: HtmlMedium },
): string {
  const id = medium.linksNotes ? ` id="${NOTE_ID}${number}"` : ''
  return `<li${id}${isNext ? '' : ` value="${number}"`}>`
}

/** Whether the token at `at` closes the last paragraph of a note, or the note when it ends with another block. */
export function isEndOfNote(tokens: Prose, at: number): boolean {
  const end = tokens[at]?.type === 'paragraph_close' ? at + 1 : at
  return tokens[end]?.type === 'footnote_close' && tokens[at - 1]?.type !== 'paragraph_close'
}

/** Ends the last paragraph of a note. */
export function writeWayBack(
  number: number,
  { medium, options: { words } }: { medium: HtmlMedium; options: ProseOptions },
): string {
  if (!medium.linksNotes) return ''
  const label = words === undefined ? '' : ` aria-label="${escapeHtml(words.backToText)}"`
  // The variation selector keeps phones from making a picture of the arrow.
  return ` <a href="#${REFERENCE_ID}${number}" role="doc-backlink"${label}>\u21a9\ufe0e</a>`
}

/** Of a `footnote_ref` or `footnote_open`. */
export function numberOf(token: Token | undefined): number {
  return (token === undefined ? null : markOf(token))?.number ?? 0
}
