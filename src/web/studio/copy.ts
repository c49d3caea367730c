/** One reader's copy of a Picture: holes filled, Tokens that verify nowhere, links and pictures as they will be. */

import type { Holed } from '../../compile/compiled.js'
import { escapeHtml, escapeText } from '../../compile/escape.js'
import { fillHoled } from '../../compile/holed.js'
import type { Picture } from '../../compile/picture.js'
import { TOKEN_LENGTH } from '../../link/token.js'
import type { CopyView, Values } from './api.js'

/** Verifies nowhere. */
export const SAMPLE_TOKEN = 'A'.repeat(TOKEN_LENGTH)

export function copyOf({ compilation: { compiled }, preheader }: Picture, values: Values): CopyView {
  return {
    subject: fill(compiled.subject, values, escapeText),
    preheader: fill(preheader, values, escapeText),
    text: fill(compiled.text, values, escapeText),
  }
}

/** The mail's HTML with the marks of the lines in it (`compile/issue-lines.ts`). */
export function linedHtml({ lined }: Picture, values: Values): string {
  return fill(lined, values, escapeHtml)
}

function fill(holed: Holed, values: Values, escapeValue: (text: string) => string): string {
  return fillHoled(holed, {
    value: (name) => values[name] ?? '',
    token: () => SAMPLE_TOKEN,
    escape: escapeValue,
  })
}
