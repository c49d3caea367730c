/** N04: notes that were not meant for readers; what Word-engine Outlook reads (`[if mso]`) is no note. */

import type { DefaultTreeAdapterTypes } from 'parse5'
import type { Check } from './check.js'

const CONDITIONAL = /^\s*(?:\[if\b|<!\[endif\]|<!\s*\[?(?:if|endif)\b)/i
const LONGEST_SHOWN = 60

export const comments: Check = {
  id: 'N04',
  title: 'no comment is sent along',
  isWaivable: false,
  severities: ['error'],
  run: ({ page, issue }) =>
    commentsIn(page.document)
      .filter((text) => !CONDITIONAL.test(text))
      .map((text) => ({
        severity: 'error',
        message: `the mail holds the comment "${shorten(text)}", which anyone can read`,
        hint: 'take it out, or write it as {{!-- … --}}',
        line: null,
        file: `templates/${issue.template}/`,
      })),
}

function commentsIn(node: DefaultTreeAdapterTypes.Node): readonly string[] {
  if ('data' in node) return [node.data]
  return 'childNodes' in node ? node.childNodes.flatMap(commentsIn) : []
}

function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN - 1)}…` : line
}
