/** How exports write yes and no. */

const YES: ReadonlySet<string> = new Set(['true', '1', 'yes', 't', 'y'])
const NO: ReadonlySet<string> = new Set(['', 'false', '0', 'no', 'f', 'n', 'null'])

/** What is neither counts as yes: of columns that say that someone has left, that is the safe side. */
export function isYes(text: string): boolean {
  return !NO.has(text.trim().toLowerCase())
}

/** Only what says so. */
export function isClearlyYes(text: string): boolean {
  return YES.has(text.trim().toLowerCase())
}
