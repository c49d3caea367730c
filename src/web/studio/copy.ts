/** One reader's copy of a Picture: holes filled, Tokens that verify nowhere, links and pictures as they will be. */

import { SAMPLE_TOKEN } from '../../compile/checks/cast.js'
import type { Holed } from '../../compile/compiled.js'
import { escapeHtml, escapeText } from '../../compile/escape.js'
import { fillHoled } from '../../compile/holed.js'
import type { Picture } from '../../compile/picture.js'
import type { CopyPiece, CopyView, Values } from './api.js'
import { findHoleUses, findPassages, markHtml, piecesOf } from './hole-uses.js'

export function copyOf({ compilation: { compiled }, preheader }: Picture, values: Values): CopyView {
  const { subject, html, text } = compiled
  return {
    subject: fill(subject, values, escapeText),
    preheader: fill(preheader, values, escapeText),
    text: fill(text, values, escapeText),
    marked: {
      subject: mark(subject, values),
      preheader: mark(preheader, values),
      text: mark(text, values),
    },
    holes: findHoleUses({ subject, html }, values),
    passages: findPassages([...html, ...text], values),
  }
}

/** The mail's HTML with the marks of the lines in it (`compile/issue-lines.ts`); `holes`: whether they are marked. */
export function linedHtml({ lined }: Picture, values: Values, holes: 'plain' | 'marked' = 'plain'): string {
  if (holes === 'plain') return fill(lined, values, escapeHtml)
  return markHtml(lined, values, (piece) => fill([piece], values, escapeHtml))
}

function fill(holed: Holed, values: Values, escapeValue: (text: string) => string): string {
  return fillHoled(holed, {
    value: (name) => values[name] ?? '',
    token: () => SAMPLE_TOKEN,
    escape: escapeValue,
  })
}

function mark(holed: Holed, values: Values): readonly CopyPiece[] {
  return piecesOf(holed, values, { token: SAMPLE_TOKEN, write: escapeText })
}
