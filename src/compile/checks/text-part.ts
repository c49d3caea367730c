/** T: the text part says what the HTML says. */

import type { Check } from './check.js'

/** The text part has at least this share of the HTML's words. */
const LEAST_SHARE = 0.3

const T01: Check = {
  id: 'T01',
  title: 'the text part says what the HTML says',
  isWaivable: true,
  run: ({ worst }) => {
    const textWords = countWords(worst.text)
    const htmlWords = countWords(visibleText(worst.html))
    if (textWords > 0 && textWords >= htmlWords * LEAST_SHARE) return []
    const message =
      textWords === 0
        ? 'the text part is empty'
        : `the text part has ${textWords} words, the HTML ${htmlWords}`
    return [{ severity: 'error', message, hint: 'both must say the same', line: null }]
  },
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

export const TEXT_CHECKS: readonly Check[] = [T01]
