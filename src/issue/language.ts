/** What follows from an Issue's language: the direction of its script and the marks it quotes with. */

/** ISO 15924 codes of the scripts written from right to left. */
const RTL_SCRIPTS: ReadonlySet<string> = new Set([
  'Adlm',
  'Arab',
  'Aran',
  'Hebr',
  'Mand',
  'Nkoo',
  'Rohg',
  'Samr',
  'Syrc',
  'Thaa',
])

/** Outer and inner quotation marks, opening and closing, as markdown-it takes them. */
type Quotes = readonly [string, string, string, string]

const ENGLISH_QUOTES: Quotes = ['“', '”', '‘', '’']
const QUOTES: Readonly<Record<string, Quotes>> = {
  cs: ['„', '“', '‚', '‘'],
  da: ['»', '«', '›', '‹'],
  de: ['„', '“', '‚', '‘'],
  es: ['«', '»', '“', '”'],
  fi: ['”', '”', '’', '’'],
  fr: ['«\u00a0', '\u00a0»', '‹\u00a0', '\u00a0›'],
  hu: ['„', '”', '»', '«'],
  it: ['«', '»', '“', '”'],
  ja: ['「', '」', '『', '』'],
  nb: ['«', '»', '‘', '’'],
  no: ['«', '»', '‘', '’'],
  pl: ['„', '”', '«', '»'],
  ru: ['«', '»', '„', '“'],
  sk: ['„', '“', '‚', '‘'],
  sv: ['”', '”', '’', '’'],
  uk: ['«', '»', '„', '“'],
}

/** The canonical form of a BCP 47 tag (`EN-gb` → `en-GB`), or null when it is none: `english` is no tag. */
export function canonicalLanguage(tag: string): string | null {
  // A longer language subtag is well-formed, but none was ever registered (RFC 5646 section 2.2.1).
  if (!/^[a-z]{2,3}(?:-|$)/i.test(tag)) return null
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null
  } catch {
    return null
  }
}

/** `lang` is a canonical BCP 47 tag; the script is the one most likely for it (`az-Arab` is rtl, `az` is not). */
export function directionOf(lang: string): 'ltr' | 'rtl' {
  return RTL_SCRIPTS.has(new Intl.Locale(lang).maximize().script ?? '') ? 'rtl' : 'ltr'
}

export function quotesOf(lang: string): Quotes {
  return QUOTES[new Intl.Locale(lang).language] ?? ENGLISH_QUOTES
}
