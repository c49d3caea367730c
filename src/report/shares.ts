/** Shares in words: a percentage never stands without what it is of. */

import { formatNumber } from './columns.js'

/** `4.5 % of 997 sent`; '' of nothing. */
export function shareOf(count: number, whole: number, of: string): string {
  const percent = percentOf(count, whole)
  return percent === null ? '' : `${percent} of ${formatNumber(whole)} ${of}`
}

/** `4.5 %`, `0.02 %`, `0 %`; null of nothing. */
export function percentOf(count: number, whole: number): string | null {
  if (whole <= 0) return null
  const percent = (100 * count) / whole
  if (count > 0 && percent < 0.01) return '<0.01 %'
  // What is not all of it never reads as all of it.
  const shown = count < whole ? Math.min(percent, 99.9) : percent
  // Complaints are judged by hundredths.
  return `${Number(shown.toFixed(shown < 1 ? 2 : 1)).toLocaleString('en')} %`
}

/** The passage before the first heading is the editor's note. */
export function headingOf({ heading }: { readonly heading: string }): string {
  return heading === '' ? "editor's note" : heading
}

/** `nobody`, `1 person`, `2 people`. */
export function people(count: number): string {
  if (count === 0) return 'nobody'
  return `${formatNumber(count)} ${count === 1 ? 'person' : 'people'}`
}
