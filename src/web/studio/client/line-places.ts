/** Where a line of the issue stands in a picture: elements bear it as `data-line` (the server's `lined-html.ts`). */

const LINED = '[data-line]'
const HEADING = 'h1, h2, h3, h4, h5, h6'
/** Begin on the line of their first part, which is what is meant. */
const HOLDERS = 'ul, ol, table, thead, tbody, tr, blockquote, figure'

export function hasLines(picture: Document): boolean {
  return picture.querySelector(LINED) !== null
}

/** What shows the line, or the nearest line before it; null where it lies before all that is shown. */
export function elementAt(picture: Document, line: number): HTMLElement | null {
  const shown = [...picture.querySelectorAll<HTMLElement>(LINED)].filter(
    (one) => one.getClientRects().length > 0,
  )
  const nearest = Math.max(...shown.map(lineOf).filter((one) => one <= line))
  const there = shown.filter((one) => lineOf(one) === nearest)
  const parts = there.filter((one) => !one.matches(HOLDERS))
  const meant = parts.length === 0 ? there : parts
  const outer = meant.filter((one) => !meant.some((other) => other !== one && other.contains(one)))
  // The list of contents names a heading before it comes.
  return outer.find((one) => one.matches(HEADING)) ?? outer.at(-1) ?? null
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
