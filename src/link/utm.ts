/**
 * UTM parameters on a URL. They are put behind what the editor wrote, which stays as it is to the character: nothing is
 * encoded anew, put in another order, or said twice.
 */

import { UTM_KEYS, UTM_PLACE, type Utm, type UtmPlace } from '../issue/utm.js'

export interface UtmContext {
  readonly utm: Utm
  /** What the places stand for; '' where there is nothing to say. */
  readonly places: Readonly<Record<UtmPlace, string>>
  /** Absolute, without a trailing slash. Our own pages know where a reader came from without it. */
  readonly publicUrl: string
}

/** The URL with the parameters that it does not have yet; as it is where it gets none, or is no URL of the web. */
export function addUtm(url: string, { utm, places, publicUrl }: UtmContext): string {
  if (!isMeant(url, utm, publicUrl)) return url
  const [before, fragment] = splitAt(url, '#')
  const [, query] = splitAt(before, '?')
  const there = namesIn(query)
  const added = UTM_KEYS.flatMap((key) => {
    const value = fill(utm.values[key] ?? '', places)
    return value === '' || there.has(`utm_${key}`) ? [] : [`utm_${key}=${encodeURIComponent(value)}`]
  })
  if (added.length === 0) return url
  return before + joint(query) + added.join('&') + fragment
}

function isMeant(url: string, { only }: Utm, publicUrl: string): boolean {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return false
  const { hostname, origin, pathname } = new URL(url)
  const own = new URL(publicUrl)
  const base = own.pathname.replace(/\/$/, '')
  if (origin === own.origin && (pathname === base || pathname.startsWith(`${base}/`))) return false
  return only.length === 0 || only.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`))
}

/** What comes before the first `mark`, and the rest with it; '' when it is not there. */
function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)]
}

/** In small letters, whatever letters and escapes they are written in. */
function namesIn(query: string): ReadonlySet<string> {
  return new Set([...new URLSearchParams(query).keys()].map((name) => name.trim().toLowerCase()))
}

function joint(query: string): string {
  if (query === '') return '?'
  return query === '?' || query.endsWith('&') ? '' : '&'
}

/** '' where a place has nothing to say: half a value would only mislead. */
function fill(value: string, places: UtmContext['places']): string {
  let isWhole = true
  // The schema lets no other names through.
  const filled = value.replace(UTM_PLACE, (_, name: UtmPlace) => {
    isWhole &&= places[name] !== ''
    return places[name]
  })
  return isWhole ? filled.toWellFormed() : ''
}
