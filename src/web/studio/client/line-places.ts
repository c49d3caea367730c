/** Where a line of the issue stands in a picture: elements bear it as `data-line` (the server's `lined-html.ts`). */

const LINED = '[data-line]'
const HEADING = 'h1, h2, h3, h4, h5, h6'
/** Begin on the line of their first part, which is what is meant. */
const HOLDERS = 'ul, ol, table, thead, tbody, tr, blockquote, figure'

export function hasLines(picture: Document): boolean {
  return picture.querySelector(LINED) !== null
}

/** What shows a line, or the nearest line before it; null where it lies before all that is shown. */
export type FindPlace = (line: number) => HTMLElement | null

/** Of the picture as it is laid out now. */
export function placesIn(picture: Document): FindPlace {
  const byLine = new Map<number, HTMLElement[]>()
  for (const element of picture.querySelectorAll<HTMLElement>(LINED)) {
    if (element.getClientRects().length === 0) continue
    const line = lineOf(element)
    const there = byLine.get(line)
    if (there === undefined) byLine.set(line, [element])
    else there.push(element)
  }
  const lines = [...byLine.keys()].toSorted((one, other) => one - other)
  return (line) => {
    const nearest = lines.findLast((one) => one <= line)
    return nearest === undefined ? null : meantOf(byLine.get(nearest) ?? [])
  }
}

/** Of elements on one line. */
function meantOf(there: readonly HTMLElement[]): HTMLElement | null {
  const parts = there.filter((one) => !one.matches(HOLDERS))
  const meant = parts.length === 0 ? there : parts
  const outer = meant.filter((one) => !standsWithin(one, meant === parts ? `:not(${HOLDERS})` : ''))
  // The list of contents names a heading before it comes.
  return outer.find((one) => one.matches(HEADING)) ?? outer.at(-1) ?? null
}

/** Whether it stands within another of its line. */
function standsWithin(element: HTMLElement, which: string): boolean {
  return element.parentElement?.closest(`[data-line='${lineOf(element)}']${which}`) !== null
}

/** The line that an element shows or stands in; null for the template's own. */
export function lineAround(
  element: Element,
): { readonly element: HTMLElement; readonly line: number } | null {
  const lined = element.closest<HTMLElement>(LINED)
  return lined === null ? null : { element: lined, line: lineOf(lined) }
}

function lineOf({ dataset }: HTMLElement): number {
  return Number(dataset.line)
}
