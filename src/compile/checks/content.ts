/** C: what the template made of the words. */

import type { Check, Found } from './check.js'

const CODE = /\{\{|\}\}|\[object \w+\]/
/** A word of its own is fine ("left undefined"); as a whole value or part of a URL it is a gap. */
const GAP = />\s*(undefined|NaN|null)\s*<|="(undefined|NaN|null)"|\/(undefined|NaN)(?=[/"?#\s<])/
const LONGEST_SHOWN = 60

const C06: Check = {
  id: 'C06',
  title: 'no template code and no lost value is left in what readers see',
  isWaivable: false,
  run: ({ copies, compiled }) => [
    // The first copy has no values: what it holds, the issue or the template put there.
    ...copies
      .slice(0, 1)
      .flatMap(({ subject, preheader, html, text }) => [
        ...findLeftover('the subject', subject),
        ...findLeftover('the preheader', preheader),
        ...findLeftover('the HTML', html),
        ...findLeftover('the text part', text),
      ]),
    ...findLeftover('the web page', compiled.web),
  ],
}

function findLeftover(part: string, text: string): readonly Found[] {
  const match = CODE.exec(text) ?? GAP.exec(text)
  if (match === null) return []
  const shown = text.slice(Math.max(0, match.index - 20), match.index + LONGEST_SHOWN).replace(/\s+/g, ' ')
  return [
    {
      severity: 'error',
      message: `${part} holds "${match[0]}" (… ${shown} …)`,
      hint: 'the template has lost a value',
      line: null,
    },
  ]
}

export const CONTENT_CHECKS: readonly Check[] = [C06]
