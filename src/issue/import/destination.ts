/** Where links and images of a source lead, as an issue may hold them. */

import { describeBadUrl, isWebUrl } from '../links.js'

export type Destination =
  | { readonly kind: 'url'; readonly url: string }
  /** A place in the same page. */
  | { readonly kind: 'anchor'; readonly id: string }
  /** Nowhere that an issue can lead to; why, for a note. */
  | { readonly kind: 'none'; readonly reason: string }

/** `base` is the page's own URL, against which short forms are read; null when it is not known. */
export function readDestination(href: string, base: string | null): Destination {
  const written = tidy(href)
  if (written === '') return { kind: 'none', reason: 'is empty' }
  if (/^#./.test(written)) return { kind: 'anchor', id: decode(written.slice(1)) }
  const url = toUrl(written, base)
  if (url !== null) return { kind: 'url', url }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(written)?.[1]?.toLowerCase()
  if (scheme !== undefined && !/^(?:https?|mailto|tel)$/.test(scheme))
    return { kind: 'none', reason: `is a "${scheme}:" link, which no mail may hold` }
  if (scheme !== undefined) return { kind: 'none', reason: 'is no whole address' }
  if (/\*\||\{\{|\{%|%%/.test(written))
    return { kind: 'none', reason: 'is filled by the program it came from' }
  return { kind: 'none', reason: 'says no site; name it with --site https://…' }
}

/** The URL of an image, or its path as it was written. Null when it is neither. */
export function readImageSource(source: string, base: string | null): string | null {
  const written = tidy(source)
  if (written === '') return null
  if (/^data:image\//i.test(written)) return written
  const url = toUrl(written, /^(?:\/\/|https?:)/i.test(written) ? base : null)
  if (url !== null) return url
  return /^[a-z][a-z0-9+.-]*:/i.test(written) || written.startsWith('//') ? null : written
}

/** Browsers read a URL without the controls in it and the blanks around it; so does everyone who wrote one. */
function tidy(url: string): string {
  return url.replace(/[^\P{Cc} ]|\p{Cs}/gu, '').trim()
}

function toUrl(written: string, base: string | null): string | null {
  const absolute = written.startsWith('//') ? `https:${written}` : written
  if (/^(?:mailto|tel):/i.test(absolute)) {
    const spaceless = absolute.replace(/^tel:.*/i, (tel) => tel.replace(/[ /]/g, ''))
    return describeBadUrl(spaceless) === null ? escapeSpecial(spaceless) : null
  }
  if (/^https?:/i.test(absolute)) return isWebUrl(absolute) ? escapeSpecial(absolute) : null
  if (base === null || /^[a-z][a-z0-9+.-]*:/i.test(absolute) || /\*\||\{\{|\{%/.test(absolute)) return null
  return URL.canParse(absolute, base) ? escapeSpecial(new URL(absolute, base).href) : null
}

/** What would end a link in Markdown, or begin a hole, as a URL may say it. */
function escapeSpecial(url: string): string {
  return url.replace(/[\s<>"`\\{}|^\u{E000}-\u{E00F}\u{FFFD}-\u{FFFF}]/gu, (character) =>
    encodeURIComponent(character),
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
