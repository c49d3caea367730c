/** An SPF record as terms (RFC 7208 sections 4.6, 5 and 6). Pure; every syntax error is one for the whole record. */

import { isIPv4, isIPv6 } from 'node:net'

/** `+` pass, `-` fail, `~` softfail, `?` neutral. */
export type Qualifier = '+' | '-' | '~' | '?'

export type Mechanism =
  | { readonly kind: 'all'; readonly qualifier: Qualifier }
  | { readonly kind: 'include' | 'exists'; readonly qualifier: Qualifier; readonly domain: string }
  /** Domain null: the one the record stands at. */
  | { readonly kind: 'ptr'; readonly qualifier: Qualifier; readonly domain: string | null }
  | {
      readonly kind: 'a' | 'mx'
      readonly qualifier: Qualifier
      readonly domain: string | null
      readonly bits: { readonly ipv4: number; readonly ipv6: number }
    }
  | { readonly kind: 'ip'; readonly qualifier: Qualifier; readonly network: Network }

export interface Network {
  readonly address: string
  readonly bits: number
  readonly family: 'ipv4' | 'ipv6'
}

export type ReadSpf =
  | {
      readonly kind: 'record'
      readonly mechanisms: readonly Mechanism[]
      /** Null when there is none, or an `all` before it decides. */
      readonly redirect: string | null
    }
  /** A clause: `has "ip4:1.2.3", which is no network`. */
  | { readonly kind: 'broken'; readonly reason: string }

/** Section 4.5: the version section ends with a blank or the record. */
export function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text)
}

export function readSpf(text: string): ReadSpf {
  const mechanisms: Mechanism[] = []
  const modifiers = new Map<string, string>()
  if (!/^[\x20-\x7e]*$/.test(text)) return broken('has a character that is not printable ASCII')
  for (const term of text.split(' ').slice(1)) {
    if (term === '') continue
    const modifier = /^([a-z][a-z0-9._-]*)=(.*)$/i.exec(term)
    if (modifier?.[1] !== undefined) {
      const name = modifier[1].toLowerCase()
      // Section 6: the two that are known may stand once; others are passed over.
      if (modifiers.has(name) && ['redirect', 'exp'].includes(name)) return broken(`has ${name}= twice`)
      modifiers.set(name, modifier[2] ?? '')
      continue
    }
    const mechanism = readMechanism(term)
    if (mechanism === null) return broken(`has ${JSON.stringify(term.slice(0, 60))}, which is no term of SPF`)
    mechanisms.push(mechanism)
  }
  const redirect = modifiers.get('redirect') ?? null
  if (redirect === '') return broken('has a redirect= to nothing')
  return {
    kind: 'record',
    mechanisms,
    redirect: mechanisms.some(({ kind }) => kind === 'all') ? null : redirect,
  }
}

function broken(reason: string): ReadSpf {
  return { kind: 'broken', reason }
}

function readMechanism(term: string): Mechanism | null {
  const match = /^([+\-~?]?)(all|include|exists|ptr|a|mx|ip4|ip6)(?:$|(?=[:/]))(.*)$/i.exec(term)
  if (match?.[2] === undefined) return null
  // The pattern lets no other sign through.
  const qualifier = (match[1] || '+') as Qualifier
  const kind = match[2].toLowerCase()
  const rest = match[3] ?? ''
  switch (kind) {
    case 'all':
      return rest === '' ? { kind, qualifier } : null
    case 'include':
    case 'exists':
      return rest.length > 1 && rest.startsWith(':') ? { kind, qualifier, domain: rest.slice(1) } : null
    case 'ptr':
      return readPtr(rest, qualifier)
    case 'a':
    case 'mx':
      return readHosts(kind, rest, qualifier)
    default:
      return readNetwork(kind === 'ip4' ? 'ipv4' : 'ipv6', rest, qualifier)
  }
}

function readPtr(rest: string, qualifier: Qualifier): Mechanism | null {
  if (rest === '') return { kind: 'ptr', qualifier, domain: null }
  return rest.length > 1 && rest.startsWith(':') ? { kind: 'ptr', qualifier, domain: rest.slice(1) } : null
}

/** `a`, `a:host`, `a/24`, `mx:host/24//64`. */
function readHosts(kind: 'a' | 'mx', rest: string, qualifier: Qualifier): Mechanism | null {
  const match = /^(?::([^/]+))?(?:\/(\d{1,2}))?(?:\/\/(\d{1,3}))?$/.exec(rest)
  if (match === null) return null
  const bits = { ipv4: Number(match[2] ?? 32), ipv6: Number(match[3] ?? 128) }
  return bits.ipv4 <= 32 && bits.ipv6 <= 128 ? { kind, qualifier, domain: match[1] ?? null, bits } : null
}

function readNetwork(family: Network['family'], rest: string, qualifier: Qualifier): Mechanism | null {
  const match = /^:([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(rest)
  const address = match?.[1] ?? ''
  const widest = family === 'ipv4' ? 32 : 128
  const bits = Number(match?.[2] ?? widest)
  const isAddress = family === 'ipv4' ? isIPv4(address) : isIPv6(address)
  return isAddress && bits <= widest ? { kind: 'ip', qualifier, network: { address, bits, family } } : null
}
