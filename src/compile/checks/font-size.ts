/** Font sizes in CSS pixels; null where the window or a function decides. */

const KEYWORDS: Readonly<Record<string, number>> = {
  'xx-small': 9,
  'x-small': 10,
  small: 13,
  medium: 16,
  large: 18,
  'x-large': 24,
  'xx-large': 32,
}
const PIXELS: Readonly<Record<string, number>> = {
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  rem: 16,
}
/** What browsers give these by themselves. */
const DEFAULTS: Readonly<Record<string, string>> = {
  h1: '2em',
  h2: '1.5em',
  h3: '1.17em',
  h5: '0.83em',
  h6: '0.67em',
  small: 'smaller',
  big: 'larger',
  sub: 'smaller',
  sup: 'smaller',
}

export function defaultFontSize(tag: string): string {
  return DEFAULTS[tag] ?? 'inherit'
}

/** `inherited` is the parent's, null where that is not known. */
export function computeFontSize(written: string, inherited: number | null): number | null {
  const value = written.trim().toLowerCase()
  if (value === 'inherit' || value === 'unset') return inherited
  if (value === 'initial') return KEYWORDS.medium ?? null
  if (value === '0') return 0
  const keyword = KEYWORDS[value]
  if (keyword !== undefined) return keyword
  const share = shareOf(value)
  if (share !== null) return inherited === null ? null : inherited * share
  const [, digits = '', unit = ''] = /^([\d.]+)([a-z]+)$/.exec(value) ?? []
  const pixels = PIXELS[unit]
  return pixels === undefined ? null : Number(digits) * pixels
}

/** Of what is inherited. */
function shareOf(value: string): number | null {
  if (value === 'smaller') return 1 / 1.2
  if (value === 'larger') return 1.2
  const [, digits, unit] = /^([\d.]+)(em|%)$/.exec(value) ?? []
  if (digits === undefined) return null
  return unit === 'em' ? Number(digits) : Number(digits) / 100
}
