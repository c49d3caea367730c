/** Runs as a page shows them: white space is one blank, none at the ends; neighbours that look alike are one run. */

import type { Marks, Run, TextRun } from './flow.js'

/** Characters that no issue may hold: controls, halves of characters, reserved ones, changes of direction. */
const UNSENDABLE = /[^\P{Cc}\t\n\r\f]|[\p{Cs}\u{E000}-\u{E00F}\u{FFFD}-\u{FFFF}\u202a-\u202e\u2066-\u2069]/gu

/** What fills up a preview or holds a row open: nothing that a reader sees. */
const BLANK = /^[\s\p{Cf}\p{Mn}\u2800\u3164\uFFA0]*$/u

/** `text` without what cannot be sent, and whether anything was taken out. */
export function cleanText(text: string): { readonly text: string; readonly isCut: boolean } {
  const clean = text.replace(UNSENDABLE, '')
  return { text: clean, isCut: clean.length < text.length }
}

/** Runs as one paragraph shows them; none when there is nothing to see. */
export function tidyRuns(runs: readonly Run[]): readonly Run[] {
  const tidied: Run[] = []
  // Whether a blank here would be swallowed: at the start, after another one, after a break.
  let isAfterBlank = true
  for (const run of runs) {
    if (run.kind === 'text') {
      const text = spaceBraces(tidied.at(-1), collapse(run.text, isAfterBlank))
      if (text === '') continue
      append(tidied, { ...run, text })
      isAfterBlank = text.endsWith(' ')
    } else {
      if (run.kind === 'break') trimEnd(tidied)
      if (run.kind !== 'break' || tidied.length > 0) tidied.push(run)
      isAfterBlank = run.kind === 'break'
    }
  }
  while (tidied.at(-1)?.kind === 'break') {
    tidied.pop()
    trimEnd(tidied)
  }
  trimEnd(tidied)
  return tidied.every((run) => run.kind === 'text' && BLANK.test(run.text)) ? [] : tidied
}

function collapse(text: string, isAfterBlank: boolean): string {
  const collapsed = text.replace(/[ \t\r\n\f]+/g, ' ')
  return isAfterBlank ? collapsed.replace(/^ /, '') : collapsed
}

/** No issue can show two braces in a row: they would be a hole. */
function spaceBraces(previous: Run | undefined, text: string): string {
  const isSecond = previous?.kind === 'text' && previous.text.endsWith('{') && text.startsWith('{')
  return `${isSecond ? ' ' : ''}${text.replace(/\{(?=\{)/g, '{ ')}`
}

/** Puts `run` at the end, into the last run when it is set alike. */
function append(runs: Run[], run: TextRun): void {
  const last = runs.at(-1)
  if (last?.kind === 'text' && last.link === run.link && isSame(last.marks, run.marks))
    runs[runs.length - 1] = { ...last, text: last.text + run.text }
  else runs.push(run)
}

function trimEnd(runs: Run[]): void {
  const last = runs.at(-1)
  if (last?.kind !== 'text') return
  runs.pop()
  const text = last.text.trimEnd()
  if (text !== '') runs.push({ ...last, text })
  else trimEnd(runs)
}

export function isSame(one: Marks, other: Marks): boolean {
  return (
    one.strong === other.strong && one.em === other.em && one.gone === other.gone && one.code === other.code
  )
}
