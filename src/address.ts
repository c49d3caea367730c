/**
 * Address: one addr-spec as mail understands it (RFC 5321 section 4.1.2, RFC 6531), checked before anything reaches
 * the wire. Stricter than the grammar on purpose: what a parser further on could read as two recipients, as a name
 * or as a command is refused, not repaired.
 */

import { domainToASCII, domainToUnicode } from 'node:url'

export interface Address {
  readonly kind: 'address'
  /** As written, in NFC; the domain in lower-case A-labels. */
  readonly address: string
  /** What makes two addresses the same person: the address in lower case. */
  readonly key: string
  readonly local: string
  readonly domain: string
}

export interface RefusedAddress {
  readonly kind: 'refused'
  /** A clause that goes after the address: `has no @`. */
  readonly reason: string
}

/** RFC 5321 section 4.5.3.1, in octets; a path is 256 with its angle brackets. */
const MAX_LOCAL_BYTES = 64
const MAX_DOMAIN_BYTES = 253
const MAX_ADDRESS_BYTES = 254

/** Characters with a meaning of their own in an address field, and what to say about them. */
const MEANINGFUL: readonly (readonly [RegExp, string])[] = [
  [/[\p{Cc}\p{Zl}\p{Zp}]/u, 'holds a line break or another control character'],
  [/[\p{Cf}\p{Cs}\p{Co}\u{FFFD}-\u{FFFF}]/u, 'holds an invisible or broken character'],
  [/[<>]/, 'holds an angle bracket; write the bare address'],
  [/[,;]/, 'holds a comma or semicolon; write one address'],
  [/"/, 'holds a quote; quoted local parts and display names are not accepted'],
  [/[()]/, 'holds a comment; write the bare address'],
  [/\s/, 'holds a blank; write the bare address'],
]

/** ASCII characters of an atom (RFC 5322 section 3.2.3), the dot, and all that is not ASCII. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\u{80}-\u{10FFFF}-]+$/u
/** ASCII that only looks different: a full-width @ or comma becomes the plain one in the hands of others. */
const LOOKALIKE = /[@,;:<>()[\]\\"\s]/
const DOMAIN_INPUT = /^[A-Za-z0-9.\u{80}-\u{10FFFF}-]+$/u
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Reads one bare address; blanks and tabs around it are dropped. Never throws; time is linear in the text. A local
 * part that is not ASCII is accepted: whether a relay can carry it (SMTPUTF8) shows at delivery.
 */
export function parseAddress(text: string): Address | RefusedAddress {
  const given = trimBlanks(text)
  if (given === '') return refused('is missing')
  // Before anything else looks at it: an address this long in UTF-16 units is no shorter in octets.
  if (given.length > MAX_ADDRESS_BYTES) return refused(`is longer than ${MAX_ADDRESS_BYTES} octets`)
  const at = given.indexOf('@')
  const local = given.slice(0, at).normalize('NFC')
  const domain = toAscii(given.slice(at + 1))
  const reason =
    refuseMeaningful(given) ??
    refuseAt(given) ??
    refuseLocal(local) ??
    refuseDomain(domain, given.slice(at + 1))
  if (reason !== null) return refused(reason)
  const address = `${local}@${domain}`
  if (Buffer.byteLength(address) > MAX_ADDRESS_BYTES)
    return refused(`is longer than ${MAX_ADDRESS_BYTES} octets`)
  const key = `${local.toLowerCase().normalize('NFC')}@${domain}`
  return { kind: 'address', address, key, local, domain }
}

function refused(reason: string): RefusedAddress {
  return { kind: 'refused', reason }
}

/** A loop, because a pattern anchored at the end takes quadratic time over long runs of blanks. */
function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text[start])) start++
  while (end > start && isBlank(text[end - 1])) end--
  return text.slice(start, end)
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}

function refuseMeaningful(text: string): string | null {
  return MEANINGFUL.find(([pattern]) => pattern.test(text))?.[1] ?? null
}

function refuseAt(text: string): string | null {
  const parts = text.split('@').length
  if (parts < 2) return 'has no @'
  return parts > 2 ? 'has more than one @' : null
}

function refuseLocal(local: string): string | null {
  if (local === '') return 'has nothing before the @'
  if (Buffer.byteLength(local) > MAX_LOCAL_BYTES)
    return `has more than ${MAX_LOCAL_BYTES} octets before the @`
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..'))
    return 'has a misplaced dot before the @'
  if (!LOCAL.test(local) || LOOKALIKE.test(local.normalize('NFKC')))
    return 'has a character before the @ that an address cannot hold'
  return null
}

/** The domain in lower-case A-labels (RFC 5891); '' when it has none, as when its last label is a number. */
function toAscii(domain: string): string {
  return DOMAIN_INPUT.test(domain) ? domainToASCII(domain) : ''
}

/** An A-label has to stand for something: newer Nodes hand a `xn--` that decodes to nothing back as it came. */
function isLabel(label: string): boolean {
  return LABEL.test(label) && !(label.startsWith('xn--') && domainToUnicode(label).startsWith('xn--'))
}

function refuseDomain(domain: string, given: string): string | null {
  if (given === '') return 'has nothing after the @'
  // An IPv4 address in any of its spellings (0x7f.1) comes back from domainToASCII in dotted decimals.
  if (given.startsWith('[') || /^[0-9.]+$/.test(domain))
    return 'has an IP address after the @; write a domain name'
  const labels = domain.split('.')
  if (domain.length > MAX_DOMAIN_BYTES || !labels.every(isLabel))
    return 'has no valid domain name after the @'
  return labels.length === 1 ? 'has no dot in its domain; write the whole domain name' : null
}
