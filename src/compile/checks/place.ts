/** Where a finding stands: the issue's line, or the template's file and line for what the template wrote. */

import type { CheckInput, Found, PageElement } from './check.js'

export type Place = Pick<Found, 'line' | 'file'>

/** `written` is what to look for in the template, the likeliest first. */
export function placeOfElement(
  input: CheckInput,
  { line }: Pick<PageElement, 'line'>,
  written: readonly string[],
): Place {
  return line === null ? placeInTemplate(input, written) : { line }
}

/** The template's main file where none of it is found, without a line. */
export function placeInTemplate({ issue, placeOf }: CheckInput, written: readonly string[]): Place {
  for (const words of written) {
    const place = words === '' ? null : placeOf(words)
    if (place !== null) return place
  }
  return { file: `templates/${issue.template}/email.mjml`, line: null }
}
