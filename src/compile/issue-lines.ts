/**
 * Which line of the issue file a place in the finished HTML came from. Marks of private-use characters go through
 * template and MJML with the words; they never stand between white space and white space, so that taking them out
 * leaves the bytes as they would have been without them.
 */

const MARK = /\ue008(\d*)\ue009/g
const MARK_HERE = /\ue008(\d*)\ue009/y

/** "From here on it is this line"; null: from here on it is no line of the issue, but the template. */
export function markIssueLine(line: number | null): string {
  return `\ue008${line ?? ''}\ue009`
}

export function dropIssueLines(marked: string): string {
  return marked.replace(MARK, '')
}

/** The mark that begins at `at`, and where it ends; null where none does. */
export function markAt(
  marked: string,
  at: number,
): { readonly line: number | null; readonly end: number } | null {
  MARK_HERE.lastIndex = at
  const match = MARK_HERE.exec(marked)
  return match === null ? null : { line: lineOf(match), end: MARK_HERE.lastIndex }
}

export interface LinedText {
  readonly text: string
  /** Where in `text` another line begins, in order. */
  readonly turns: readonly { readonly at: number; readonly line: number | null }[]
}

/** Takes the marks out. */
export function readIssueLines(marked: string): LinedText {
  const turns: { at: number; line: number | null }[] = []
  let text = ''
  let from = 0
  for (const match of marked.matchAll(MARK)) {
    text += marked.slice(from, match.index)
    from = match.index + match[0].length
    turns.push({ at: text.length, line: lineOf(match) })
  }
  return { text: text + marked.slice(from), turns }
}

function lineOf([, digits]: RegExpExecArray): number | null {
  return digits ? Number(digits) : null
}

/** The line that the character at offset `at` came from; null for the template's own. */
export function issueLineAt({ turns }: LinedText, at: number): number | null {
  return turns[turnsUntil(turns, at) - 1]?.line ?? null
}

/** The first line of the issue that is begun in `start <= at < end`; null where none is. */
export function firstIssueLine({ turns }: LinedText, start: number, end: number): number | null {
  for (let index = turnsUntil(turns, start - 1); index < turns.length; index += 1) {
    const turn = turns[index]
    if (turn === undefined || turn.at >= end) return null
    if (turn.line !== null) return turn.line
  }
  return null
}

/** How many turns lie at or before `at`. */
function turnsUntil(turns: LinedText['turns'], at: number): number {
  let low = 0
  let high = turns.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((turns[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}
