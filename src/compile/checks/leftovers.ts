/** C06: template code or a missing value that would be read by subscribers. */

import type { Hole, Holed } from '../compiled.js'
import type { Check, Finding } from './finding.js'

const CODE = /\{\{|\}\}|\[object \w+\]/
/** A word of its own is fine ("left undefined"); as a whole value or part of a URL it is a gap. */
const GAP = />\s*(undefined|NaN|null)\s*<|="(undefined|NaN|null)"|\/(undefined|NaN)(?=[/"?#\s<])/
const LONGEST_SHOWN = 60

export const checkLeftovers: Check = ({ compiled }) => [
  ...findIn('the subject', compiled.subject),
  ...findIn('the HTML', compiled.html),
  ...findIn('the text part', compiled.text),
  ...findIn('the web page', [compiled.web]),
]

function findIn(part: string, holed: Holed): readonly Finding[] {
  // The runs are joined: a gap is no less one with a hole in the middle.
  const text = staticRuns(holed).join('')
  const match = CODE.exec(text) ?? GAP.exec(text)
  if (match === null) return []
  const shown = text.slice(Math.max(0, match.index - 20), match.index + LONGEST_SHOWN).replace(/\s+/g, ' ')
  const message = `${part} holds "${match[0]}" (… ${shown} …); a template has lost a value`
  return [{ id: 'C06', severity: 'error', message, line: null }]
}

function staticRuns(holed: Holed): readonly string[] {
  return holed.flatMap((piece: string | Hole) => {
    if (typeof piece === 'string') return [piece]
    return piece.kind === 'choice' ? [...staticRuns(piece.present), ...staticRuns(piece.absent)] : []
  })
}
