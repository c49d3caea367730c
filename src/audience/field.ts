/** Field: what a Subscriber's name and attributes may hold. Data that lands in headers and pages, so one clean line. */

/** In characters; longer ones are cut. */
const MAX_NAME = 200
const MAX_VALUE = 1_000

/** The form of a hole's name, so that every attribute can be written into an Issue. */
const ATTRIBUTE_NAME = /^[a-z][a-z0-9_]*$/

/** A line break here would be a header of its own in the hands of a careless reader. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu
/** Marks that turn the text around them, lone surrogates, and what stands for lost text. */
const UNSEEN = /[\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\p{Cs}\u{FEFF}\u{FFFD}-\u{FFFF}]/gu

export function cleanName(text: string): string {
  return clean(text, MAX_NAME)
}

export function cleanValue(text: string): string {
  return clean(text, MAX_VALUE)
}

export function isAttributeName(text: string): boolean {
  return ATTRIBUTE_NAME.test(text)
}

/** The attribute name that `text` comes nearest to: `First Name` → `first_name`; '' when nothing of it is left. */
export function suggestAttributeName(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
}

function clean(text: string, max: number): string {
  const line = text.replace(UNSEEN, '').replace(BREAKS, ' ').trim().normalize('NFC')
  return line.length <= max
    ? line
    : Array.from(line.slice(0, max * 2))
        .slice(0, max)
        .join('')
        .trim()
}
