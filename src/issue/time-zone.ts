/** Time zones by their IANA names: is there such a one, and which was probably meant. */

import { nearest } from './nearest.js'

/** What is wrong with the name, as a clause that says what would be right; null when there is such a time zone. */
export function describeBadZone(name: string): string | null {
  // An offset is no place: it knows no summer time.
  if (/^[A-Za-z]/.test(name) && isKnown(name)) return null
  const meant = nearest(name, Intl.supportedValuesOf('timeZone'))
  return `"${name}" is no time zone; ${meant === null ? 'write one like Europe/Berlin, America/New_York or UTC' : `the nearest is ${meant}`}`
}

function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch (error) {
    // Intl's word for no such zone.
    if (error instanceof RangeError) return false
    throw error
  }
}
