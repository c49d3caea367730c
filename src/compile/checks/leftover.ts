/** C06: template code or a lost value in what readers see. */

import type { Check, Found } from './check.js'

const CODE = /\{\{|\}\}|\[\[=|\[object \w+\]/g
/** A word of its own is fine ("left undefined"); as a whole value or part of a URL it is a gap. */
const GAP = />\s*(undefined|NaN|null)\s*<|="(undefined|NaN|null)"|\/(undefined|NaN)(?=[/"?#\s<])/g
const HOLE = /\{\{[^{}]*\}\}/g
const SHOWN_BEFORE = 20
const SHOWN = 60

export const LEFTOVER: Check = {
  id: 'C06',
  title: 'no template code and no lost value is left in what readers see',
  isWaivable: false,
  severities: ['error'],
  run: ({ copies, compiled, source }) => {
    // The first copy has no values: what it holds, the issue or the template put there.
    const { subject = '', preheader = '', html = '', text = '' } = copies[0] ?? {}
    const written = source.replace(HOLE, '')
    return [
      ...findLeftover('the subject', subject, written),
      ...findLeftover('the preheader', preheader, written),
      ...findLeftover('the HTML', html, written),
      ...findLeftover('the text part', text, written),
      ...findLeftover('the web page', compiled.web, written),
    ]
  },
}

/** The first that the editor did not write: what an issue about programming shows is none. */
function findLeftover(part: string, text: string, written: string): readonly Found[] {
  const match = [...text.matchAll(CODE), ...text.matchAll(GAP)].find(
    ([whole, ...groups]) => !written.includes(groups.find((group) => group !== undefined) ?? whole),
  )
  if (match === undefined) return []
  const shown = text.slice(Math.max(0, match.index - SHOWN_BEFORE), match.index + SHOWN).replace(/\s+/g, ' ')
  return [
    {
      severity: 'error',
      message: `${part} holds "${match[0]}" (… ${shown} …)`,
      hint: 'the template has lost a value; see what it is given in templates/README.md',
      line: null,
    },
  ]
}
