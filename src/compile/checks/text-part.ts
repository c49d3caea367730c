/** T01: a mail without a text part, or one that says much less than the HTML, reads badly and looks like spam. */

import type { Holed } from '../compiled.js'
import { escapeHtml } from '../escape.js'
import { fillHoled } from '../holed.js'
import type { Check } from './finding.js'

/** The text part has at least this share of the HTML's words. */
const LEAST_SHARE = 0.3

export const checkTextPart: Check = ({ compiled }) => {
  const textWords = countWords(fill(compiled.text))
  const htmlWords = countWords(visibleText(fill(compiled.html)))
  if (textWords > 0 && textWords >= htmlWords * LEAST_SHARE) return []
  const message =
    textWords === 0
      ? 'the text part is empty; readers without HTML would get nothing'
      : `the text part has ${textWords} words, the HTML ${htmlWords}; both must say the same`
  return [{ id: 'T01', severity: 'error', message, line: null }]
}

function fill(holed: Holed): string {
  return fillHoled(holed, { value: () => '', token: () => '', escape: escapeHtml })
}

function visibleText(html: string): string {
  return html
    .replace(/<(style|title|script)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<!--[\s\S]*?-->/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#?\w+;/g, ' ')
}

function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0
}
