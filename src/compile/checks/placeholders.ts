/** N02: words an editor leaves for later. */

import type { Check, Found } from './check.js'
import { lineAt, type Passage, readPassages } from './reading.js'

/** In capitals: "todo" and "fixme" in small letters may be words. `TK` is what journalists write for "to come". */
const MARKS =
  /(?<![\p{L}\p{N}_])(?:TODO|FIXME|XXX+|TBD|TBA|TBC|TKTK|TK)(?![\p{L}\p{N}_])|\?{3,}|lorem ipsum|\[(?:link|url|image|picture|photo|date|name|headline|title|text|source|quote|caption|tk)\](?!\()/giu
/** A passage of nothing else says so by its first ones. */
const MOST_IN_PASSAGE = 20
const IN_CAPITALS = /^[A-Z]+$/
/** Spanish and Portuguese write TODO for "all" where a headline is in capitals. */
const TODO_IS_A_WORD = new Set(['es', 'pt', 'gl', 'ca', 'it'])

export const placeholders: Check = {
  id: 'N02',
  title: 'nothing was left to be written later',
  isWaivable: true,
  severities: ['error'],
  run: (input) => readPassages(input).flatMap(findPlaceholders),
}

function findPlaceholders(passage: Passage): readonly Found[] {
  return [...passage.text.matchAll(MARKS)].slice(0, MOST_IN_PASSAGE).flatMap((match) => {
    const [mark] = match
    const isWord = /^[a-z]+$/i.test(mark)
    if (isWord && !IN_CAPITALS.test(mark)) return []
    if (mark === 'TODO' && isPlainWord(passage, match.index)) return []
    return [
      {
        severity: 'error',
        message: `"${mark}" was left for later`,
        hint: 'write what belongs there, or take it out',
        line: lineAt(passage, match.index),
      },
    ]
  })
}

function isPlainWord({ lang, text }: Passage, at: number): boolean {
  const isMarked = /^TODO\s*[:\])]/.test(text.slice(at)) || /[[(]$/.test(text.slice(0, at))
  return !isMarked && TODO_IS_A_WORD.has(new Intl.Locale(lang).language)
}
