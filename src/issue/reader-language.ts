/** The languages that readers are spoken to in: public pages and Notices. Issues may be in any. */

export const READER_LANGUAGES = ['en', 'de', 'fr', 'es'] as const
export type ReaderLanguage = (typeof READER_LANGUAGES)[number]

/** Text by language. */
export type Translated<T> = Readonly<Record<ReaderLanguage, T>>

const MAX_HEADER = 200

/** The one a BCP 47 tag asks for; null when it is none of ours. */
export function asReaderLanguage(tag: string): ReaderLanguage | null {
  const primary = tag.toLowerCase().split('-')[0]
  return READER_LANGUAGES.find((lang) => lang === primary) ?? null
}

/** … English when it is none of ours. */
export function readerLanguage(tag: string): ReaderLanguage {
  return asReaderLanguage(tag) ?? 'en'
}

/**
 * The reader's own choice: the first language of an Accept-Language header (RFC 9110 section 12.5.4) that is ours. Null
 * when it names none.
 */
export function acceptedLanguage(header: string): ReaderLanguage | null {
  const wanted = header
    .slice(0, MAX_HEADER)
    .split(',')
    .map(readWeighted)
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  for (const { tag } of wanted) {
    const found = asReaderLanguage(tag)
    if (found !== null) return found
  }
  return null
}

function readWeighted(part: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { tag, weight: Number.isFinite(weight) ? weight : 0 }
}
